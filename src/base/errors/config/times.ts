/** How long is waited for what, and the sums that follow from it. */
export const TIME_ERRORS = {
  "keepalive-zero": {
    title: "No time between two beats",
    explanation: "keepalive is the time between two beats and at least one millisecond.",
    nextStep: "Write `keepalive 2`, or less on fast and quiet machines.",
  },
  "warntime-zero": {
    title: "No time before a warning",
    explanation: "warntime is how late a beat may be before the log says so.",
    nextStep: "Write half of deadtime.",
  },
  "warntime-over-deadtime": {
    title: "Warned only after death",
    explanation: "With warntime above deadtime a late beat is never warned of.",
    nextStep: "Write half of deadtime.",
  },
  "deadtime-too-short": {
    title: "deadtime is too short for keepalive",
    explanation:
      "At deadtime ≤ 2 × keepalive a single lost beat is taken for a death. Heartbeat refuses it too.",
    nextStep: "Raise deadtime, best to 4 × keepalive or more, or lower keepalive.",
  },
  "lifetime-too-coarse": {
    title: "The address's lifetime is too coarse for these times",
    explanation:
      "The kernel counts an address's lifetime in whole seconds and may end it up to 0.4 s late. With deadtime − keepalive below 1.5 s a machine that hangs may still hold the address when the other takes it, for part of a second.",
    nextStep: "Raise deadtime above keepalive + 1.5 s, where that gap matters.",
  },
  "initdead-too-short": {
    title: "initdead is shorter than deadtime",
    explanation: "A machine that boots would be declared dead sooner than one that runs.",
    nextStep: "Write at least deadtime; 120 and more for machines whose network comes late.",
  },
  "initdead-small": {
    title: "initdead is small",
    explanation: "Below 10 s a network that comes up late is easily taken for a dead peer.",
    nextStep: "Write 10 or more.",
  },
  "deadping-too-short": {
    title: "deadping is too short for keepalive",
    explanation: "At deadping ≤ 2 × keepalive a single lost answer counts as silence.",
    nextStep: "Raise deadping above 2 × keepalive.",
  },
  "lifetime-sum": {
    title: "How long an address outlives its daemon",
    explanation:
      "An address is added with a lifetime that only a healthy daemon renews: the largest whole second ≤ deadtime − keepalive − 0.5 s, at least 1. A machine that hangs loses it before the other takes it.",
    nextStep: "Nothing: this is the sum for your times.",
  },
  "watchdog-sum": {
    title: "When the watchdog fires",
    explanation:
      "The watchdog's time is the largest whole second ≤ deadtime − keepalive − 0.5 s, so that a machine that hangs is gone before the other takes over.",
    nextStep: "Nothing: this is the sum for your times.",
  },
  "line-time": {
    title: "How long a beat takes on the serial line",
    explanation:
      "A beat is 250 to 380 bytes, a line carries a tenth of its baud in bytes each second. Where a line is too slow for keepalive, beats on that line come less often: every 4 × the time of one.",
    nextStep: "Raise baud on both nodes if the line is slower than keepalive asks.",
  },
  "too-many-for-line": {
    title: "More groups than a serial line has room for",
    explanation:
      "Each beat says of each group who owns it, and nothing of more than 512 bytes goes over a serial line. Beats that are longer go over the other media alone: when these are cut, the line saves nothing.",
    nextStep: "Put services that belong together into one group, or add a second network medium.",
  },
} as const;
