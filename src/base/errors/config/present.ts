/** What the files name and this machine has not. */
export const PRESENT_ERRORS = {
  "no-such-interface": {
    title: "No such network interface",
    explanation:
      "This machine has no interface of that name. The daemon starts all the same and looks for it again and again: it may come later.",
    nextStep: "`ip -br link` lists the interfaces; write the right name.",
  },
  "interface-without-broadcast": {
    title: "An interface that reaches nobody",
    explanation:
      "Nobody else is heard on the loopback interface, and a point-to-point interface has no broadcast.",
    nextStep: "Name an Ethernet interface.",
  },
  "interface-without-address": {
    title: "An interface without an address now",
    explanation:
      "It is down, has no carrier (a crossover cable with the other machine off has none), or no IPv4 address.",
    nextStep: "`ip -br addr show` and `ip -br link show` tell which; look at the cable.",
  },
  "serial-missing": {
    title: "No such serial device",
    explanation: "The pair runs without this cable, with one chance less to hear the other node.",
    nextStep: "Check the device's name (`dmesg | grep tty`) and permissions.",
  },
  "not-a-device": {
    title: "Not a character device",
    explanation: "There is something of that name, but no device.",
    nextStep: "Name the device.",
  },
  "watchdog-missing": {
    title: "No such watchdog device",
    explanation: "A machine that hangs will not be restarted by its watchdog.",
    nextStep: "Load the driver of the board's watchdog, or `modprobe softdog`.",
  },
  "respawn-missing": {
    title: "The respawn program is not there",
    explanation:
      "It was looked for where the line says and under the other usual directories. The pair runs without it.",
    nextStep: "Install it, or remove the line.",
  },
  "respawn-elsewhere": {
    title: "The respawn program is in another directory",
    explanation: "Distributions keep Heartbeat's programs in different places.",
    nextStep: "Write the path where it is.",
  },
} as const;
