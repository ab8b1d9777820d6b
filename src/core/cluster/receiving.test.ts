import { describe, expect, it } from "vitest";
import { Pair, WWW, ZEUS } from "../../../test/pair.ts";
import { encodeClaims } from "../claim.ts";
import { PREPARED_MAX_MS } from "./receiving.ts";

function started(): Pair {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  return pair;
}

/** zeus serves and is to give it to hera, which is ready; then the cable goes. */
function prepared(ask: (pair: Pair) => void = (pair) => pair.request("zeus", 7, "standby")): {
  pair: Pair;
  move: string;
  epoch: number;
} {
  const pair = started();
  pair.run(4000);
  ask(pair);
  for (let ms = 0; ms < 500 && pair.phase("hera") !== "prepared"; ms += 1) pair.run(1);
  pair.cut = true;
  const group = pair.hosts.hera.state?.groups[0];
  if (group?.phase.kind !== "prepared") throw new Error(`hera is ${group?.phase.kind}`);
  return { pair, move: group.phase.move, epoch: group.epoch.number };
}

function zeusSays(pair: Pair, step: string, values: Readonly<Record<string, string>>): void {
  const strings = { t: "tandem", step, grp: WWW, ...values };
  const fields = Object.entries(strings).map(([name, value]) => ({
    kind: "string" as const,
    name,
    value,
  }));
  pair.event("hera", { kind: "message", from: ZEUS, fresh: true, message: { fields } });
}

function zeusClaims(pair: Pair, part: "owns" | "drains" | "free", epoch: number): void {
  const words = encodeClaims([{ part, epoch, basis: "agreed" }]);
  pair.event("hera", { kind: "beat", node: ZEUS, st: "active", words });
}

const hex = (number: number) => number.toString(16);

describe("the commit of a move", () => {
  it("makes the taker answer, under the epoch that it carries", () => {
    const { pair, move, epoch } = prepared();
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    pair.run(5);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.hera.address).toBe("answers");
    expect(pair.hosts.hera.state?.groups[0]?.epoch).toMatchObject({
      number: epoch + 1,
      basis: "agreed",
    });
  });

  it("that waited while the taker slept is not acted on, though the taker's alarm rings first", () => {
    const { pair, move, epoch } = prepared();
    pair.now += 10_000;
    pair.event("hera", { kind: "wake" });
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    expect([pair.part("hera"), pair.hosts.hera.address]).toEqual(["takes", "mute"]);
  });

  it("that was lost and comes again is not acted on once the giver has taken it back", () => {
    const { pair, move, epoch } = prepared();
    zeusClaims(pair, "owns", epoch + 2);
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    pair.run(5);
    expect(pair.part("hera")).not.toBe("owns");
    expect(pair.hosts.hera.address).not.toBe("answers");
  });

  it("that waited while the taker slept is not acted on: the giver may have taken it back", () => {
    const { pair, move, epoch } = prepared();
    pair.now += 10_000;
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    expect(pair.part("hera")).not.toBe("owns");
    expect(pair.hosts.hera.address).toBe("mute");
  });

  it("of another move, or of an epoch that is past, moves nothing", () => {
    const { pair, move, epoch } = prepared();
    zeusSays(pair, "commit", { move, epoch: hex(epoch) });
    zeusSays(pair, "commit", { move: "0badf00d", epoch: hex(epoch + 1) });
    zeusSays(pair, "commit", { move, epoch: "soon" });
    expect(pair.phase("hera")).toBe("prepared");
    expect(pair.hosts.hera.address).toBe("mute");
  });

  it("that comes again is answered again, and changes nothing", () => {
    const { pair, move, epoch } = prepared();
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    pair.run(50);
    const before = pair.hosts.hera.state?.groups[0];
    zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
    expect(pair.hosts.hera.state?.groups[0]).toEqual(before);
  });

  describe("of what the taker has lost again", () => {
    function lost(): ReturnType<typeof prepared> {
      const { pair, move, epoch } = prepared();
      zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
      pair.run(50);
      pair.event("hera", { kind: "lease-lost", group: WWW, why: "we slept" });
      pair.run(100);
      expect(pair.phase("hera")).toBe("free");
      return { pair, move, epoch };
    }

    it("is acted on again while the giver stands by it: nobody else can have it", () => {
      const { pair, move, epoch } = lost();
      zeusClaims(pair, "drains", epoch + 1);
      pair.tick("hera");
      zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
      pair.run(200);
      expect(pair.phase("hera")).toBe("holding");
      expect(pair.hosts.hera.state?.groups[0]?.epoch.number).toBe(epoch + 1);
    });

    it("is old news when the giver has let go of it, or of another epoch", () => {
      const { pair, move, epoch } = lost();
      pair.tick("hera");
      for (const [part, number] of [
        ["free", 1],
        ["drains", 2],
      ] as const) {
        zeusClaims(pair, part, epoch + number);
        zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
      }
      expect(pair.part("hera")).toBe("free");
    });

    it("that waited while we slept is not acted on", () => {
      const { pair, move, epoch } = lost();
      zeusClaims(pair, "drains", epoch + 1);
      pair.tick("hera");
      pair.now += 10_000;
      zeusSays(pair, "commit", { move, epoch: hex(epoch + 1) });
      expect(pair.part("hera")).toBe("free");
    });
  });
});

