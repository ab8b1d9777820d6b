import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../src/lab/paths.ts";
import { Cluster, nodeHosts } from "../../src/lab/story/cluster.ts";
import { agreeMs, untilAtRest } from "../../src/lab/story/conditions.ts";
import { measureDuring } from "../../src/lab/story/measure.ts";
import { script } from "./lab-scripts.ts";

/**
 * Somebody on the crossover who sends as fast as the cable takes it: with the key, under every name, to both
 * nodes (the lab's key is crc: whoever can reach the port has it), and without it.
 */

const floodMs = 6000;
const testMs = 180_000;
const timers = { keepaliveMs: 500, warntimeMs: 3000, deadtimeMs: 8000, initdeadMs: 10_000 };

/** Runs on hera, whose uuid and generation it knows: the worst third that there can be. Prints what it sent. */
const flooder = script(`
  import { createSocket } from "node:dgram";
  import { readFileSync } from "node:fs";
  import { messageOf } from "${projectRoot}dist/wire/message.js";
  import { encodePacket } from "${projectRoot}dist/wire/packet.js";
  import { withStandardFields } from "${projectRoot}dist/wire/standard-fields.js";
  const keys = { active: 42, keys: [{ number: 42, method: "crc", key: "" }] };
  const zeus = "zeus.example.com", hera = "hera.example.com";
  const uuid = readFileSync("/var/lib/tandem/uuid").toString("hex");
  const hg = Number(readFileSync("/var/lib/tandem/generation", "latin1"));
  const another = { srcuuidHex: "0c".repeat(16), hg: hg + 1000 };
  const packet = (fields, standard) => encodePacket(
    withStandardFields(messageOf(fields).fields, { ts: 1, ttl: 3, ld: "", ...standard }),
    keys, { encoding: "netstring", innerAuth: true });
  const status = { t: "status", st: "active", dt: "1", protocol: "1", own: "o7fffffffa" };
  const beat = packet(status, { src: hera, ...another, seq: 1 });
  const forged = beat.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
  const garbage = new Uint8Array(300).fill(0x2e);
  const request = packet({ t: "NS_rexmit", dest: zeus, firstseq: "1", lastseq: "50" },
    { src: hera, srcuuidHex: uuid, hg });
  const requests = new Array(20).fill(request);
  const large = packet({ t: "odd", info: "x".repeat(20_000) }, { src: hera, ...another, seq: 1 });
  const socket = createSocket("udp4");
  await new Promise((bound) => socket.bind(0, "10.10.10.2", bound));
  socket.setBroadcast(true);
  const end = Date.now() + ${floodMs};
  let sent = 0;
  for (let seq = 2; Date.now() < end; seq += 1) {
    const packets = [
      packet(status, { src: hera, ...another, seq }),
      packet(status, { src: zeus, ...another, seq }),
      packet({ t: "odd" }, { src: hera, ...another, seq }),
      ...requests, forged, garbage, large,
    ];
    sent += packets.length;
    await Promise.all(packets.map((bytes) =>
      new Promise((done) => socket.send(bytes, 694, "10.10.10.255", done))));
  }
  socket.close();
  console.log(sent);`);

/** Somebody without the key, on hera: garbage and a forged beat to zeus alone, as fast as the machine can. */
const outsider = script(`
  import { closeFd, isSysError, openSocket, send, SOCK_DGRAM } from "${projectRoot}dist/linux/sys.js";
  import { messageOf } from "${projectRoot}dist/wire/message.js";
  import { encodePacket } from "${projectRoot}dist/wire/packet.js";
  const beat = encodePacket(
    messageOf({ t: "status", st: "active", info: "x".repeat(1000) }),
    { active: 42, keys: [{ number: 42, method: "crc", key: "" }] },
    { encoding: "netstring", innerAuth: true });
  const forged = beat.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
  const garbage = new Uint8Array(300).fill(0x2e);
  const to = Buffer.from([2, 0, 694 >> 8, 694 & 255, 10, 10, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const fd = openSocket(2, SOCK_DGRAM, 0);
  const end = Date.now() + ${floodMs};
  for (let sent = 0; Date.now() < end; sent += 1) {
    try {
      send(fd, sent % 8 === 0 ? garbage : forged, to);
    } catch (error) {
      if (!isSysError(error, "EAGAIN", "ENOBUFS")) throw error;
    }
  }
  closeFd(fd);`);

/** What each node has to say of it: under its own name, of the other one, and of nobody. */
const named = {
  zeus: ["another-uuid", "own-name", "flood", "bad-auth", "not-a-message"],
  hera: ["another-uuid", "own-name", "bad-auth", "not-a-message"],
} as const;

