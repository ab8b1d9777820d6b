import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pair, served, tutorialConfig } from "../../../test/pair.ts";
import {
  decodeMoves,
  LAST_RESORT_MS,
  MOVES_MAX,
  MOVES_WINDOW_MS,
  type Moves,
  mayLeave,
  mayMove,
  mayMoveBack,
  mayTry,
  movesWord,
  NO_MOVES,
  spendMove,
  spentByPeer,
  tryMove,
} from "./budget.ts";
import { statusOf } from "./status-of.ts";

describe("the budget of a group", () => {
  it("allows three in ten minutes, whoever gave it, and again when the oldest is past", () => {
    let moves = NO_MOVES;
    for (const [now, spend] of [
      [0, spendMove],
      [1_000, spentByPeer],
      [2_000, spendMove],
    ] as const) {
      expect(mayMove(moves, now)).toBe(true);
      moves = spend(moves, now);
    }
    expect(mayMove(moves, 3_000)).toBe(false);
    expect(mayMove(moves, MOVES_WINDOW_MS - 1)).toBe(false);
    expect(mayMove(moves, MOVES_WINDOW_MS)).toBe(true);
  });

  it("lets it go home only where it could leave again", () => {
    const one = spendMove(NO_MOVES, 0);
    expect(mayMoveBack(one, 1)).toBe(true);
    expect(mayMoveBack(spentByPeer(one, 1), 2)).toBe(false);
  });

  it("does not hold for long what nobody reaches", () => {
    let moves = NO_MOVES;
    for (const now of [0, 1, 2]) moves = spendMove(moves, now);
    expect(mayLeave(moves, LAST_RESORT_MS)).toBe(false);
    expect(mayLeave(moves, 2 + LAST_RESORT_MS)).toBe(true);
  });

  it("is not spent by what came to nothing, which has a bound of its own", () => {
    let moves = NO_MOVES;
    for (const now of [0, 1, 2]) moves = tryMove(moves, now);
    expect(mayMove(moves, 3)).toBe(true);
    expect(mayTry(moves, 3)).toBe(false);
    expect(mayTry(moves, MOVES_WINDOW_MS)).toBe(true);
  });

  it("keeps no more than it needs", () => {
    let moves = NO_MOVES;
    for (let now = 0; now < 100; now++) moves = spendMove(moves, now);
    expect(moves.own).toEqual([97, 98, 99]);
  });
});

describe("what a node has moved, on the wire", () => {
  const NOW = 2_000_000;
  const ages = fc.array(fc.nat({ max: MOVES_WINDOW_MS - 1 }), {
    minLength: 1,
    maxLength: MOVES_MAX,
  });

  it("comes back as it went, and is short", () => {
    fc.assert(
      fc.property(ages, (some) => {
        const own = some.map((age) => NOW - age).toSorted((one, other) => one - other);
        const word = movesWord({ ...NO_MOVES, own }, NOW).moves;
        expect(word?.length).toBeLessThanOrEqual(19);
        expect(decodeMoves(word, NOW)).toEqual(own);
      }),
    );
  });

  it.each([undefined, "", "2 0", "1", "1 ", "1 0 0 0 0", "1 -1", "1 x", "1 fffffff", "1 0\n"])(
    "%j is none",
    (word) => {
      expect(decodeMoves(word, NOW)).toBeUndefined();
    },
  );

  it("says nothing where nothing was moved lately", () => {
    expect(movesWord({ ...NO_MOVES, own: [NOW - MOVES_WINDOW_MS] }, NOW)).toEqual({});
  });

  it("leaves out what is long ago", () => {
    expect(decodeMoves("1 fffff 0", NOW)).toEqual([NOW]);
  });
});

/** More than a move by rule takes, way and proof. */
const MOVE_MS = 8_000;

/** zeus serves, and its path is proven. */
function proven(pair = new Pair()): Pair {
  served(pair).run(4_000);
  return pair;
}

function cable(pair: Pair, name: "zeus" | "hera", carrier: boolean): void {
  pair.hosts[name].carrier = carrier;
  pair.face(name);
  pair.run(MOVE_MS);
}

function movesOf(pair: Pair, name: "zeus" | "hera"): Moves | undefined {
  return pair.hosts[name].state?.groups[0]?.moves;
}

function noteOf(pair: Pair, name: "zeus" | "hera"): string | undefined {
  return pair.hosts[name].state?.groups[0]?.note?.text;
}

function degraded(pair: Pair, name: "zeus" | "hera"): readonly string[] {
  const { state } = pair.hosts[name];
  if (state === undefined) throw new Error(`${name} runs`);
  return statusOf(state, pair.now, 0).degraded;
}

/** tandemd alone: kernel, services and journal stay. */
function restartDaemon(pair: Pair, name: "zeus" | "hera"): void {
  pair.start(name);
  pair.join();
  pair.run(1_000);
}

