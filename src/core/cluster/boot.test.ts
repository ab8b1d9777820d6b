import { expect, test } from "vitest";
import { type Pair, served, WWW } from "../../../test/pair.ts";

/** The daemon of zeus is killed before it has cleared anything away, and started again. */
function restartedWhileStarting(pair: Pair): readonly number[] | undefined {
  pair.start("zeus");
  expect(pair.phase("zeus")).toBe("releasing");
  pair.start("zeus");
  return pair.hosts.zeus.state?.deaths;
}

test("a daemon that was ended while it still started is no death after a clean stop", () => {
  const pair = served();
  pair.stop("zeus");
  pair.run(10_000);
  expect(pair.part("hera")).toBe("owns");
  expect(restartedWhileStarting(pair)).toEqual([]);
});

test("a death is counted once, however often the next daemon is ended while it starts", () => {
  const pair = served();
  pair.kill("zeus");
  expect(restartedWhileStarting(pair)).toHaveLength(1);
});

test("a daemon that was ended while it gave the group away is a death", () => {
  const pair = served();
  pair.stop("zeus");
  for (let ms = 0; ms < 9_000 && pair.phase("zeus") !== "draining"; ms += 1) pair.run(1);
  expect(pair.phase("zeus")).toBe("draining");
  pair.start("zeus");
  expect(pair.hosts.zeus.state?.deaths).toHaveLength(1);
});

test.each([
  ["of this boot are remembered", "boot-zeus", [9_000, 9_500]],
  ["of another boot are not: its clock says nothing", "another", []],
])("moves %s", (_, bootId, expected) => {
  const pair = served();
  const { record } = pair.hosts.zeus;
  const group = record?.groups[WWW];
  if (record === undefined || group === undefined) throw new Error("zeus has a record");
  // One is of the future: what cannot be is left out.
  const moves = { own: [9_000, 9_500, 9_000_000], peers: [] };
  pair.start("zeus", { bootId, record: { ...record, groups: { [WWW]: { ...group, moves } } } });
  expect(pair.hosts.zeus.state?.groups[0]?.moves.own).toEqual(expected);
});
