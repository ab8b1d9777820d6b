/**
 * Why a packet was thrown away. Everything from outside ends as a message or as one of these: they are
 * counted for the status and logged at a bounded rate, and never acted on.
 */
export type DiscardReason =
  /** Longer than any message may be. Nothing else of it was looked at. */
  | "too-long"
  /** Neither `>>>` nor `###` in front, or classic text that does not end in `<<<`: not of this protocol. */
  | "not-a-message"
  /** No signature where it must be. */
  | "no-auth"
  /** Two `auth=` lines: which one would be the signature? */
  | "two-auths"
  /** Signed with a key number that authkeys does not have. */
  | "unknown-key"
  /** The signature does not fit: another key, or a packet garbled or forged. */
  | "bad-auth"
  /** Rightly signed, but not a message by the grammar of its encoding. */
  | "malformed"
  /** Rightly signed, but with a field type that no node of this cluster sends (wire.md 1). */
  | "unsupported-type"
  /** Rightly signed, but with messages inside messages beyond the bound. */
  | "too-deep"
  /** Rightly signed, but with more fields than any message has. */
  | "too-many-fields"
  /** Rightly signed, but compressed in a way, or to a size, that is not undone here. */
  | "compressed"
  /** Rightly signed, compressed by `compression bz2`: Node has no library for it. Heartbeat's zlib is undone. */
  | "compressed-bz2"
  /** One of the standard fields that every message needs is absent. */
  | "missing-field"
  /** A standard field is there and cannot be read: not hex, zero, of the wrong length. */
  | "bad-field"
  /** `src` is no node of ha.cf. */
  | "unknown-node"
  /** Nobody has looked at it: more came over a medium than may be judged. */
  | "unread"
  /** Bytes of a serial line that belong to no message. */
  | "noise"
  /** A generation of the past: said before. */
  | "replayed"
  /** A uuid pinned as a Tandem node spoke the plain dialect (safety.md 8). */
  | "downgraded";

/** The one way in which reading fails. `detail` is a short sentence for the log, printable. */
export interface Discard {
  readonly ok: false;
  readonly reason: DiscardReason;
  readonly detail: string;
}

/** `detail`: of a stranger's words only what `printable` leaves. */
export function discard(reason: DiscardReason, detail: string): Discard {
  return { ok: false, reason, detail };
}
