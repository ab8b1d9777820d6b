import type { stepCluster } from "../src/core/cluster/cluster.ts";
import type { ClusterState } from "../src/core/cluster/state.ts";
import type { ClusterEvent } from "../src/core/cluster/world.ts";
import { Pair } from "../test/pair.ts";
import type { Taped } from "./beating.ts";

type StepEvent = Parameters<typeof stepCluster>[1];

export interface ClusterTape {
  readonly start: ClusterState;
  readonly steps: readonly Taped<StepEvent>[];
}

/** A pair whose zeus remembers what happened to it. */
class TapedPair extends Pair {
  steps: Taped<StepEvent>[] = [];

  override event(name: "zeus" | "hera", event: Exclude<ClusterEvent, { kind: "boot" }>): void {
    if (name === "zeus") this.steps.push({ event, now: this.now });
    super.event(name, event);
  }

  /** What zeus knows now; what happens from now on. */
  beginTape(): ClusterState {
    this.steps = [];
    const { state } = this.hosts.zeus;
    if (state === undefined) throw new Error("zeus is down");
    return state;
  }
}

/** Zeus gives its group away and takes it back, again and again. */
export function tapeOfMoves(moves: number): ClusterTape {
  const pair = joined();
  const start = pair.beginTape();
  for (let move = 0; move < moves; move++) {
    pair.request("zeus", move, move % 2 === 0 ? "standby" : "takeover");
    pair.run(10_000);
    const isThere = pair.part(move % 2 === 0 ? "hera" : "zeus") === "owns";
    if (!isThere) throw new Error(`move ${move} of the tape has failed`);
  }
  return { start, steps: pair.steps };
}

/** Nothing happens: the pulse's tick every keepalive, and the peer's words. */
export function tapeOfRest(ticks: number): ClusterTape {
  const pair = joined();
  const start = pair.beginTape();
  const { peer } = start;
  if (peer === undefined) throw new Error("zeus knows of no peer");
  for (let tick = 0; tick < ticks; tick++) {
    pair.run(200);
    const heard = { ...peer.report, heardAt: pair.now };
    const announcedMs = { beat: 200, deadtime: 3000 };
    const snapshot = {
      peers: [heard],
      links: [],
      media: [],
      pings: [],
      announcedMs,
      discarded: {},
    };
    pair.event("zeus", { kind: "tick", at: pair.now, tickMs: 200, snapshot });
    const { st, words } = pair.hosts.hera;
    pair.event("zeus", { kind: "beat", node: heard.node, st, words });
  }
  return { start, steps: pair.steps };
}

function joined(): TapedPair {
  const pair = new TapedPair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(20_000);
  if (pair.part("zeus") !== "owns") throw new Error("zeus does not own its group");
  return pair;
}
