/** What a real Heartbeat would say of the same files. */
export const HEARTBEAT_ERRORS = {
  "heartbeat-refuses": {
    title: "Heartbeat 3.0.6 would not start",
    explanation:
      "Printed by `tandem check --for heartbeat`: the daemon of the other kind refuses these files, often without naming the line. Tandem may take them.",
    nextStep: "Mend the line on both machines before the Heartbeat node starts.",
  },
  "heartbeat-differs": {
    title: "Heartbeat 3.0.6 would start, and not do what the line says",
    explanation:
      "Printed by `tandem check --for heartbeat`: the daemon complains of the line, or reads it in another way.",
    nextStep: "Write what is meant so that both understand it alike.",
  },
  "heartbeat-not-judged": {
    title: "Only Heartbeat itself can judge this",
    explanation:
      "Printed by `tandem check --for heartbeat`: a plugin of the daemon reads it, and may refuse it.",
    nextStep: "On the Heartbeat node try the device with the command `stonith`.",
  },
} as const;
