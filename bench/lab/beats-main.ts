/**
 * On a node: listens to the crossover for SECONDS and tells when the other node's beats came. Arguments: SECONDS,
 * KEEPALIVE in milliseconds. The times are the kernel's, taken when the packet arrived: how late this process is, is
 * no part of them. It has a timer of its own, though, whose lateness it tells: that of a process with nothing to do.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { WakeTimer } from "../../src/pulse/wake-timer.ts";
import { typeOf } from "../../src/wire/message.ts";
import { decodePacket } from "../../src/wire/packet.ts";
import type { BeatReport } from "./beat-report.ts";
import { BeatSocket } from "./beat-socket.ts";

const [seconds = 0, keepaliveMs = 0] = process.argv.slice(2).map(Number);
/** The tutorial's authkeys. */
const keys = { active: 42, keys: [{ number: 42, method: "crc", key: "" }] } as const;

const socket = new BeatSocket("eth1");
const beats: number[] = [];
const timer: { at: number; lateMs: number }[] = [];
/** The clock of the packets' stamps, close enough to sort the timer's lateness into conditions. */
const wallMs = (): number => performance.timeOrigin + performance.now();

let due = performance.now() + keepaliveMs;
const bare = new WakeTimer(
  () => performance.now(),
  () => {
    timer.push({ at: wallMs(), lateMs: performance.now() - due });
    due += keepaliveMs * Math.max(1, Math.ceil((performance.now() - due) / keepaliveMs));
    bare.set(due);
    read();
  },
);
bare.set(due);
await sleep(seconds * 1000);
bare.clear();
read();
socket.close();
const report: BeatReport = { beats, timer };
process.stdout.write(JSON.stringify(report));

function read(): void {
  for (const { payload, at } of socket.waiting()) {
    const packet = decodePacket(payload, keys);
    if (packet.ok && typeOf(packet.message) === "status") beats.push(at);
  }
}
