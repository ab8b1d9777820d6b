import { expect, it } from "vitest";
import { tutorialConfig } from "../../../test/pair.ts";
import { mediumName, nodeName } from "../../base/names.ts";
import { startChannel } from "./begin.ts";
import { nextWakeAt, reduceChannel } from "./channel.ts";
import { snapshotOf } from "./reports.ts";
import type { ChannelEvent, ChannelState } from "./state.ts";

const ETH1 = mediumName("eth1");
const STARTED_AT = 200_000;

/** hera, whose only medium has not worked yet. */
function deafHera(): ChannelState {
  const { timers, nodes, pings, hopfudge } = tutorialConfig();
  const settings = {
    ...{ self: nodeName("hera.example.com"), nodes, timers, pings, hopfudge, pinned: undefined },
    uuid: "0b".repeat(16),
    media: [{ kind: "bcast", name: ETH1, interface: ETH1, port: 694 }] as const,
  };
  const start = { settings, session: "1", generation: 3, resumed: false, nextSeq: 1, seed: 5 };
  return startChannel(start, STARTED_AT);
}

function step(state: ChannelState, event: ChannelEvent, now: number) {
  return reduceChannel(state, event, { now, wallSeconds: 0, load: "", busy: [] });
}

it("on a medium that works again a peer that nobody could judge has its dead time", () => {
  let state = deafHera();
  const { initdeadMs, deadtimeMs } = state.settings.timers;
  const now = STARTED_AT + 2 * initdeadMs;
  for (let at = nextWakeAt(state); at <= now; at = nextWakeAt(state)) {
    [state] = step(state, { kind: "wake" }, at);
    [state] = step(state, { kind: "queues-drained" }, at);
  }
  const unjudged = { liveness: "unjudged", silentAt: undefined };
  expect(snapshotOf(state, now).peers).toMatchObject([unjudged]);
  const [, effects] = step(state, { kind: "medium", medium: ETH1, usable: true, detail: "" }, now);
  const peer = expect.objectContaining({ liveness: "unjudged", silentAt: now + deadtimeMs });
  expect(effects).toContainEqual({ kind: "report", report: { kind: "peer", peer } });
});