describe("an abort", () => {
  it("undoes what was prepared", () => {
    const { pair, move } = prepared();
    zeusSays(pair, "abort", { move, why: "changed its mind" });
    pair.run(100);
    expect(pair.hosts.hera).toMatchObject({ address: "none", service: false });
    expect(pair.phase("hera")).toBe("free");
  });

  it("answers the takeover that has asked for the move, at once and with the reason", () => {
    const { pair, move } = prepared((pair) => pair.request("hera", 8, "takeover"));
    const why =
      "Filesystem::/dev/sdb1::/srv::ext4 did not stop and may run on one node only; stop it by hand";
    zeusSays(pair, "abort", { move, why });
    expect(pair.hosts.hera.answers).toMatchObject([
      { id: 8, ok: false, text: `${WWW}: not given to us: ${why}` },
    ]);
  });

  it("whose reason is long beyond measure is told shortened", () => {
    const { pair, move } = prepared((pair) => pair.request("hera", 8, "takeover"));
    zeusSays(pair, "abort", { move, why: "no ".repeat(1_000) });
    expect(pair.hosts.hera.answers[0]?.text).toMatch(/^.{100,400}\.\.\.$/);
  });

  it("of a move that was under way before is no answer to a takeover: now it asks", () => {
    const { pair, move } = prepared();
    pair.request("hera", 8, "takeover");
    zeusSays(pair, "abort", { move, why: "changed its mind" });
    pair.run(100);
    expect(pair.hosts.hera.answers).toEqual([]);
    expect(pair.sent.hera).toContain("ask");
  });

  it("of another move, that comes late, changes nothing", () => {
    const { pair } = prepared((pair) => pair.request("hera", 8, "takeover"));
    zeusSays(pair, "abort", { move: "former", why: "changed its mind" });
    pair.run(100);
    expect(pair.phase("hera")).toBe("prepared");
    expect(pair.hosts.hera.answers).toEqual([]);
  });

  it("whose word is lost is one too: the takeover is answered when no commit has come", () => {
    const { pair } = prepared((pair) => pair.request("hera", 8, "takeover"));
    pair.run(PREPARED_MAX_MS + 1_000);
    expect(pair.hosts.hera.answers).toMatchObject([
      { id: 8, ok: false, text: `${WWW}: not given to us: no commit came` },
    ]);
  });
});

describe("a grant", () => {
  /** hera asks whether it may take what nobody owns; zeus, which cannot run it, does not answer yet. */
  function intending(): { pair: Pair; nonce: string } {
    const pair = new Pair();
    pair.hosts.zeus.carrier = false;
    pair.start("zeus");
    pair.start("hera");
    pair.run(100);
    pair.join();
    for (let ms = 0; ms < 6000 && pair.phase("hera") !== "intending"; ms += 1) pair.run(1);
    pair.cut = true;
    const phase = pair.hosts.hera.state?.groups[0]?.phase;
    if (phase?.kind !== "intending") throw new Error(`hera is ${phase?.kind}`);
    return { pair, nonce: phase.nonce };
  }

  it("lets the asking node take it", () => {
    const { pair, nonce } = intending();
    zeusSays(pair, "grant", { nonce });
    pair.run(200);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("that waited while the asking node slept is not acted on", () => {
    const { pair, nonce } = intending();
    pair.now += 5_000;
    zeusSays(pair, "grant", { nonce });
    expect(pair.part("hera")).toBe("takes");
    expect(pair.phase("hera")).toBe("intending");
  });

  it("is none either when the asking node has asked again before it read what waited", () => {
    const { pair, nonce } = intending();
    pair.now += 5_000;
    pair.event("hera", { kind: "wake" });
    zeusSays(pair, "grant", { nonce });
    expect(pair.phase("hera")).toBe("intending");
  });

  it("of another question is none", () => {
    const { pair } = intending();
    zeusSays(pair, "grant", { nonce: "0badf00d" });
    expect(pair.phase("hera")).toBe("intending");
  });
});
