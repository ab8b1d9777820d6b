import { mediumName } from "../../base/names.ts";
import type { HaCfDraft } from "../draft.ts";
import { type Directive, several, single, wholeLine } from "../grammar.ts";
import { type Located, quoted } from "../source.ts";
import { ANYTHING, PATH, type ValueKind, wholeNumber } from "../values.ts";

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
      draft.media.push({ value: { kind: "serial", name: mediumName(value) }, at }),
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
    kind: wholeNumber(1, 65535),
    default: "694",
    meaning: "The UDP port of bcast, equal on both nodes. Counts wherever it stands.",
    set: (draft, value) => {
      draft.udpport = value;
    },
  }),
  notRun(
    "ucast",
    "INTERFACE ADDRESS",
    "Beat by UDP to one address, for networks without broadcast.",
  ),
  notRun("ucast6", "INTERFACE ADDRESS", "As ucast, over IPv6."),
  notRun("mcast", "INTERFACE GROUP PORT TTL LOOP", "Beat by UDP multicast."),
  notRun("mcast6", "INTERFACE GROUP PORT TTL LOOP", "As mcast, over IPv6."),
  notRun("ping", "HOST …", "A host that tells `I am cut off` from `the other is dead`."),
  notRun("ping_group", "NAME HOST …", "Several such hosts, of which one must answer."),
];

function addBroadcast(draft: HaCfDraft, { value, at }: Located<string>): void {
  draft.media.push({ value: { kind: "bcast", name: mediumName(value) }, at });
}

function notRun(name: string, syntax: string, meaning: string): Directive<HaCfDraft> {
  return wholeLine(name, {
    kind: { ...ANYTHING, syntax },
    default: "none",
    meaning,
    runs: "unsafe-without",
    set: () => {},
  });
}
