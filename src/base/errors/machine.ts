/** Failures of the machine: thrown as MachineError. */
export const MACHINE_ERRORS = {
  "already-running": {
    title: "The daemon runs already",
    explanation: "A second daemon on one machine would take the first one's place on the wire.",
    nextStep: "Use the daemon that runs (`tandem status`), or stop it first.",
  },
  "not-configured": {
    title: "The configuration has errors",
    explanation: "The daemon starts only with files that `tandem check` calls usable.",
    nextStep: "Run `tandem check`, mend each error it prints, start again.",
  },
  "permission-denied": {
    title: "Not allowed",
    explanation: "The kernel refused something that this program needs.",
    nextStep: "Run it as root, or give it the capability that the message names.",
  },
} as const;
