import type { DiscardReason } from "../../wire/discard.ts";

/**
 * Why something of a packet was not acted on: what the wire refuses, and what only the channel can
 * know, since it remembers. The name is what the status counts; log and manual say what to do about it.
 */
export type Oddity =
  | DiscardReason
  /** Seen before, on this medium or another one. */
  | "repeated"
  /** A higher generation that no beat has begun. */
  | "unannounced"
  /** An echo that no ping of this session was. */
  | "not-our-ping"
  /** Our own name with another uuid, or with a generation or number that we have not reached. */
  | "own-name"
  /** Our own name and uuid, not of this session: from before, or from a copy of this machine. */
  | "own-past"
  /** The name of a node that is heard, with another uuid than it has. */
  | "another-uuid"
  /** A number so far ahead that its sender cannot have got there. */
  | "absurd-number"
  /** An announced dead time that makes no sense. Only the announcement is thrown away. */
  | "absurd-deadtime"
  /** Of one node more messages than it may send; those beyond are dropped. */
  | "flood"
  /** Lines of the log about one node, beyond what it may cause. */
  | "log-lines";

const FIND_SENDER = "find who sends it with `tcpdump` there";
const LONELY_PORT = `if many come, ${FIND_SENDER}, or give the cluster a udpport of its own in ha.cf`;
const SAME_KEYS = "make /etc/ha.d/authkeys the same on both nodes and restart tandem on them";
const CHECK_LINE = "check the cable, and that `baud` is the same in both ha.cf";
const BAD_SENDER = `the other node may run a broken version, or somebody has the key: ${FIND_SENDER}`;
/** For the one whose disk was copied. Heartbeat's file too: without one of its own Tandem takes that uuid over. */
export const DRAW_UUID_ANEW =
  "stop tandem, `rm -f /var/lib/tandem/uuid /var/lib/heartbeat/hb_uuid`, and start it";
const TWO_MACHINES = `give each machine a name of its own (\`uname -n\`, ha.cf), and on one whose disk was copied ${DRAW_UUID_ANEW}`;

const ADVICE: Readonly<Record<Oddity, string>> = {
  "too-long": LONELY_PORT,
  "not-a-message": LONELY_PORT,
  "no-auth": LONELY_PORT,
  "two-auths": LONELY_PORT,
  "unknown-key": SAME_KEYS,
  "bad-auth": `${SAME_KEYS}; if they are, another cluster uses this udpport, or somebody forges packets: ${FIND_SENDER}`,
  malformed: BAD_SENDER,
  "unsupported-type": BAD_SENDER,
  "too-deep": BAD_SENDER,
  "too-many-fields": BAD_SENDER,
  compressed: "write `traditional_compression off` in the other node's ha.cf",
  "compressed-bz2":
    "Tandem undoes zlib only: write `compression zlib` or `traditional_compression off` in the other node's ha.cf",
  "missing-field": BAD_SENDER,
  "bad-field": BAD_SENDER,
  "unknown-node":
    "make the `node` lines of ha.cf the same on both nodes; if they are, another cluster has the same key and udpport: change one of them",
  unread: `more comes there than a quarter of a processor can judge, and the rest is dropped unread: ${FIND_SENDER}; the other media are not concerned`,
  noise: `bytes of no message: ${CHECK_LINE}`,
  replayed: `its sender has begun anew since. If it goes on, two machines have one name: ${TWO_MACHINES}; if it lost its generation, restart tandem there; else somebody repeats old packets: ${FIND_SENDER}`,
  downgraded: `Heartbeat's dialect under the name of a Tandem node: if Heartbeat was started there beside Tandem, stop it; else two machines have one name, or somebody changes its packets: ${FIND_SENDER}`,
  repeated: "",
  unannounced: "it passes with the next beat; if it goes on, somebody changes packets on the way",
  "not-our-ping":
    "an echo of a former start, or of another program; nothing to do unless it goes on",
  "own-name": `another machine calls itself by this node's name; nothing it says is believed: ${TWO_MACHINES}`,
  "own-past": `it has this node's name and uuid, and this tandem did not send it. If it goes on, a copy of this machine runs: ${TWO_MACHINES}`,
  "another-uuid": `two machines have the name of that node; the one that was heard first is believed as long as it is heard: ${TWO_MACHINES}`,
  "absurd-number": BAD_SENDER,
  "absurd-deadtime":
    "judged by a time within bounds instead: make keepalive and deadtime the same in both ha.cf",
  flood:
    "more messages than a node has reason to send; those beyond are dropped. See what runs wild there and restart its daemon; if it is not that node, somebody has the key: change authkeys on both",
  "log-lines": "this node causes more lines than can be logged; the ones before say why",
};

/** All of them, for the manual's test. */
export const ODDITIES: readonly string[] = Object.keys(ADVICE);

/** What a bad line makes of good messages. */
const GARBLED: ReadonlySet<Oddity> = new Set([
  "too-long",
  "not-a-message",
  "no-auth",
  "two-auths",
  "unknown-key",
  "bad-auth",
  "malformed",
]);

/** What it means and what to do, for the log. `what` says where: a tty is a path. */
export function adviceOn(reason: Oddity, what: string): string {
  const isLine = what.startsWith("/");
  if (!isLine || !GARBLED.has(reason)) return ADVICE[reason];
  return `a message garbled on the line: ${CHECK_LINE}; if all are, ${SAME_KEYS}`;
}