/** The log is bounded to a line each minute for a reason; a flood may lie on the border of one. */
const linesMax = 2;
/** What the pulse may grow by: its heap breathes, and no queue of packets is in it. */
const growthKbMax = 64 * 1024;

let cluster: Cluster;

const logSince = (node: "zeus" | "hera", since: number) =>
  cluster.nodes[node].log.filter(({ at }) => at >= since).map(({ text }) => text);
/** A move, or a step towards one. */
const unrest = /is dead|Late heartbeat|taking it|given up|restart on node/;
const discarded = (node: "zeus" | "hera", reason: string) =>
  cluster.nodes[node].status?.discarded[reason] ?? 0;

/** The resident memory of a node's pulse, in KiB. */
async function memoryKb(node: "zeus" | "hera"): Promise<number> {
  const host = cluster.lab.host(node);
  const { pulse } = await host.daemonProcesses();
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(await host.readFile(`/proc/${pulse}/status`)) ?? [];
  return Number(kb);
}

const worksEverywhere = (node: "zeus" | "hera") =>
  cluster.nodes[node].status?.media.every(({ usable }) => usable) === true;

describe("a third sender that floods the crossover", () => {
  beforeAll(async () => {
    cluster = await Cluster.start({ timers });
    for (const node of nodeHosts) await cluster.lab.host(node).startDaemon();
    await untilAtRest(cluster, "zeus");
  }, testMs);
  afterAll(() => cluster?.close());

  test(
    "with the key moves nothing, costs no ping and no memory, and is named in status and log with what to do",
    async () => {
      const since = cluster.now();
      const before = { zeus: await memoryKb("zeus"), hera: await memoryKb("hera") };
      const measured = await measureDuring(cluster, async () => {
        const done = await cluster.lab.host("hera").run(flooder);
        expect(done, done.stderr).toMatchObject({ code: 0 });
        expect(Number(done.stdout)).toBeGreaterThan(5000);
        await cluster.untilTime(cluster.now() + timers.deadtimeMs);
      });
      expect(measured).toMatchObject({ lost: 0, doubled: [], servedBy: ["zeus"] });
      await untilAtRest(cluster, "zeus");
      for (const node of nodeHosts) {
        const log = logSince(node, since);
        expect(log.filter((text) => unrest.test(text))).toEqual([]);
        for (const reason of named[node]) {
          const counted = () => discarded(node, reason) > 0;
          await cluster.until(`${node} counts ${reason}`, counted, timers.deadtimeMs);
          const lines = log.filter((text) => text.includes(`packet discarded: ${reason} `));
          expect(lines.length, `${node}: ${reason}`).toBeGreaterThan(0);
          expect(lines.length, `${node}: ${reason}`).toBeLessThanOrEqual(linesMax);
        }
        const status = await cluster.tandem(node, "status");
        expect(status.stdout).toMatch(/packets thrown away: .*another-uuid \d+/);
        expect((await memoryKb(node)) - before[node]).toBeLessThan(growthKbMax);
      }
    },
    testMs,
  );

  test(
    "without the key is dropped unread beyond its share, moves nothing either, and is named",
    async () => {
      await cluster.until("all media work", () => nodeHosts.every(worksEverywhere), agreeMs);
      const since = cluster.now();
      const measured = await measureDuring(cluster, async () => {
        const done = await cluster.lab.host("hera").run(outsider);
        expect(done, done.stderr).toMatchObject({ code: 0 });
        await cluster.until("zeus counts it", () => discarded("zeus", "unread") > 0, agreeMs);
        const status = await cluster.tandem("zeus", "status");
        expect(status.stdout).toMatch(/eth1: flooded: /);
        expect(status.stdout).toMatch(/packets thrown away: .*unread \d+/);
      });
      expect(measured).toMatchObject({ lost: 0, doubled: [], servedBy: ["zeus"] });
      await cluster.until("zeus reads all again", () => worksEverywhere("zeus"), agreeMs);
      await untilAtRest(cluster, "zeus");
      expect(discarded("zeus", "bad-auth")).toBeGreaterThan(0);
      // Zeus's beats went out there all the time, and hera has not waited for one.
      const logs = { zeus: logSince("zeus", since), hera: logSince("hera", since) };
      expect(logs.hera.filter((text) => unrest.test(text) || /eth1 dead/.test(text))).toEqual([]);
      expect(logs.zeus.filter((text) => unrest.test(text))).toEqual([]);
      // The flood before this one may have been the first to be named.
      const lines = logSince("zeus", 0).filter((text) => text.includes("discarded: unread "));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThanOrEqual(2 * linesMax);
      const states = logs.zeus.filter((text) => text.startsWith("medium eth1 "));
      expect(states).toEqual([
        expect.stringContaining("does not work: flooded"),
        expect.stringContaining("works: all that comes is read again"),
      ]);
    },
    testMs,
  );
});
