import type { HaCfDraft } from "../draft.ts";
import { type Directive, several, single } from "../grammar.ts";
import { GROUP, GROUP6, HOST, HOST6 } from "../hosts.ts";
import { inParts } from "../parts.ts";
import { type Located, quoted } from "../source.ts";
import { PATH, type ValueKind, wholeNumber } from "../values.ts";

/** Heartbeat's list (config.md 1.2). */
const BAUD_RATES = [9600, 19200, 38400, 57600, 115200, 230400, 460800];

const BAUD: ValueKind<number> = {
  syntax: "RATE",
  read: (word) => {
    const rate = BAUD_RATES.find((one) => String(one) === word);
    if (rate !== undefined) return { ok: true, value: rate };
    const message = `${quoted(word)} is none of ${BAUD_RATES.join(", ")}`;
    return { ok: false, code: "bad-choice", message };
  },
};

/** netdevice(7): IFNAMSIZ is 16, with the NUL. */
const INTERFACE: ValueKind<string> = {
  syntax: "INTERFACE",
  read: (word) =>
    /^[^/:"'\s]{1,15}$/.test(word)
      ? { ok: true, value: word }
      : {
          ok: false,
          code: "bad-interface-name",
          message: `${quoted(word)} is not an interface's name`,
        },
};

/** It stands among the names of nodes. */
const PING_GROUP: ValueKind<string> = {
  syntax: "NAME",
  read: (word) =>
    /^[\w.-]{1,64}$/.test(word)
      ? { ok: true, value: word }
      : {
          ok: false,
          code: "bad-node-name",
          message: `${quoted(word)} is not a name for a group of hosts`,
        },
};

/** Heartbeat's 0 and 1. */
const LOOP: ValueKind<boolean> = {
  syntax: "0|1",
  read: (word) => {
    if (word === "0" || word === "1") return { ok: true, value: word === "1" };
    return { ok: false, code: "bad-choice", message: `${quoted(word)} is neither 0 nor 1` };
  },
};

/** Far enough for any two machines that share a building; Heartbeat's bounds. */
const TTL = wholeNumber(0, 4);
const PORT = wholeNumber(1, 65535);

/** How the nodes hear each other. */
export const MEDIA_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  several("bcast", {
    kind: INTERFACE,
    default: "none",
    meaning: "Beat by UDP broadcast on these interfaces. A crossover cable of its own is best.",
    set: addBroadcast,
  }),
  several("udp", {
    kind: INTERFACE,
    default: "none",
    meaning: "An old name of bcast.",
    set: (draft, value, { name, findings }) => {
      addBroadcast(draft, value);
      findings.warning(name, "replaced-directive", "`udp` is now called `bcast`", "Write `bcast`.");
    },
  }),
  several("serial", {
    kind: PATH,
    default: "none",
    meaning:
      "Beat over these serial devices: a null-modem cable fails for none of the network's reasons.",
    set: (draft, { value, at }) =>
      draft.media.push({ value: { kind: "serial", device: value }, at }),
  }),
  single("baud", {
    kind: BAUD,
    default: "19200",
    meaning: "The speed of every serial line, equal on both nodes. Counts wherever it stands.",
    set: (draft, value) => {
      draft.baud = value;
    },
  }),
  single("udpport", {
    kind: PORT,
    default: "694",
    meaning:
      "The UDP port of bcast, ucast and ucast6, equal on both nodes. Counts wherever it stands.",
    set: (draft, value) => {
      draft.udpport = value;
    },
  }),
  ucast("ucast", HOST, "10.10.10.2", {
    meaning:
      "Beat by UDP to one host, by address or name, from this interface: for networks without broadcast. One line for each node makes the file the same on both; a node leaves its own address out. Several lines of one interface are one medium.",
  }),
  ucast("ucast6", HOST6, "fe80::2", { meaning: "As ucast, over IPv6." }),
  mcast("mcast", GROUP, "225.0.0.1", {
    meaning:
      "Beat by UDP multicast on this interface: to this group and port, through fewer routers than TTL (0 to 4; 1 stays in the segment). With LOOP 1 a node hears itself and notices a firewall of its own; it goes by the line's port, not by udpport.",
  }),
  mcast("mcast6", GROUP6, "ff02::694", { meaning: "As mcast, over IPv6." }),
  several("ping", {
    kind: HOST,
    default: "none",
    meaning:
      "A host outside the pair, best the router, asked by ICMP echo each keepalive: who gets no answer may be cut off itself. The status shows whether it answers. With `respawn … ipfail` the node that reaches fewer gives its groups to the other; with or without it, where two own a group after a partition, the node that reaches more keeps it.",
    set: (draft, { value, at }) =>
      draft.pings.push({
        value: { kind: "ping", name: value.toLowerCase(), hosts: [value] },
        at,
      }),
  }),
  inParts("ping_group", {
    parts: { name: { kind: PING_GROUP, example: "routers" } },
    more: { name: "host", kind: HOST, example: "192.168.43.1" },
    default: "none",
    meaning: "Several such hosts under one name, of which one must answer.",
    set: (draft, { value, at }, hosts) =>
      draft.pings.push({
        value: { kind: "ping_group", name: value.name.toLowerCase(), hosts },
        at,
      }),
  }),
];

function addBroadcast(draft: HaCfDraft, { value, at }: Located<string>): void {
  draft.media.push({ value: { kind: "bcast", interface: value }, at });
}

function ucast(
  kind: "ucast" | "ucast6",
  host: ValueKind<string>,
  example: string,
  { meaning }: { readonly meaning: string },
): Directive<HaCfDraft> {
  return inParts(kind, {
    parts: {
      interface: { kind: INTERFACE, example: "eth1" },
      address: { kind: host, example },
    },
    default: "none",
    meaning,
    set: (draft, { value, at }) =>
      draft.media.push({
        value: { kind, interface: value.interface, target: value.address },
        at,
      }),
  });
}

function mcast(
  kind: "mcast" | "mcast6",
  group: ValueKind<string>,
  example: string,
  { meaning }: { readonly meaning: string },
): Directive<HaCfDraft> {
  return inParts(kind, {
    parts: {
      interface: { kind: INTERFACE, example: "eth1" },
      group: { kind: group, example },
      port: { kind: PORT, example: "694" },
      ttl: { kind: TTL, example: "1" },
      loop: { kind: LOOP, example: "0" },
    },
    default: "none",
    meaning,
    set: (draft, { value, at }) => draft.media.push({ value: { kind, ...value }, at }),
  });
}
