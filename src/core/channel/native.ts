import type { Pin } from "./settings.ts";

/**
 * The extra field `tdm` of every numbered message between Tandem nodes: `1 <session> <heard>`, the
 * version, the sender's session and the receiver's session as the sender last heard it, `-` when it
 * has not. A message that names our present session was made after we began, so it is no replay
 * from before (safety.md 8). A real Heartbeat ignores the field.
 */
export interface NativeMark {
  readonly session: string;
  readonly heard: string | undefined;
}

export function encodeMark(mark: NativeMark): string {
  return `1 ${mark.session} ${mark.heard ?? "-"}`;
}

/** Undefined for anything else: then the sender counts as plain. Later versions may add words. */
export function decodeMark(value: string): NativeMark | undefined {
  const match = /^[1-9]\d{0,3} ([0-9a-f]{8}) ([0-9a-f]{8}|-)(?: |$)/.exec(value);
  const [, session, heard] = match ?? [];
  if (session === undefined || heard === undefined) return undefined;
  return { session, heard: heard === "-" ? undefined : heard };
}

/**
 * - `downgrade`: a node that was native speaks plain in a generation in which it was native:
 *   somebody strips or replays its messages
 * - `became-plain`: it does so in a new generation: believed, and said aloud
 */
export function judgeDialect(
  pin: Pin | undefined,
  heard: { uuid: string | undefined; generation: number; native: boolean },
): "fine" | "downgrade" | "became-plain" {
  if (pin === undefined || heard.native) return "fine";
  if (heard.uuid !== undefined && heard.uuid !== pin.uuid) return "fine";
  return heard.generation <= pin.generation ? "downgrade" : "became-plain";
}

/** The pin after a native message: the highest generation of that uuid. */
export function pinned(pin: Pin | undefined, uuid: string, generation: number): Pin {
  if (pin?.uuid !== uuid) return { uuid, generation };
  return pin.generation >= generation ? pin : { uuid, generation };
}
