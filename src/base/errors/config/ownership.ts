/** Who owns what, and when it moves: haresources, and the policies. */
export const OWNERSHIP_ERRORS = {
  "legacy-failback": {
    title: "auto_failback legacy",
    explanation:
      "Heartbeat's default, deprecated: resources go back to their node, `hb_standby` on a Heartbeat node does nothing.",
    nextStep: "Write `auto_failback on` or `auto_failback off`.",
  },
  "safety-without-proof": {
    title: "mode safety with nothing to prove a death",
    explanation:
      "In safety a silent node is followed only once it is proved gone, and this version runs neither fencing nor an arbiter: after a power cut nobody takes over.",
    nextStep: "Write `mode availability`, or accept that a person must take over.",
  },
  "unknown-node": {
    title: "A node that ha.cf does not name",
    explanation: "The first word of a line of haresources is the node that should own the rest.",
    nextStep: "Write a node's full name as ha.cf has it.",
  },
  "empty-group": {
    title: "A node with nothing to own",
    explanation: "The line names a node and no resource.",
    nextStep: "Add an address or a service, or remove the line.",
  },
  "no-groups": {
    title: "Nothing to own",
    explanation: "haresources names no resource: the nodes watch each other and keep nothing.",
    nextStep: "Write a line such as `NODE ADDRESS SERVICE`.",
  },
  "duplicate-group": {
    title: "Two groups of one name",
    explanation: "A group is known by its first resource, which must be there only once.",
    nextStep: "Join the two lines, or put another resource first.",
  },
  "duplicate-address": {
    title: "An address in two places",
    explanation: "One address belongs to one group.",
    nextStep: "Remove one of them.",
  },
  "duplicate-resource": {
    title: "A resource twice in one group",
    explanation: "It would be started twice and stopped twice.",
    nextStep: "Remove one of them.",
  },
  "bad-address": {
    title: "Not an address",
    explanation:
      "An address is written `a.b.c.d`, and may go on with `/bits`, `/interface` or `/interface:label`, and `/broadcast`. An IPv6 address is an argument of the script `IPv6addr`, without `::` in it: that divides arguments.",
    nextStep: "Correct the part under the caret.",
  },
  "bad-resource": {
    title: "Not a resource",
    explanation:
      "A resource is an address, or the name of a script, with arguments behind `::`. The name is looked up in fixed directories, so it holds no `/`.",
    nextStep: "Correct the word under the caret.",
  },
  "stray-backslash": {
    title: "A backslash that is not at the end",
    explanation: "A line goes on in the next one only if `\\` is its very last character.",
    nextStep: "Remove the blanks behind the backslash, or the backslash.",
  },
  "continuation-without-blank": {
    title: "Two lines joined without a blank",
    explanation:
      "Heartbeat makes one word of the last word of a line and the first of the next; Tandem reads two.",
    nextStep: "Put a blank before the backslash.",
  },
  "service-interface-missing": {
    title: "No interface for the address",
    explanation:
      "No interface of this machine is now in the address's network, and the line names none.",
    nextStep:
      "Check the address, and that the interface is up; or name the interface: `ADDRESS/BITS/INTERFACE`.",
  },
  "script-missing": {
    title: "No such service on this machine",
    explanation: "The group cannot start here, and the other node is alone.",
    nextStep: "Install the service, or correct its name.",
  },
  "starts-at-boot": {
    title: "A resource that the machine starts itself",
    explanation:
      "The service is enabled at boot. It then runs before Tandem has asked who owns the group, perhaps on both nodes at once.",
    nextStep:
      "Run `systemctl disable NAME` on both nodes; without systemd `update-rc.d NAME disable` or `chkconfig NAME off`.",
  },
  "script-alias": {
    title: "The service has another name here",
    explanation: "Distributions call the same service differently; Tandem knows the usual pairs.",
    nextStep: "Nothing. Write this machine's name of it only if both machines have it.",
  },
} as const;
