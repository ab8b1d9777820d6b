import { describe, expect, it } from "vitest";
import { Hera, SESSION, said, sent, ZEUS } from "../../../test/channel/hera.ts";
import { messageOf, typeOf } from "../../wire/message.ts";
import { withStandardFields } from "../../wire/standard-fields.ts";
import { CONTROLS, LINES, MESSAGES } from "./peer.ts";
import type { ChannelEffect } from "./state.ts";

/** Ten seconds, a thousand messages in each: what a peer with the right key can do to us. */
const SECONDS = 10;
const PER_SECOND = 1000;

function flood(
  hera: Hera,
  message: (count: number) => ReturnType<typeof said>,
): readonly ChannelEffect[] {
  const before = hera.done.length;
  for (let count = 0; count < SECONDS * PER_SECOND; count += 1) {
    hera.hear(message(count));
    hera.wait(1000 / PER_SECOND);
  }
  return hera.done.slice(before);
}

const passed = (allowance: { most: number; perSecond: number }) =>
  allowance.most + allowance.perSecond * SECONDS;
const logsOf = (effects: readonly ChannelEffect[]) =>
  effects.flatMap((effect) => (effect.kind === "log" ? [effect.text] : []));
const beatsOf = (effects: readonly ChannelEffect[]) =>
  effects.filter((effect) => effect.kind === "transmit" && typeOf(effect.message) === "status");

function joined(): Hera {
  const hera = new Hera();
  hera.hear(said({ seq: 1, heard: SESSION }));
  hera.wait(2000);
  return hera;
}

/** What holds of every flood: our beats go out, it is named once with what to do, the log is bounded. */
function expectBounded(hera: Hera, effects: readonly ChannelEffect[]): void {
  expect(beatsOf(effects).length).toBeGreaterThanOrEqual((SECONDS * 1000) / 2000);
  const logs = logsOf(effects);
  const named = logs.filter((text) => text.includes("packet discarded: flood"));
  expect(named).toHaveLength(1);
  expect(named[0]).toMatch(/restart its daemon.*change authkeys/);
  expect(logs.length).toBeLessThanOrEqual(passed(LINES) + 2);
  expect(hera.discarded["flood"]).toBeGreaterThan(0);
}

describe("a peer that floods", () => {
  it("with beats is heard as far as its allowance goes; the rest is counted", () => {
    const hera = joined();
    const effects = flood(hera, (count) => said({ seq: count + 2, heard: SESSION }));
    expectBounded(hera, effects);
    const reports = effects.filter(({ kind }) => kind === "report");
    expect(reports.length).toBeLessThanOrEqual(2 * passed(MESSAGES));
    expect(hera.discarded["flood"]).toBeGreaterThanOrEqual(SECONDS * PER_SECOND - passed(MESSAGES));
    expect(hera.peer?.liveness).toBe("up");
  });

  it("with messages that nobody knows reaches tandemd no faster than that", () => {
    const hera = joined();
    const effects = flood(hera, (count) => said({ t: "odd", seq: count + 2, heard: SESSION }));
    expectBounded(hera, effects);
    const messages = hera.reports("message");
    expect(messages.length).toBeLessThanOrEqual(passed(MESSAGES));
  });

  it("with holes between its numbers makes no line for each", () => {
    const hera = joined();
    const effects = flood(hera, (count) => said({ seq: 10 * count + 12, heard: SESSION }));
    expectBounded(hera, effects);
    expect(hera.discarded["log-lines"]).toBeGreaterThan(0);
    expect(hera.state.peers[0]?.sequence.missing.length).toBeLessThanOrEqual(500);
  });

  it("with new generations is a restart no more often than that", () => {
    const hera = joined();
    const effects = flood(hera, (count) => said({ seq: 1, hg: 8 + count, heard: SESSION }));
    expectBounded(hera, effects);
    expect(hera.reports("restart").length).toBeLessThanOrEqual(passed(MESSAGES));
  });

  it("with requests for everything gets a bounded number of answers", () => {
    const hera = joined();
    const request = withStandardFields(
      messageOf({ t: "NS_rexmit", dest: "hera", firstseq: "1", lastseq: "50" }).fields,
      { src: ZEUS, srcuuidHex: "0a".repeat(16), hg: 7, ts: 1_795_000_000, ttl: 3 },
    );
    const before = sent(hera).length;
    const effects = flood(hera, () => request);
    expectBounded(hera, effects);
    expect(hera.discarded["flood"]).toBeGreaterThanOrEqual(SECONDS * PER_SECOND - passed(CONTROLS));
    // Each of the few messages that there are at most four times a second.
    expect(sent(hera).length - before).toBeLessThanOrEqual(10 * SECONDS * 5);
  });

  it("with its own old packets takes nothing of what it may still say", () => {
    const hera = joined();
    const old = said({ seq: 1, heard: SESSION });
    flood(hera, (count) => {
      if (count % 2000 === 0) hera.hear(said({ seq: 2 + count / 2000, heard: SESSION }));
      return old;
    });
    expect(hera.discarded).toEqual({ repeated: SECONDS * PER_SECOND });
    expect(hera.reports("message")).toEqual([]);
    expect(hera.peer?.liveness).toBe("up");
  });
});
