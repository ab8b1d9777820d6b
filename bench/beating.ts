import { mediumName, type NodeName, nodeName } from "../src/base/names.ts";
import { startChannel } from "../src/core/channel/begin.ts";
import { reduceChannel } from "../src/core/channel/channel.ts";
import type { ChannelSettings, Moment } from "../src/core/channel/settings.ts";
import type { ChannelEvent, ChannelState } from "../src/core/channel/state.ts";
import { checkHeader } from "../src/wire/header.ts";
import type { Message } from "../src/wire/message.ts";

/** One step of a machine, to be taken again. */
export interface Taped<Event> {
  readonly event: Event;
  readonly now: number;
}

export interface BeatingTape {
  readonly start: ChannelState;
  readonly steps: readonly Taped<ChannelEvent>[];
  /** The last beat that was sent: what every packet of an idle pair looks like. */
  readonly beat: Message;
}

const zeus = nodeName("zeus.example.com");
const hera = nodeName("hera.example.com");
const nodes: readonly NodeName[] = [zeus, hera];
const media = ["eth1", "/dev/ttyS1"].map(mediumName);
const load = "0.10 0.08 0.05 1/123 4567";

/**
 * Two channels that hear each other beat over two media, in virtual time: the tape is what happened to
 * zeus once both were acquainted.
 */
export function tapeOfBeating(beats: number): BeatingTape {
  const states = nodes.map((self, index) =>
    startChannel(
      {
        settings: settingsOf(self),
        session: `${index}123abcd`,
        generation: 1_700_000_000,
        resumed: true,
        nextSeq: 1,
        seed: index + 1,
      },
      0,
    ),
  );
  const steps: Taped<ChannelEvent>[] = [];
  let start: ChannelState | undefined;
  let beat: Message = { fields: [] };
  let now = 0;

  const happen = (index: number, event: ChannelEvent): void => {
    const before = states[index];
    if (before === undefined) return;
    if (index === 0 && start !== undefined) steps.push({ event, now });
    const [after, effects] = reduceChannel(before, event, momentOf(now));
    states[index] = after;
    for (const effect of effects) {
      if (effect.kind === "after-queues") happen(index, { kind: "queues-drained" });
      if (effect.kind === "transmit") beat = effect.message;
      if (effect.kind === "transmit") arrive(1 - index, effect.message);
    }
  };
  const arrive = (index: number, message: Message): void => {
    const checked = checkHeader(message, nodes);
    if (!checked.ok) throw new Error(`a beat of ours is no good: ${checked.detail}`);
    for (const medium of media) {
      happen(index, { kind: "received", medium, header: checked.header, message });
    }
  };

  for (const index of states.keys()) {
    for (const medium of media) happen(index, { kind: "medium", medium, usable: true, detail: "" });
    happen(index, { kind: "say", st: "active", words: index === 0 ? "o6b02c01aa" : "f6b02c01aa" });
  }
  for (let count = 0; count < beats + acquaintanceBeats; count++) {
    if (count === acquaintanceBeats) start = states[0];
    now += keepaliveMs;
    for (const index of states.keys()) happen(index, { kind: "wake" });
  }
  if (start === undefined) throw new Error("the tape is empty");
  return { start, steps, beat };
}

const keepaliveMs = 2000;
/** The history of sent messages is full by then, as in a pair that has been up for an hour. */
const acquaintanceBeats = 1000;

export function momentOf(now: number): Moment {
  return { now, wallSeconds: 1_700_000_000 + Math.floor(now / 1000), load, busy: [] };
}

function settingsOf(self: NodeName): ChannelSettings {
  return {
    self,
    nodes,
    uuid: (self === zeus ? "0a" : "0b").repeat(16),
    pinned: undefined,
    timers: { keepaliveMs, warntimeMs: 6000, deadtimeMs: 12_000, initdeadMs: 150_000 },
    media: [
      { kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 },
      { kind: "serial", name: mediumName("/dev/ttyS1"), device: "/dev/ttyS1", baud: 9600 },
    ],
    pings: { nodes: [], deadMs: 12_000 },
    hopfudge: 1,
  };
}