describe("one budget for both nodes", () => {
  it("a cable that is pulled and plugged: there, home, there, and home once there is room", () => {
    const pair = proven();
    for (const carrier of [false, true, false]) cable(pair, "zeus", carrier);
    expect(pair.phase("hera")).toBe("holding");
    const second = pair.now;
    cable(pair, "zeus", true);
    pair.run(60_000);
    expect(pair.phase("hera")).toBe("holding");
    expect(noteOf(pair, "zeus")).toContain("not given to us: it was moved too often lately");
    for (const name of ["zeus", "hera"] as const) {
      expect(degraded(pair, name).join()).toContain("was moved by itself 3 times in ten minutes");
    }
    pair.run(MOVES_WINDOW_MS - (pair.now - second));
    expect(pair.phase("zeus")).toBe("holding");
    expect(degraded(pair, "zeus")).toEqual([]);
    expect(pair.bothAnswered).toBe(0);
  });

  it("both nodes count each of them, and a daemon that starts anew knows them", () => {
    const pair = proven();
    for (const carrier of [false, true, false]) cable(pair, "zeus", carrier);
    for (const name of ["zeus", "hera"] as const) restartDaemon(pair, name);
    expect(movesOf(pair, "zeus")).toMatchObject({ own: { length: 2 }, peers: { length: 1 } });
    expect(movesOf(pair, "hera")).toMatchObject({ own: { length: 1 }, peers: { length: 2 } });
    cable(pair, "zeus", true);
    pair.run(60_000);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("a machine that was off learns them with the next offer", () => {
    const tandem = { ...tutorialConfig().tandem, autoFailbackNow: true };
    const pair = proven(new Pair(tutorialConfig({ tandem })));
    cable(pair, "zeus", false);
    pair.kill("hera");
    pair.report("zeus", "silent");
    pair.hosts.zeus.carrier = true;
    pair.face("zeus");
    pair.run(MOVE_MS);
    expect(pair.phase("zeus")).toBe("holding");
    pair.start("hera", { bootId: "another" });
    pair.join();
    pair.run(MOVE_MS);
    expect(movesOf(pair, "hera")?.peers).toEqual([]);
    pair.request("zeus", 7, "standby");
    pair.run(MOVE_MS);
    expect(pair.phase("hera")).toBe("holding");
    expect(movesOf(pair, "hera")?.peers).toHaveLength(1);
  });

  it("a spent budget keeps a group where nobody reaches it for half a minute at most, and says so", () => {
    const pair = proven();
    for (const carrier of [false, true, false]) cable(pair, "zeus", carrier);
    cable(pair, "zeus", true);
    const spentAt = movesOf(pair, "zeus")?.own.at(-1) ?? 0;
    pair.hosts.hera.carrier = false;
    pair.face("hera");
    pair.run(spentAt + LAST_RESORT_MS - pair.now - 1_000);
    expect(pair.phase("hera")).toBe("holding");
    expect(noteOf(pair, "hera")).toBe(
      "stays here for the moment: eth0 has no carrier here, but it was moved too often lately",
    );
    pair.run(MOVE_MS);
    expect(pair.phase("zeus")).toBe("holding");
    expect(noteOf(pair, "hera")).toBeUndefined();
  });

  it("a death is taken over and comes home, whatever is spent and without spending", () => {
    const tandem = { ...tutorialConfig().tandem, autoFailbackNow: true };
    const pair = proven(new Pair(tutorialConfig({ tandem })));
    pair.kill("zeus");
    pair.report("hera", "silent");
    pair.run(MOVE_MS);
    expect(pair.phase("hera")).toBe("holding");
    pair.start("zeus");
    pair.join();
    pair.run(MOVE_MS);
    expect(pair.phase("zeus")).toBe("holding");
    for (const carrier of [false, true, false]) {
      cable(pair, "zeus", carrier);
      expect(pair.phase(carrier ? "zeus" : "hera")).toBe("holding");
    }
    cable(pair, "zeus", true);
    pair.kill("hera");
    pair.report("zeus", "silent");
    pair.run(MOVE_MS);
    expect(pair.phase("zeus")).toBe("holding");
  });

  it("what a person asks for is neither counted nor limited", () => {
    const pair = proven();
    for (const carrier of [false, true, false]) cable(pair, "zeus", carrier);
    cable(pair, "zeus", true);
    for (const [times, [kind, to]] of [
      ["takeover", "zeus"],
      ["standby", "hera"],
      ["takeover", "zeus"],
    ].entries()) {
      pair.request("zeus", times, kind as "standby" | "takeover");
      pair.run(MOVE_MS);
      expect(pair.phase(to as "zeus" | "hera")).toBe("holding");
    }
    expect(movesOf(pair, "zeus")).toMatchObject({ own: { length: 2 }, peers: { length: 1 } });
  });
});
