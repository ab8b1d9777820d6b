import { describe, expect, it } from "vitest";
import { HERA, Hera, SESSION, said, sent, ZEUS, ZEUS_UUID } from "../../../test/channel/hera.ts";
import { fieldOf } from "../../wire/message.ts";
import { mediaReport } from "./media.ts";
import { encodeMark } from "./native.ts";

const ANOTHER_UUID = "0c".repeat(16);
const HERA_UUID = "0b".repeat(16);

const logs = (hera: Hera): readonly string[] =>
  hera.done.flatMap((effect) => (effect.kind === "log" ? [effect.text] : []));
const linesOf = (hera: Hera, words: string) => logs(hera).filter((text) => text.includes(words));

/** A beat of hera itself, as it comes back to her by broadcast. */
function ownBeat(hera: Hera) {
  const beat = hera.done.flatMap((effect) =>
    effect.kind === "transmit" && fieldOf(effect.message, "t") === "status" ? [effect.message] : [],
  );
  const last = beat.at(-1);
  if (last === undefined) throw new Error("hera has not beaten yet");
  return last;
}

describe("two machines with one name", () => {
  it("are told by their uuids: the one that is heard is believed, the other one is named and does nothing", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION, more: { own: "f7a" } }));
    for (let beat = 2; beat < 40; beat += 1) {
      hera.wait(2000);
      const theirs = { uuid: ANOTHER_UUID, hg: 90, heard: SESSION, more: { own: "o99a" } };
      const effects = hera.hear(said({ seq: beat, ...theirs }));
      expect(effects.filter(({ kind }) => kind !== "log")).toEqual([]);
      hera.hear(said({ seq: beat, heard: SESSION, more: { own: "f7a" } }));
    }
    expect(hera.peer).toMatchObject({ uuid: ZEUS_UUID, generation: 7, liveness: "up" });
    expect(hera.discarded).toEqual({ "another-uuid": 38 });
    const named = linesOf(hera, "another-uuid");
    expect(named.length).toBeLessThanOrEqual(2);
    expect(named[0]).toContain("rm -f /var/lib/tandem/uuid /var/lib/heartbeat/hb_uuid");
  });

  it("cannot lift each other's silence: a death of the first is seen, then the second is believed", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION }));
    hera.wait(5000);
    hera.hear(said({ seq: 1, uuid: ANOTHER_UUID, hg: 90, heard: SESSION }));
    expect(hera.peer?.uuid).toBe(ZEUS_UUID);
    hera.wait(2000);
    expect(hera.peer?.liveness).toBe("late");
    hera.hear(said({ seq: 2, uuid: ANOTHER_UUID, hg: 90, heard: SESSION }));
    expect(hera.peer).toMatchObject({ uuid: ANOTHER_UUID, generation: 90, liveness: "up" });
    expect(linesOf(hera, "changed its uuid")).toHaveLength(1);
  });

  it("of one uuid, a copied disk, are a repeated past: the later start is believed, the other one named", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, hg: 7, heard: SESSION }));
    hera.hear(said({ seq: 1, hg: 8, heard: SESSION }));
    hera.hear(said({ seq: 2, hg: 7, heard: SESSION, more: { own: "o99a" } }));
    expect(hera.discarded).toEqual({ replayed: 1 });
    expect(hera.done.filter(({ kind }) => kind === "claimed")).toEqual([]);
    expect(linesOf(hera, "replayed")[0]).toMatch(/two machines have one name.*rm .*uuid/);
  });

  it("of two names and one uuid, a copied disk, are named once", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, uuid: HERA_UUID, heard: SESSION }));
    hera.hear(said({ seq: 2, uuid: HERA_UUID, heard: SESSION }));
    const named = linesOf(hera, "has the uuid of this node");
    expect(named).toHaveLength(1);
    expect(named[0]).toContain(`on ${ZEUS} stop tandem`);
    expect(hera.peer?.liveness).toBe("up");
  });
});

