import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkHeader } from "../../src/wire/header.ts";
import { fieldOf, typeOf } from "../../src/wire/message.ts";
import { HERA, ZEUS } from "../pair.ts";
import { packetFiles } from "./captures.ts";
import { NOT_TOLD, StandIn, type StandInOptions } from "./stand-in.ts";

/**
 * Each run of two real Heartbeat nodes, with Tandem in the place of either. What it has to say is written
 * down in replay/: `!` what was done, `<` what the real other node said, `=` what Tandem says as the real
 * node did, `+` what only Tandem says, `-` what only the real node said; these two with their reason. Both
 * orders are checked: Tandem's words among those that it hears, and the real node's own.
 */
const REASONS: Readonly<Record<string, string>> = {
  again:
    "`reqnodes` is said each second until it is answered, which was at the time of another question",
  alone: "said while there is nobody to hear it: Tandem tells holdings to a node that is there",
  asks: "the recorded node did not know the other to be active and asked nobody; Tandem asks, every 10 s",
  carrier:
    "the group leaves by itself when its interface has no carrier; ipfail took longer and moved all",
  clients:
    "Heartbeat asks for its own `cl_status clientstatus`; Tandem answers that and has no such tool",
  empty:
    "of a set in which no group is, a node that was alone says nothing: its peer takes it by itself",
  ipfail:
    "ipfail's own words, and the moves it asked for: heartbeat-ipfail.test.ts plays them, with ping nodes",
  keeps:
    "after a partition Tandem keeps what it serves and goes on; Heartbeat gives up and starts anew",
  legacy: "`hb_standby` in legacy mode: a word that its own node ignores; Tandem moves without it",
  order: "the same holdings are told once, behind `done`; Heartbeat also tells them before it",
  prelude: "the run begins in the middle: what was before is another run's",
  reload: "a changed ha.cf makes Heartbeat start anew; Tandem takes it in without a new life",
  scripts: "Heartbeat's scripts tell it by the wire what they have done; the peer knows it already",
  stable: "said once more when the other has become stable, as Heartbeat does; here it comes alone",
  stopped: "of what a node that stops has released, the taker tells that node",
  tools:
    "the list of nodes is ha.cf's alone; after `hb_addnode` both Heartbeat nodes believe to hold all",
  twice: "said once more, though nothing has changed",
  wait: "Heartbeat waits for 10 s and says that it holds nothing meanwhile; Tandem takes its own at once",
};

const tutorial = { keepaliveMs: 2000, warntimeMs: 6000, deadtimeMs: 12_000, initdeadMs: 20_000 };
const lab = { keepaliveMs: 1000, warntimeMs: 3000, deadtimeMs: 6000, initdeadMs: 12_000 };
const fast = { keepaliveMs: 200, warntimeMs: 600, deadtimeMs: 1000, initdeadMs: 4000 };

/** Slices of one run are played one after the other. 12 has ARP and no message. */
const RUNS: readonly (Omit<StandInOptions, "tandem"> & { readonly name: string })[] = [
  { name: "01-11", files: numbered(1, 11), timers: tutorial },
  { name: "13-17", files: numbered(13, 17), timers: lab },
  { name: "30", files: numbered(30, 30), timers: lab, autoFailback: "off" },
  { name: "31", files: numbered(31, 31), timers: lab, autoFailback: "legacy" },
  { name: "32", files: numbered(32, 32), timers: lab },
  // It begins while both run: the start is taken from 13.
  { name: "40", files: [...numbered(13, 13), ...numbered(40, 40)], timers: fast },
];

function numbered(first: number, last: number): readonly string[] {
  return packetFiles().filter((name) => {
    const number = Number(name.slice(0, 2));
    return number >= first && number <= last;
  });
}

interface Table {
  readonly story: readonly string[];
  readonly original: readonly string[];
  readonly reasons: readonly string[];
}

function tableOf(name: string): Table {
  const url = new URL(`replay/${name}.txt`, import.meta.url);
  const lines = readFileSync(url, "utf8").trimEnd().split("\n");
  const story: string[] = [];
  const original: string[] = [];
  const reasons: string[] = [];
  for (const line of lines) {
    const [, mark = "", word = "", reason] = /^([!<=+-]) (.*?)(?: {2}\((\w+)\))?$/.exec(line) ?? [];
    if (mark === "+" || mark === "-") reasons.push(reason ?? `none: ${line}`);
    if (mark === "!" || mark === "<") story.push(line);
    if (mark === "=" || mark === "+") story.push(`> ${word}`);
    if (mark === "=" || mark === "-") original.push(word);
  }
  return { story, original, reasons };
}

describe.each(RUNS)("captures $name", ({ name, ...options }) => {
  it.each(["zeus", "hera"] as const)("Tandem in the place of %s", (tandem) => {
    const played = new StandIn({ ...options, tandem });
    const table = tableOf(`${name}-as-${tandem}`);
    expect(played.story).toEqual(table.story);
    expect(played.original).toEqual(table.original);
    expect(table.reasons.filter((reason) => !(reason in REASONS))).toEqual([]);
    for (const message of played.sent) {
      expect(checkHeader(message, [ZEUS, HERA])).toMatchObject({ ok: true });
      const needed = typeOf(message).startsWith("NS_")
        ? ["srcuuid", "ttl"]
        : ["srcuuid", "ttl", "ld"];
      for (const field of needed) expect(fieldOf(message, field)).toBeDefined();
      if (typeOf(message) === "status") expect(fieldOf(message, "dt")).toMatch(/^[0-9a-f]+$/);
    }
    expect(played.sent.filter((message) => typeOf(message) in NOT_TOLD)).toEqual([]);
  });
});

it("every reason is one of some line", () => {
  const used = RUNS.flatMap(({ name }) =>
    ["zeus", "hera"].flatMap((tandem) => tableOf(`${name}-as-${tandem}`).reasons),
  );
  expect(Object.keys(REASONS).filter((reason) => !used.includes(reason))).toEqual([]);
});
