import { assert } from "../../base/assert.ts";
import { type Message, typeOf } from "../../wire/message.ts";

/** What was sent lately, to be sent again on request (wire.md 5). Numbers are ascending without a hole. */
export interface History {
  readonly sent: readonly Sent[];
}

interface Sent {
  readonly seq: number;
  readonly message: Message;
  readonly resentAt: number | undefined;
}

/** 3.0.6 keeps as many; its receivers ask for none older. */
export const HISTORY_MAX = 500;
/** Numbers answered per request, as in 3.0.6. */
const ANSWERS_MAX = 50;
/** The same message is not sent again sooner: max_rexmit_delay less 10 ms, as in 3.0.6. */
const RESEND_EVERY_MS = 240;

export const NOTHING_SENT: History = { sent: [] };

export function remember(history: History, seq: number, message: Message): History {
  const newest = history.sent.at(-1);
  assert(newest === undefined || seq === newest.seq + 1, "history: numbers are consecutive");
  const kept = history.sent.slice(Math.max(0, history.sent.length + 1 - HISTORY_MAX));
  return { sent: [...kept, { seq, message, resentAt: undefined }] };
}

export interface Answer {
  readonly history: History;
  readonly again: readonly Message[];
  /** Asked for and not here any more (or never): NS_nak_rexmit. */
  readonly gone: readonly number[];
}

/**
 * What tells how things are, and replaces what was told before. An old beat is worth nothing by now (safety.md
 * 8); an old `resource` does harm: a Heartbeat acts on whatever comes last, and one that hears late that we
 * were not stable moves nothing any more until it is told again.
 */
const STATES: ReadonlySet<string> = new Set(["status", "resource"]);

/** Answers a request for the numbers `first` to `last`; that of a state is filled with the newest one. */
export function answerRequest(
  history: History,
  asked: { first: number; last: number },
  now: number,
): Answer {
  const again: Message[] = [];
  const gone: number[] = [];
  const sent = [...history.sent];
  const oldest = sent[0]?.seq ?? Infinity;
  const until = Math.min(asked.last, asked.first + ANSWERS_MAX - 1);
  for (let seq = asked.first; seq <= until; seq++) {
    const entry = sent[seq - oldest];
    if (entry === undefined) {
      gone.push(seq);
    } else if (entry.resentAt === undefined || now - entry.resentAt >= RESEND_EVERY_MS) {
      sent[seq - oldest] = { ...entry, resentAt: now };
      again.push(refreshed(history, entry));
    }
  }
  return { history: { sent }, again, gone };
}

/** What this number says by now; undefined: it is not kept. */
export function newestFor(history: History, seq: number): Message | undefined {
  const entry = history.sent[seq - (history.sent[0]?.seq ?? Infinity)];
  return entry && refreshed(history, entry);
}

function refreshed(history: History, entry: Sent): Message {
  const type = typeOf(entry.message);
  if (!STATES.has(type)) return entry.message;
  const newest = history.sent.findLast((other) => typeOf(other.message) === type) ?? entry;
  const fields = newest.message.fields.map((field) =>
    field.name === "seq" && field.kind === "string"
      ? { ...field, value: entry.seq.toString(16) }
      : field,
  );
  return { fields };
}
