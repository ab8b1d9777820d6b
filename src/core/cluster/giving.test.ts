import { describe, expect, it } from "vitest";
import { Pair, served } from "../../../test/pair.ts";

it("a move whose taker has begun anew is called off at once, not after a minute", () => {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(4000);
  pair.request("zeus", 7, "standby");
  for (let ms = 0; ms < 500 && pair.phase("hera") !== "preparing"; ms += 1) pair.run(1);
  pair.run(2);
  expect(pair.phase("zeus")).toBe("offering");
  pair.kill("hera");
  pair.start("hera");
  pair.join();
  pair.run(500);
  expect([pair.phase("zeus"), pair.part("hera")]).toEqual(["holding", "free"]);
  expect(pair.hosts.zeus.answers).toMatchObject([{ id: 7, ok: false }]);
});

describe("a move whose taker does not answer by ARP", () => {
  /** zeus serves, and of hera's own address it hears nothing. */
  function unproven(): Pair {
    const pair = new Pair();
    pair.questionsLost = 1;
    return served(pair);
  }

  it("is refused to the node that asked for it, with the reason and a way out", () => {
    const pair = unproven();
    pair.request("hera", 7, "takeover");
    pair.run(16_000);
    expect(pair.phase("zeus")).toBe("holding");
    const text =
      "192.168.43.53: not given to us: 192.168.43.52 does not answer ARP on eth0 of zeus.example.com (if that node is cut off, stop Tandem on it: the group goes anyway)";
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 7, ok: false, text }]);
    // A serial line carries it, as it does the words of faces.test.ts.
    expect(pair.longestSent).toBeLessThan(200);
  });

  it("is refused with another reason while its address is not known", () => {
    const pair = unproven();
    forgetFaces(pair);
    pair.request("zeus", 7, "standby");
    pair.run(16_000);
    const text = "192.168.43.53: not moved: hera.example.com has not told its own address there";
    expect(pair.hosts.zeus.answers).toMatchObject([{ id: 7, ok: false, text }]);
  });

  it("takes place all the same where the giver stops", () => {
    const pair = unproven();
    pair.stop("zeus");
    pair.run(16_000);
    expect([pair.phase("hera"), pair.hosts.zeus.ended]).toEqual(["holding", true]);
    expect(pair.hosts.zeus.log.join("\n")).not.toContain("stop Tandem");
  });
});

/** Its daemon was started anew, and the peer's words on its interfaces get lost. */
function forgetFaces(pair: Pair): void {
  const { zeus } = pair.hosts;
  const peer = zeus.state?.peer;
  if (zeus.state === undefined || peer === undefined) throw new Error("zeus knows hera");
  zeus.state = { ...zeus.state, peer: { ...peer, faces: [], facesAskedAt: Infinity } };
}