describe("a packet under our own name", () => {
  /** Hears itself once, then is deaf: its own beats do not come back any more. */
  function deafened(): Hera {
    const hera = new Hera();
    hera.wait(2000);
    hera.hear(ownBeat(hera));
    hera.wait(10_000);
    expect(isUsable(hera)).toBe(false);
    return hera;
  }
  const isUsable = (hera: Hera) =>
    mediaReport(hera.state.media).find(({ medium }) => medium === "eth1")?.usable;
  const own = { src: HERA, uuid: HERA_UUID, hg: 3 };

  it("that this session sent proves that the medium works", () => {
    const hera = deafened();
    hera.hear(ownBeat(hera));
    expect(isUsable(hera)).toBe(true);
    expect(hera.discarded).toEqual({});
  });

  it.each([
    ["another uuid", { ...own, uuid: ANOTHER_UUID }, "own-name"],
    ["a generation that we have not reached", { ...own, hg: 4 }, "own-name"],
    ["a number that we have not reached", { ...own, seq: 5000 }, "own-name"],
    ["a generation of the past", { ...own, hg: 2 }, "own-past"],
    ["no mark of a session", own, "own-past"],
  ])("and %s proves nothing, is counted, and named with what to do", (_, what, reason) => {
    const hera = deafened();
    const sentBefore = sent(hera).length;
    for (let count = 0; count < 10; count += 1) hera.hear(said(what));
    expect(isUsable(hera)).toBe(false);
    expect(hera.discarded).toEqual({ [reason]: 10 });
    expect(linesOf(hera, reason)).toHaveLength(1);
    expect(linesOf(hera, reason)[0]).toContain(
      "rm -f /var/lib/tandem/uuid /var/lib/heartbeat/hb_uuid",
    );
    expect(sent(hera)).toHaveLength(sentBefore);
  });

  it("and another session's mark is from before, or from a copy of this machine", () => {
    const hera = deafened();
    const tdm = encodeMark({ session: "0000bbbb", heard: undefined });
    hera.hear(said({ ...own, more: { tdm } }));
    expect(isUsable(hera)).toBe(false);
    expect(hera.discarded).toEqual({ "own-past": 1 });
  });

  it("without a uuid is not taken for an echo", () => {
    const hera = deafened();
    const message = said(own);
    hera.hear({ fields: message.fields.filter(({ name }) => name !== "srcuuid") });
    expect(isUsable(hera)).toBe(false);
    expect(hera.discarded).toEqual({ "own-name": 1 });
  });
});

describe("absurd numbers", () => {
  it("cannot carry the peer's count away: what is far ahead is refused, and the peer goes on", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION }));
    for (const seq of [2 ** 33, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
      hera.hear(said({ seq, heard: SESSION, more: { own: "o99a" } }));
    }
    hera.hear(said({ seq: 2, heard: SESSION }));
    expect(hera.state.peers[0]?.sequence).toEqual({ last: 2, missing: [] });
    expect(hera.discarded).toEqual({ "absurd-number": 3 });
    expect(hera.done.filter(({ kind }) => kind === "claimed")).toEqual([]);
  });

  it.each([
    ["0", 12_000],
    ["1", 12_000],
    ["7d0", 12_000],
    ["-1", 12_000],
    ["NaN", 12_000],
    ["12s", 12_000],
    ["ffffffffffffffff", 12_000],
    ["", 12_000],
    ["496c7a380c", 600_000],
  ])("as dead time (dt=%s) are judged by a time within bounds, named once a minute", (dt, ms) => {
    const hera = new Hera();
    for (let seq = 1; seq <= 20; seq += 1) {
      hera.hear(said({ seq, heard: SESSION, more: { dt } }));
      hera.wait(2000);
    }
    expect(hera.peer).toMatchObject({ deadtimeMs: ms, liveness: "up" });
    expect(hera.discarded).toEqual({ "absurd-deadtime": 20 });
    const [line, another] = linesOf(hera, "absurd-deadtime");
    expect(line).toContain(`${ZEUS}: packet discarded: absurd-deadtime (1 so far)`);
    expect(line).toContain("make keepalive and deadtime the same");
    expect(another).toBeUndefined();
  });

  it("as generation begin no life that a beat has not begun, and none below the last", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, hg: 7, heard: SESSION }));
    hera.hear(said({ seq: 2, hg: 0xffffffff, t: "resource", heard: SESSION }));
    expect(hera.peer?.generation).toBe(7);
    expect(hera.discarded).toEqual({ unannounced: 1 });
  });
});
