import { expect, test } from "vitest";
import { Chance } from "./chance.ts";
import { EventQueue } from "./event-queue.ts";
import { SerialLine } from "./serial-line.ts";

function nullModem() {
  const queue = new EventQueue();
  const line = new SerialLine({ name: "/dev/ttyS1", baud: 9600, queue, chance: new Chance(3) });
  const heard: { at: number; bytes: number[] }[] = [];
  const end = (hear: (bytes: Uint8Array) => void) => ({
    name: "end",
    isPowered: () => true,
    isAwake: () => true,
    hear: (_medium: string, bytes: Uint8Array) => hear(bytes),
    carrierChanged: () => {},
  });
  const record = (bytes: Uint8Array): void => {
    heard.push({ at: queue.now, bytes: [...bytes] });
  };
  line.connect([end(() => expect.unreachable()), end(record)]);
  const live = (ms: number): void => {
    const until = queue.now + ms;
    while (queue.stepUntil(until));
  };
  const all = (): number[] => heard.flatMap(({ bytes }) => bytes);
  return { line, heard, all, live };
}

const packet = Uint8Array.from({ length: 480 }, (_, index) => index % 200);

test("9600 baud carry 960 bytes a second, in order and in pieces", () => {
  const { line, heard, all, live } = nullModem();
  line.transmit(0, packet, false);
  live(2_000);
  expect(all()).toEqual([...packet]);
  expect(heard.length).toBeGreaterThan(2);
  expect(heard.at(-1)?.at).toBeCloseTo(500, 6);
});

test("a busy line drops what may be dropped and queues the rest, with a bound", () => {
  const { line, all, live } = nullModem();
  line.transmit(0, packet, false);
  line.transmit(0, packet, true);
  live(2_000);
  expect(all()).toHaveLength(packet.length);
  for (let i = 0; i < 20; i += 1) line.transmit(0, packet, false);
  live(60_000);
  expect(all().length).toBeLessThan(packet.length + 4096 + packet.length);
});

test("a pulled cable swallows what is under way; a noisy one spoils bytes and loses none", () => {
  const { line, all, live } = nullModem();
  line.transmit(0, packet, false);
  live(250);
  line.plug(0, false);
  live(2_000);
  const arrived = all().length;
  expect(arrived).toBeGreaterThan(0);
  expect(arrived).toBeLessThan(packet.length);
  line.plug(1, true);
  line.ways[0].loss = 1;
  line.transmit(0, packet, false);
  live(2_000);
  expect(all()).toHaveLength(arrived + packet.length);
  expect(all().slice(arrived)).not.toEqual([...packet]);
});
