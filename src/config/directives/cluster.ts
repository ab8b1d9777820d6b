import { type NodeName, nodeName } from "../../base/names.ts";
import { isIpfail } from "../built-in.ts";
import type { HaCfDraft } from "../draft.ts";
import { type Directive, several, single, wholeLine } from "../grammar.ts";
import { quoted } from "../source.ts";
import type { RespawnConfig } from "../types.ts";
import { ANYTHING, BOOLEAN, choice, PATH, type ValueKind, wholeNumber } from "../values.ts";

/** uname(2): a node's name has at most 64 characters. */
const NODE_NAME: ValueKind<NodeName> = {
  syntax: "NAME",
  read: (word) =>
    /^[a-z0-9_][a-z0-9_.-]{0,63}$/i.test(word)
      ? { ok: true, value: nodeName(word) }
      : { ok: false, code: "bad-node-name", message: `${quoted(word)} is not a node's name` },
};

/** on and off as everywhere, and `legacy`. */
const FAILBACK: ValueKind<"on" | "off" | "legacy"> = {
  syntax: "on|off|legacy",
  read: (word) => {
    if (word.toLowerCase() === "legacy") return { ok: true, value: "legacy" };
    const reading = BOOLEAN.read(word);
    return reading.ok ? { ok: true, value: reading.value ? "on" : "off" } : reading;
  },
};

const RESPAWN: ValueKind<RespawnConfig> = {
  syntax: "USER PATH [ARGUMENT …]",
  read: (rest) => {
    const [, user, command] = /^(\S+)\s+(\/.*)$/.exec(rest) ?? [];
    if (user !== undefined && command !== undefined) return { ok: true, value: { user, command } };
    const message = `${quoted(rest)} is not a user and the full path of a program`;
    return { ok: false, code: "bad-respawn", message };
  },
};

/** Who the cluster is, and how it behaves. */
export const CLUSTER_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  several("node", {
    kind: NODE_NAME,
    default: "none",
    meaning:
      "The machines of the pair, each by what `uname -n` says there, upper and lower case alike.",
    set: (draft, value) => draft.nodes.push(value),
  }),
  single("auto_failback", {
    kind: FAILBACK,
    default: "legacy",
    meaning:
      "Whether groups go back to their preferred node when it returns. `legacy`, Heartbeat's default, does what `on` does.",
    set: (draft, value) => {
      draft.autoFailback = value;
    },
  }),
  single("autofailback", {
    kind: FAILBACK,
    default: "–",
    meaning: "What some tutorials call auto_failback. Heartbeat itself refuses the word.",
    set: (draft, value, { name, findings }) => {
      draft.autoFailback = value;
      const message = "taken as `auto_failback`; Heartbeat 3.0.6 refuses the word";
      const mend = `Write \`auto_failback ${value.value}\`.`;
      findings.warning(name, "lenient-autofailback", message, mend);
    },
  }),
  single("nice_failback", {
    kind: BOOLEAN,
    default: "–",
    meaning: "Obsolete; on and off both mean `auto_failback legacy`.",
    set: (draft, { at }, { name, findings }) => {
      draft.autoFailback = { value: "legacy", at };
      findings.warning(
        name,
        "obsolete-directive",
        "taken as `auto_failback legacy`, as Heartbeat does",
      );
    },
  }),
  ...["crm", "pacemaker"].map(crm),
  single("autojoin", {
    kind: choice("none", "other", "any"),
    default: "none",
    meaning: "Whether unnamed nodes may join. With haresources only `none` is possible.",
    set: (_draft, { value, at }, { findings }) => {
      if (value === "none") return;
      const message = `\`autojoin ${value}\` is not possible with haresources`;
      findings.error(at, "bad-choice", message, "Write `autojoin none`, or remove the line.");
    },
  }),
  single("watchdog", {
    kind: PATH,
    default: "none",
    meaning: "The device that restarts a machine which hangs.",
    runs: "no",
    set: (draft, value) => {
      draft.watchdog = value;
    },
  }),
  wholeLine("respawn", {
    kind: RESPAWN,
    default: "none",
    meaning:
      "A program to run as a user beside the daemon, started again when it ends. One of them is built in, whatever its directory: `ipfail`, by which the node that reaches fewer `ping` nodes gives its groups to the other. No other program is run by this version.",
    set: (draft, program, { name, findings }) => {
      draft.respawn.push(program);
      if (!isIpfail(program.value))
        findings.hint(name, "not-run", "respawn is not run by this version");
    },
  }),
  wholeLine("failfast", {
    kind: RESPAWN,
    default: "none",
    meaning: "As respawn, but the machine restarts when the program ends.",
    runs: "unsafe-without",
    set: () => {},
  }),
  single("hopfudge", {
    kind: wholeNumber(0, 255),
    default: "1",
    meaning: "Added to the number of nodes to give the `ttl` of a message.",
    set: (draft, { value }) => {
      draft.hopfudge = value;
    },
  }),
  single("msgfmt", {
    kind: choice("classic", "netstring"),
    default: "classic",
    meaning: "How messages are written. Both are always understood.",
    set: (draft, { value }) => {
      draft.msgfmt = value;
    },
  }),
  single("realtime", {
    kind: BOOLEAN,
    default: "on",
    meaning:
      "Whether beats are sent by a process of real-time priority, so that a busy machine is not taken for a dead one.",
    set: (draft, { value }) => {
      draft.realtime = value;
    },
  }),
];

/** Off is what we do anyway; anything else hands the cluster to Pacemaker. */
function crm(name: string): Directive<HaCfDraft> {
  return single(name, {
    kind: ANYTHING,
    default: "off",
    meaning: "Whether Pacemaker manages the resources. Tandem is for clusters where it does not.",
    set: (_draft, { value, at }, { findings }) => {
      const reading = BOOLEAN.read(value);
      if (reading.ok && !reading.value) return;
      const message = `\`${name} ${value.slice(0, 20)}\` gives the resources to Pacemaker`;
      findings.error(at, "pacemaker-refused", message);
    },
  });
}
