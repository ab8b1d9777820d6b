import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../src/lab/paths.ts";
import { Cluster, nodeHosts } from "../../src/lab/story/cluster.ts";
import { untilAtRest } from "../../src/lab/story/conditions.ts";
import { measureDuring } from "../../src/lab/story/measure.ts";
import { script } from "./lab-scripts.ts";

/**
 * Somebody on the crossover who has the key and sends as fast as the cable takes it, under every name, to both
 * nodes. The lab's key is crc: whoever can reach the port has it.
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
const discarded = (node: "zeus" | "hera", reason: string) =>
  cluster.nodes[node].status?.discarded[reason] ?? 0;

/** The resident memory of a node's pulse, in KiB. */
async function memoryKb(node: "zeus" | "hera"): Promise<number> {
  const host = cluster.lab.host(node);
  const { pulse } = await host.daemonProcesses();
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(await host.readFile(`/proc/${pulse}/status`)) ?? [];
  return Number(kb);
}

describe("a third sender that has the key and floods the crossover", () => {
  beforeAll(async () => {
    cluster = await Cluster.start({ timers });
    for (const node of nodeHosts) await cluster.lab.host(node).startDaemon();
    await untilAtRest(cluster, "zeus");
  }, testMs);
  afterAll(() => cluster?.close());

  test(
    "moves nothing, costs no ping and no memory, and is named in status and log with what to do",
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
        expect(
          log.filter((text) =>
            /is dead|Late heartbeat|taking it|given up|restart on node/.test(text),
          ),
        ).toEqual([]);
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
});
