import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { MediumEnd, MediumPair } from "./medium-end.ts";

/** Every byte there is: a line that is not raw changes some of them. */
const ALL_BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));

/**
 * What any medium promises, run against each of them, real or simulated. `connect` makes a pair of
 * ends that hear each other once both are open.
 */
export function behavesAsMedium(name: string, connect: () => Promise<MediumPair>): void {
  describe(`${name}, as a medium`, () => {
    let pair: MediumPair;
    beforeAll(async () => {
      pair = await connect();
    });
    afterEach(async () => {
      await pair.left.close();
      await pair.right.close();
    });
    afterAll(() => pair.close());

    it("says that it is usable, in a sentence", async () => {
      expect(await pair.left.open()).not.toBe("");
      expect(await pair.left.state(true)).not.toBe("");
    });

    it("delivers bytes whole and in order, both ways", async () => {
      await openBoth(pair);
      await deliversInOrder(pair.left, pair.right, "left");
      await deliversInOrder(pair.right, pair.left, "right");
    });

    it("delivers every byte as it is", async () => {
      await openBoth(pair);
      await pair.left.send(`${ALL_BYTES}end`, false);
      expect(await pair.right.heard("end")).toContain(ALL_BYTES);
    });

    it("survives the other end's absence, and is heard when that comes back", async () => {
      await pair.left.open();
      await pair.left.state(true);
      for (let count = 0; count < 20; count++) await pair.left.send("to nobody;", true);
      await openBoth(pair, { left: false });
      await repeatUntilHeard(pair.left, pair.right, "are you there?");
      await pair.right.close();
      await pair.left.send("to nobody;", true);
      await openBoth(pair, { left: false });
      await repeatUntilHeard(pair.right, pair.left, "back again");
    });

    it("can be closed twice, says nothing after that, and takes sends without a word", async () => {
      await openBoth(pair);
      await pair.left.close();
      await pair.left.close();
      await pair.left.send("from beyond;", false);
      await repeatUntilSent(pair.right);
      expect(await pair.left.toldAfterClose()).toBe(0);
    });

    it("counts what it sent", async () => {
      await openBoth(pair);
      await pair.left.send("one;", false);
      await pair.right.heard("one;");
      const counts = await pair.left.send("two;", false);
      expect(counts.sent).toBeGreaterThan(0);
      expect(counts.dropped).toBe(0);
    });
  });
}

async function openBoth(
  pair: MediumPair,
  which: { left: boolean } = { left: true },
): Promise<void> {
  if (which.left) await pair.left.open();
  await pair.right.open();
  await pair.left.state(true);
  await pair.right.state(true);
}

/** A card that has just come up gets its IPv6 address a moment later: what is sent before that is lost. */
async function deliversInOrder(from: MediumEnd, to: MediumEnd, name: string): Promise<void> {
  await repeatUntilHeard(from, to, `${name}?`);
  const messages = Array.from({ length: 40 }, (_, i) => `${name} ${i} ${".".repeat(i)};`);
  for (const message of messages) await from.send(message, false);
  const heard = await to.heard(messages.at(-1) ?? "");
  expect(heard).toContain(messages.join(""));
}

/** What is sent before the other end reads may be lost; a beat follows soon. */
async function repeatUntilHeard(from: MediumEnd, to: MediumEnd, text: string): Promise<void> {
  let heard = false;
  const hearing = to.heard(text).then(() => {
    heard = true;
  });
  while (!heard) {
    await from.send(text, false);
    await Promise.race([hearing, sleep(50)]);
  }
}

/** Enough traffic that anything still told to the closed end would have been. */
async function repeatUntilSent(from: MediumEnd): Promise<void> {
  for (let count = 0; count < 5; count++) {
    await from.send("anybody?;", false);
    await sleep(10);
  }
}
