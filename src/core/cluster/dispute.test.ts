import { describe, expect, it } from "vitest";
import { HERA, Pair, WWW, ZEUS } from "../../../test/pair.ts";
import { mediumName } from "../../base/names.ts";

/** Nothing passes between them, nor between their LANs: hera takes what zeus serves. */
function doubled(): Pair {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(4000);
  pair.cut = true;
  // Only the probe looks at this: zeus's LAN is another one.
  pair.hosts.zeus.carrier = false;
  pair.report("hera", "silent");
  pair.run(2000);
  pair.hosts.zeus.carrier = true;
  expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["holding", "holding"]);
  return pair;
}

describe("two owners that meet", () => {
  it("are one within a second: the one that has served longer", () => {
    const pair = doubled();
    pair.join();
    pair.run(1000);
    expect([pair.part("zeus"), pair.part("hera")]).toEqual(["owns", "free"]);
    expect(pair.hosts.hera.log.join("\n")).toContain("it has served without a break for longer");
    const epochs = [pair.hosts.zeus, pair.hosts.hera].map((host) => host.state?.highestEpoch ?? 0);
    expect(epochs[0]).toBeGreaterThanOrEqual(epochs[1] ?? 0);
  });

  it("say it again when the first word was lost", () => {
    const pair = doubled();
    pair.join();
    pair.run(1);
    pair.cut = true;
    pair.run(100);
    pair.cut = false;
    pair.run(1000);
    expect([pair.part("zeus"), pair.part("hera")]).toEqual(["owns", "free"]);
  });

  it("over a slow line do not fill it with what they have said already", () => {
    const pair = doubled();
    pair.lineMs = 450;
    pair.join();
    // A beat has told of it, and now the link is up.
    pair.run(2);
    const link = { medium: mediumName("/dev/ttyS1"), status: "up", ageMs: 1 } as const;
    pair.event("hera", { kind: "link", node: ZEUS, link });
    pair.run(3000);
    expect([pair.part("zeus"), pair.part("hera")]).toEqual(["owns", "free"]);
    const claims = [...pair.sent.zeus, ...pair.sent.hera].filter((step) => step === "claim");
    expect(claims).toHaveLength(4);
  });

  it("do not both give it up: nobody is without the service for a moment", () => {
    const pair = doubled();
    pair.nobodyAnswered = 0;
    pair.join();
    pair.run(5000);
    expect(pair.nobodyAnswered).toBe(0);
  });
});

describe("a claim that cannot be read", () => {
  it.each(["", "rubbish", "zeus.example.com 7 silent 1 1 0 0 00000000"])(
    "(%j) is ignored, and said",
    (rec) => {
      const pair = doubled();
      const strings = { t: "tandem", step: "claim", grp: WWW, rec, echo: "-" };
      const fields = Object.entries(strings).map(([name, value]) => ({
        kind: "string" as const,
        name,
        value,
      }));
      pair.report("zeus", "up", { hearsUs: false });
      pair.event("zeus", { kind: "message", from: HERA, fresh: true, message: { fields } });
      expect(pair.phase("zeus")).toBe("holding");
      expect(pair.hosts.zeus.log.at(-1)).toContain("a claim that cannot be read is ignored");
    },
  );
});
