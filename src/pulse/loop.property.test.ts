import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaseOf, type PulseHost, Wire } from "../../test/pulse/two-loops.ts";
import { draw, type Random, seeded } from "../base/random.ts";
import { messageOf } from "../wire/message.ts";

type Act =
  | { readonly kind: "send" }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "stall"; readonly ms: number }
  | { readonly kind: "restart" }
  | { readonly kind: "daemon-dies" }
  | { readonly kind: "hold" };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>({ kind: "send" }),
  fc.integer({ min: 1, max: 5000 }).map((ms): Act => ({ kind: "wait", ms })),
  fc.integer({ min: 1, max: 20_000 }).map((ms): Act => ({ kind: "stall", ms })),
  fc.constant<Act>({ kind: "restart" }),
  fc.constant<Act>({ kind: "daemon-dies" }),
  fc.constant<Act>({ kind: "hold" }),
);

interface Life {
  readonly zeus: PulseHost;
  readonly hera: PulseHost;
  readonly sent: number;
}

/** Zeus lives through these acts on a cable that loses a share of all packets; then all is well. */
function live(acts: readonly Act[], loss: number, seed: number): Life {
  const wire = new Wire();
  const zeus = wire.host("zeus").start();
  const hera = wire.host("hera").start();
  wire.run(2000);
  let random: Random = seeded(seed);
  const chance = (): number => {
    const [value, next] = draw(random);
    random = next;
    return value;
  };
  wire.loses = () => chance() < loss;
  wire.repeats = () => (chance() < loss ? 1 + chance() * 3000 : undefined);
  let sent = 0;
  for (const one of acts) {
    switch (one.kind) {
      case "send":
        sent += 1;
        zeus.daemonSays({
          kind: "send",
          fields: messageOf({ t: "tandem-test", count: `${sent}` }).fields,
        });
        break;
      case "wait":
        wire.run(one.ms);
        break;
      case "stall":
        zeus.stall(one.ms);
        wire.run(one.ms);
        break;
      case "restart":
        zeus.restart();
        wire.run(200);
        break;
      case "daemon-dies":
        zeus.deliver({ kind: "daemon-gone", code: 1, signal: undefined });
        break;
      case "hold":
        // The daemon has just added the address: its lifetime begins here, whoever renewed it before.
        zeus.deeds.push(`add 192.168.43.53 ${wire.now}`);
        zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
        break;
    }
  }
  wire.loses = () => false;
  wire.run(60_000);
  return { zeus, hera, sent };
}

const lives = fc.record({
  acts: fc.array(act, { maxLength: 25 }),
  loss: fc.constantFrom(0, 0.1, 0.35, 0.6),
  seed: fc.integer(),
});

describe("whatever a pulse goes through", () => {
  it("no message is delivered twice, and none is lost that its sender still keeps", () => {
    fc.assert(
      fc.property(lives, ({ acts, loss, seed }) => {
        const { hera, sent } = live(acts, loss, seed);
        const counts = hera
          .reports("message")
          .map(({ message }) => message.fields.find(({ name }) => name === "count")?.value);
        expect(counts.length).toBe(new Set(counts).size);
        if (!acts.some(({ kind }) => kind === "restart")) expect(counts).toHaveLength(sent);
      }),
      { numRuns: 40 },
    );
  });

  it("no address is renewed when its lifetime may be over, and what is lost is deleted", () => {
    fc.assert(
      fc.property(lives, ({ acts, loss, seed }) => {
        const { zeus } = live(acts, loss, seed);
        let last: number | undefined;
        for (const deed of zeus.deeds) {
          const [what, , at] = deed.split(" ");
          if (what === "delete") last = undefined;
          if (what !== "renew" && what !== "add") continue;
          if (what === "renew" && last !== undefined) {
            expect(Number(at) - last).toBeLessThan(9000);
          }
          last = Number(at);
        }
        const deletions = zeus.deeds.filter((deed) => deed.startsWith("delete")).length;
        expect(zeus.reports("lease-lost").length).toBeLessThanOrEqual(deletions);
      }),
      { numRuns: 40 },
    );
  });

  it("both are up again in each other's eyes once the cable is well", () => {
    fc.assert(
      fc.property(lives, ({ acts, loss, seed }) => {
        const { zeus, hera } = live(acts, loss, seed);
        for (const host of [zeus, hera]) {
          const peer = host.reports("peer").at(-1)?.peer;
          expect(peer).toMatchObject({ liveness: "up", hearsUs: true, dialect: "native" });
        }
      }),
      { numRuns: 40 },
    );
  });
});
