import { startChannel } from "../core/channel/begin.ts";
import type { ChannelState } from "../core/channel/state.ts";
import type { PulseEnvironment } from "./environment.ts";
import type { PulseSettings } from "./link.ts";

/**
 * The channel of a pulse that has just got its settings. After a pulse of the same boot it goes on in
 * that one's generation, above every number that it may have used; else it begins a new generation,
 * counted from the clock when there never was one (safety.md 1).
 */
export function firstChannel(env: PulseEnvironment, settings: PulseSettings): ChannelState {
  const record = env.loadRecord();
  const resumed = record?.bootId === env.bootId() ? record : undefined;
  const highest = Math.max(settings.storedGeneration, record?.generation ?? 0);
  const last = highest === 0 ? env.wallSeconds() : highest;
  const session = env.freshSession();
  return startChannel(
    {
      settings,
      session,
      generation: resumed?.generation ?? last + 1,
      resumed: resumed !== undefined,
      nextSeq: resumed?.nextSeq ?? 1,
      seed: Number.parseInt(session, 16),
    },
    env.now(),
  );
}

/** What a restarted tandemd may say differently without being another configuration: what it has learnt. */
export function isSameDuty(one: PulseSettings, other: PulseSettings): boolean {
  const plain = (settings: PulseSettings): string =>
    JSON.stringify({ ...settings, storedGeneration: 0, pinned: undefined });
  return plain(one) === plain(other);
}
