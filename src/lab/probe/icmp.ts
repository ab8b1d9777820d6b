import { bootTimeMs } from "../../linux/clock.ts";
import { echoDestination, openEchoSocket } from "../../linux/echo-socket.ts";
import { pollFd, receive, send } from "../../linux/sys.ts";
import { decodeEchoReply, encodeEcho } from "./echo.ts";
import { lostAfterMs, type Ping, type PingReport } from "./report.ts";
import { print, startTicker } from "./ticker.ts";

/** Reports are collected for so long: ten pings at the usual pace. */
const reportMs = 100;

/**
 * Pings an address for ever. The packets go the way of any client's, through the kernel's ARP cache: what a
 * stale entry costs a client, it costs this probe.
 */
export function pingForever(address: string, intervalMs: number): void {
  const socket = openEchoSocket();
  const destination = echoDestination(address);
  const identifier = process.pid & 0xffff;
  const buffer = Buffer.alloc(256);
  const waiting = new Map<number, number>();
  let settled: Ping[] = [];
  let next = 0;

  const drain = (): void => {
    for (let size = receive(socket, buffer); size !== undefined; size = receive(socket, buffer)) {
      const sequence = decodeEchoReply(buffer.subarray(0, size), identifier);
      const sentAt = sequence === undefined ? undefined : waiting.get(sequence);
      // A second answer to the same ping finds it settled.
      if (sequence === undefined || sentAt === undefined) continue;
      waiting.delete(sequence);
      settled.push({ sequence, sentAt, answeredAt: bootTimeMs() });
    }
  };
  const giveUp = (now: number): void => {
    for (const [sequence, sentAt] of waiting) {
      if (now - sentAt < lostAfterMs) return;
      waiting.delete(sequence);
      settled.push({ sequence, sentAt });
    }
  };

  pollFd(socket, {
    onReadable: drain,
    onLost: () => {
      throw new Error("the probe's socket was lost");
    },
  });
  let reported = bootTimeMs();
  startTicker(intervalMs, (now) => {
    // First what waits in the socket: should we have slept, nothing is lost by that.
    drain();
    giveUp(now);
    const sequence = next++;
    waiting.set(sequence, bootTimeMs());
    sendEcho(socket, encodeEcho(identifier, sequence), destination);
    if (now - reported < reportMs) return;
    reported = now;
    const report: PingReport = { kind: "pings", at: now, settled, waiting: waiting.size };
    print(report);
    settled = [];
  });
}

/** A ping that cannot even be sent (the client's own cable) counts as sent: nobody will answer it. */
function sendEcho(socket: number, echo: Buffer, destination: Buffer): void {
  try {
    send(socket, echo, destination);
  } catch {
    // ENETUNREACH, EHOSTUNREACH, ENOBUFS: it shows as lost.
  }
}
