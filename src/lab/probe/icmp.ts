import { bootTimeMs } from "../../linux/clock.ts";
import { ipv4Bytes } from "../../linux/ipv4.ts";
import {
  openSocket,
  pollFd,
  receive,
  SOCK_RAW,
  send,
  setOption,
  setReceiveBuffer,
} from "../../linux/sys.ts";
import { decodeEchoReply, encodeEcho } from "./echo.ts";
import { lostAfterMs, type Ping, type PingReport } from "./report.ts";
import { print, startTicker } from "./ticker.ts";

/** Reports are collected for so long: ten pings at the usual pace. */
const reportMs = 100;
/** All answers of many seconds, should we sleep. */
const receiveBufferBytes = 1 << 20;

/**
 * Pings an address for ever. The packets go the way of any client's, through the kernel's ARP cache: what a
 * stale entry costs a client, it costs this probe.
 */
export function pingForever(address: string, intervalMs: number): void {
  const socket = openEchoSocket();
  const destination = socketAddress(address);
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

function openEchoSocket(): number {
  const AF_INET = 2;
  const IPPROTO_ICMP = 1;
  const SOL_RAW = 255;
  const ICMP_FILTER = 1;
  // Unconnected: the kernel tells an unconnected raw socket of no ICMP error, and an error would end the poll.
  const socket = openSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  // A set bit is a type that is kept away: all but echo replies (type 0).
  setOption(socket, SOL_RAW, ICMP_FILTER, ~1);
  setReceiveBuffer(socket, receiveBufferBytes);
  return socket;
}

/** struct sockaddr_in. */
function socketAddress(address: string): Buffer {
  const AF_INET = 2;
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  ipv4Bytes(address).copy(bytes, 4);
  return bytes;
}
