import { expect, it } from "vitest";
import { ETH1, Hera, LINE_BEAT_MS, overLine, TTY } from "../../../test/pulse/hera-on-a-line.ts";
import { nextBeatAt } from "./beat.ts";

const KEEPALIVE_MS = 1_000;

it("a node that has just said that it beats fast does so, whatever pace it had", () => {
  const hera = new Hera([TTY, ETH1]);
  hera.step({ kind: "medium", medium: ETH1.name, usable: false, detail: "no carrier" });
  hera.live(10_000);
  const beats = overLine(hera, "status").map(({ at }) => at);
  expect((beats.at(-1) ?? 0) - (beats.at(-2) ?? 0)).toBeGreaterThan(LINE_BEAT_MS - 1);
  // Right behind a slow beat the cable is back, and what hera owns changes: she says so in a beat.
  while (overLine(hera, "status").length === beats.length) hera.live(10);
  hera.live(20);
  hera.step({ kind: "medium", medium: ETH1.name, usable: true, detail: "" });
  hera.hear("status", { seq: hera.nextSeq() }, ETH1.name);
  hera.step({ kind: "say", st: "active", words: "f1a" });
  const since = hera.now;
  hera.live(4_000);
  const fast = [since, ...hera.beatsAt.filter((at) => at > since)];
  const pauses = fast.slice(1).map((at, index) => at - (fast[index] ?? 0));
  expect(Math.max(...pauses)).toBeLessThan(KEEPALIVE_MS + 1);
});

it("a flood on the cable slows no beat down: it still carries what we send", () => {
  const hera = new Hera([ETH1, TTY]);
  flooded(hera);
  const since = hera.now;
  hera.live(9_000);
  const beats = hera.beatsAt.filter((at) => at > since);
  expect(beats.length).toBeGreaterThanOrEqual(9_000 / KEEPALIVE_MS - 1);
});

/** As a flood begins hera's own voice is among what is dropped, before anybody says that something is. */
it.each([
  ["it is flooded", (hera: Hera) => flooded(hera)],
  ["her own voice comes back", (hera: Hera) => hera.hearHerself(ETH1.name)],
])("what was planned slowly on a cable that seemed deaf comes at once when %s", (_, tell) => {
  const hera = new Hera([ETH1, TTY]);
  hera.live(KEEPALIVE_MS + 1);
  hera.hearHerself(ETH1.name);
  const isSlow = (): boolean => nextBeatAt(hera.state.beat) - hera.now > KEEPALIVE_MS;
  for (let ms = 0; ms < 5_000 && !isSlow(); ms += 10) hera.live(10);
  expect(isSlow()).toBe(true);
  tell(hera);
  const since = hera.now;
  hera.live(2 * KEEPALIVE_MS);
  expect(hera.beatsAt.find((at) => at > since)).toBeLessThanOrEqual(since + KEEPALIVE_MS);
});

function flooded(hera: Hera): void {
  hera.step({ kind: "discarded", medium: ETH1.name, reason: "unread", count: 1000 });
}
