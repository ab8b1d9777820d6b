import type { MediumName } from "../base/names.ts";

/**
 * How bytes reach the peer: one interface, one file per kind. A medium never throws and never ends
 * the process after it was made: what goes wrong is its state, and it goes on trying.
 */
export interface Medium {
  readonly name: MediumName;
  /**
   * Best effort. `mayDrop`: a beat, of which the next one says more; it is left out where a former
   * write has not gone out yet. Others wait in a queue with an end. May be called in any state.
   */
  send(bytes: Uint8Array, options: SendOptions): void;
  /** A former write has not gone out yet. */
  isBusy(): boolean;
  readonly counts: MediumCounts;
  /** Nothing is told after it. Idempotent. */
  close(): void;
}

/** How one message goes. */
export interface SendOptions {
  readonly mayDrop: boolean;
}

/** Whom a medium tells what it hears and how it is. */
export interface MediumCallbacks {
  /** A datagram whole, or a chunk of a serial line as it was read. What we sent may be heard too. */
  onBytes(bytes: Uint8Array): void;
  /** So many datagrams were dropped since the last time without a look at them: more came than may be judged. */
  onUnread(count: number): void;
  /** At the first opening or failure, and at each change; `detail` is a sentence for status and log. */
  onState(usable: boolean, detail: string): void;
}

/** Of the calls of `send` since the medium was made. */
export interface MediumCounts {
  readonly sent: number;
  /** Left out since a former write had not gone out: `mayDrop`. */
  readonly skipped: number;
  /** Lost: the medium was unusable, its queue full, or the kernel refused. */
  readonly dropped: number;
}

/** Tells a state only when it is another than the last. */
export function onChange(
  onState: (usable: boolean, detail: string) => void,
): (usable: boolean, detail: string) => void {
  let last: string | undefined;
  return (usable, detail) => {
    const now = `${usable} ${detail}`;
    if (now === last) return;
    last = now;
    onState(usable, detail);
  };
}
