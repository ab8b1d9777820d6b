import { describe, expect, it } from "vitest";
import { HERA, type Pair, served, WWW } from "../../../test/pair.ts";
import { messageOf } from "../../wire/message.ts";
import { stepCluster } from "./cluster.ts";

describe("a lease", () => {
  /** What the pulse is told to renew on the last of these events. */
  function told(
    pair: Pair,
    ...events: readonly Parameters<typeof stepCluster>[1][]
  ): readonly unknown[] {
    let { state } = pair.hosts.zeus;
    let holds: readonly unknown[] = [];
    for (const event of events) {
      if (state === undefined) throw new Error("zeus runs");
      const [next, effects] = stepCluster(state, event, pair.now);
      state = next;
      holds = effects.flatMap((effect) => (effect.kind === "hold" ? [effect.holdings] : []));
    }
    return holds;
  }
  const whole = (pair: Pair) => [
    { group: WWW, epoch: pair.hosts.zeus.state?.groups[0]?.epoch.number },
  ];

  it("is told anew when its address has another prefix, and only then", () => {
    const pair = served();
    expect(told(pair, { kind: "wake" })).toEqual([]);
    expect(told(pair, { kind: "lease-changed" })).toEqual([whole(pair)]);
  });

  it("is told anew when its address was put back", () => {
    const pair = served();
    const id = pair.hosts.zeus.state?.nextId ?? 0;
    const snapshot = {
      ...{ peers: [], links: [], media: [], pings: [], discarded: {} },
      announcedMs: { beat: 200, deadtime: 3000 },
    };
    const tick = { kind: "tick", at: pair.now, tickMs: 200, snapshot } as const;
    const gone = { kind: "address-gone", group: WWW, by: "program" } as const;
    expect(told(pair, tick, gone)).toEqual([]);
    const result = { ok: true, state: "running", detail: "" } as const;
    const back = { kind: "resource-done", id, result } as const;
    expect(told(pair, tick, gone, back)).toEqual([whole(pair)]);
  });

  it("is told with its new epoch before the commit goes out: the taker's claim may come at once", () => {
    const pair = served();
    pair.run(4_000);
    pair.request("zeus", 7, "standby");
    for (let ms = 0; ms < 1_000 && pair.phase("zeus") !== "offering"; ms++) pair.run(1);
    const phase = pair.hosts.zeus.state?.groups[0]?.phase;
    if (phase?.kind !== "offering" || pair.hosts.zeus.state === undefined)
      throw new Error("it offers");
    const ready = { t: "tandem", step: "ready", grp: WWW, move: phase.give.move };
    const event = { kind: "message", from: HERA, fresh: true, message: messageOf(ready) } as const;
    const [, effects] = stepCluster(pair.hosts.zeus.state, event, pair.now);
    const order = effects.flatMap(({ kind }) => (kind === "hold" || kind === "send" ? [kind] : []));
    expect(order).toEqual(["hold", "send"]);
  });
});
