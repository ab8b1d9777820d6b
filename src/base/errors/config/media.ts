/** The nodes, and what they hear each other and the ping nodes over. */
export const MEDIUM_ERRORS = {
  "baud-after-serial": {
    title: "baud stands after serial",
    explanation: "Tandem counts it wherever it stands; Heartbeat runs such a line at 19200.",
    nextStep: "Move `baud` above `serial`, at the latest when the other node is a Heartbeat.",
  },
  "udpport-after-media": {
    title: "udpport stands after a medium",
    explanation: "Tandem counts it wherever it stands; Heartbeat uses the default port there.",
    nextStep: "Move `udpport` above the media.",
  },
  "bad-node-name": {
    title: "Not a node name",
    explanation:
      "A node's name is what `uname -n` says: letters, digits, dots and hyphens. Quotes are part of a word.",
    nextStep: "Write the name alone, without quotes.",
  },
  "no-nodes": {
    title: "No node is named",
    explanation: "A cluster needs its nodes by name, as `uname -n` says them.",
    nextStep: "Write a line `node NAME` for each of the two machines.",
  },
  "too-many-nodes": {
    title: "More than two nodes",
    explanation: "Tandem keeps a pair of machines.",
    nextStep: "Leave the two nodes that form the pair.",
  },
  "one-node": {
    title: "Only one node",
    explanation: "There is nobody to take over.",
    nextStep: "Add a line `node NAME` for the other machine.",
  },
  "duplicate-node": {
    title: "A node is named twice",
    explanation: "Names are compared in lower case. Perhaps the other node's name was meant.",
    nextStep: "Remove the line, or write the other node's name.",
  },
  "own-node-missing": {
    title: "This machine is not among the nodes",
    explanation: "A node is known by what `uname -n` says, in lower case, domain included.",
    nextStep: "Write that name in a node line, or change it with `hostnamectl set-hostname`.",
  },
  "no-media": {
    title: "No medium to beat on",
    explanation: "Without one the nodes cannot hear each other.",
    nextStep: "Write `bcast INTERFACE` or `serial DEVICE`, best both.",
  },
  "duplicate-medium": {
    title: "A medium is named twice",
    explanation: "The same cable twice is no second cable. It is used once.",
    nextStep: "Remove the line, or name another cable.",
  },
  "single-medium": {
    title: "Only one cable between the nodes",
    explanation: "When it breaks, neither node can tell that from the other's death.",
    nextStep: "Add a second medium of another kind: a crossover cable, a serial line, the LAN.",
  },
  "bad-interface-name": {
    title: "Not an interface's name",
    explanation:
      "The kernel's names have at most 15 characters and no slash. Quotes are part of a word.",
    nextStep: "Write the name alone, without quotes: `ip -br link` lists them.",
  },
  "part-missing": {
    title: "A part of the line is missing",
    explanation: "The directive takes several words, each with its place in the line.",
    nextStep: "Add what is missing.",
  },
  "part-too-many": {
    title: "A word too many",
    explanation: "The directive takes so many words and no more.",
    nextStep: "Remove the word; where several are meant, write a line for each.",
  },
  "bad-host": {
    title: "Not a host",
    explanation:
      "One other machine is wanted: by address, or by a name that this machine can look up.",
    nextStep: "Write the address; it needs no name service.",
  },
  "bad-group": {
    title: "Not a multicast group",
    explanation:
      "Groups are the IPv4 addresses from 224.0.0.0 to 239.255.255.255 and the IPv6 addresses that begin with ff.",
    nextStep: "Write a group of your own choice, for example `225.0.0.1` or `ff02::694`.",
  },
  "ping-of-a-node": {
    title: "A ping node that is a node of the cluster",
    explanation:
      "A ping node stands outside the pair and tells which of the two is cut off. The other node cannot.",
    nextStep: "Name another host: the router, or a switch with an address.",
  },
  "duplicate-ping-node": {
    title: "A ping node is named twice",
    explanation: "The same host twice is no second opinion. It is asked once.",
    nextStep: "Remove the line, or name another host.",
  },
  "ipfail-without-ping": {
    title: "ipfail without ping nodes",
    explanation: "It has the node that reaches fewer ping nodes give its groups to the other one.",
    nextStep: "Add a line `ping HOST` with the router that clients come through.",
  },
  "multicast-stays-here": {
    title: "A multicast that never leaves the machine",
    explanation: "With a TTL of 0 the kernel sends nothing out: the other node hears nothing.",
    nextStep: "Write 1 for the TTL.",
  },
  "only-own-address": {
    title: "This machine's own address",
    explanation:
      "A `ucast` line with it is left out, so that both nodes can have the same file; here nothing is left. As a ping node it answers whatever becomes of the cables.",
    nextStep: "For `ucast` add a line with the other node's address; for `ping` name another host.",
  },
} as const;
