/** A line by itself: a word that is no directive, a value that is none. */
export const DIRECTIVE_ERRORS = {
  "unknown-directive": {
    title: "A directive that nobody knows",
    explanation: "The first word of a line is no directive. Directives are written in lower case.",
    nextStep: "Correct the name, or remove the line.",
  },
  "lenient-autofailback": {
    title: "autofailback instead of auto_failback",
    explanation: "Tandem takes it as it is meant; Heartbeat 3.0.6 refuses to start with it.",
    nextStep: "Write `auto_failback`.",
  },
  "replaced-directive": {
    title: "An old name of a directive",
    explanation: "Heartbeat has given it another name; the old one still works.",
    nextStep: "Write the new name.",
  },
  "obsolete-directive": {
    title: "An obsolete directive",
    explanation:
      "Heartbeat 3.0.6 takes nice_failback as `auto_failback legacy`, whatever its value.",
    nextStep: "Write `auto_failback on` or `auto_failback off`.",
  },
  "not-run": {
    title: "Not run by this version",
    explanation:
      "The line is understood, but what it asks for does not happen yet. No part of Tandem pretends.",
    nextStep: "Nothing, if you can do without it; else wait for a version that runs it.",
  },
  "done-otherwise": {
    title: "Done in Tandem's own way",
    explanation:
      "The line sets how Heartbeat does something that Tandem does differently, or has no need of. It is accepted, and nothing is missing without it.",
    nextStep: "Nothing. A Heartbeat node goes on reading the line.",
  },
  "pacemaker-refused": {
    title: "A cluster managed by Pacemaker",
    explanation:
      "With `crm` on, haresources is not used and Pacemaker decides. Tandem takes Pacemaker's place, not its orders.",
    nextStep:
      "Remove the line and list what each node owns in haresources; or stay with Pacemaker, which today runs on corosync.",
  },
  "no-value": {
    title: "A directive without a value",
    explanation: "Heartbeat accepts such a line and does nothing.",
    nextStep: "Give the value, or remove the line.",
  },
  "too-many-values": {
    title: "More than one value",
    explanation: "The directive has one value; the last one counts.",
    nextStep: "Leave only the value that is meant.",
  },
  "set-twice": {
    title: "Set twice",
    explanation: "The directive stands in two lines; the later one counts.",
    nextStep: "Remove one of the lines.",
  },
  "bad-time": {
    title: "Not a time",
    explanation:
      "A time is a number of seconds (`2`, `1.5`), or a number with `ms` or `us` behind it (`500ms`). There is no `s`, no `m`, no blank before the unit.",
    nextStep: "Write the time that is meant, for example `1500ms`.",
  },
  "bad-boolean": {
    title: "Neither on nor off",
    explanation: "Possible are on, true, yes, y, 1 and off, false, no, n, 0.",
    nextStep: "Write `on` or `off`.",
  },
  "bad-number": {
    title: "Not a number in the range",
    explanation: "The directive wants a whole number within bounds.",
    nextStep: "Write a number that the message allows.",
  },
  "bad-choice": {
    title: "A word that the directive does not know",
    explanation: "The directive knows only a few words.",
    nextStep: "Write one of the words in the message.",
  },
  "bad-path": {
    title: "Not a full path",
    explanation: "Devices, programs and log files are named by their full path.",
    nextStep: "Write the path from `/` on.",
  },
  "bad-respawn": {
    title: "Not a respawn line",
    explanation: "A respawn line names a user and the full path of a program.",
    nextStep: "Write `respawn USER /full/path/of/program`.",
  },
} as const;
