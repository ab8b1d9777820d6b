import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../src/lab/lab.ts";
import { projectRoot } from "../src/lab/paths.ts";
import { messageOf } from "../src/wire/message.ts";
import { encodePacket } from "../src/wire/packet.ts";
import { withStandardFields } from "../src/wire/standard-fields.ts";
import { runAgent } from "./lab/agent.ts";
import { gridOrigin, latenessOf } from "./lab/beat-grid.ts";
import type { BeatReport } from "./lab/beat-report.ts";
import type { FloodReport } from "./lab/flood-report.ts";
import { fastTimers, withPairAtRest } from "./lab/pair-at-rest.ts";
import type { UsageReport } from "./lab/usage.ts";
import { type Bench, type Measurement, quantile, type Row } from "./measurement.ts";

/** So long those that watch take to start: the beats of the second half are the calm ones. */
const leadSeconds = 6;
/** And so long whoever floods may take to start. */
const slackSeconds = 4;
/** Nothing about a flood changes with time, and it takes the machine from everybody else. */
const floodSecondsMax = 5;
const windowSeconds = 0.25;
const { keepaliveMs } = fastTimers;

export const flood: Bench = {
  name: "flood",
  what: "what zeus's pulse spends on packets that it throws away, and how late its beats are meanwhile",
  run: ({ seconds, rootless }) =>
    withPairAtRest({ timers: fastTimers, rootless }, async (lab) => {
      const floodSeconds = Math.min(seconds, floodSecondsMax);
      const parts: Part[] = [];
      for (const [what, datagram] of datagrams) {
        parts.push(await measure(lab, { what, datagram, seconds: floodSeconds }));
      }
      return {
        rows: parts.flatMap(({ rows }) => rows),
        noiseFloor: {
          what: "the pulse's processor time right before a flood, the higher one",
          value: Math.max(...parts.map(({ calmShare }) => calmShare)),
          unit: "% of a core",
        },
        conditions: conditionsOf(lab, floodSeconds),
      };
    }),
};

/** As hera's beats are; signed with the tutorial's key. */
const beat = encodePacket(
  withStandardFields(
    messageOf({ t: "status", st: "active", dt: "7d0", protocol: "1", info: "x".repeat(100) })
      .fields,
    { src: "hera.example.com", srcuuidHex: "0c".repeat(16), hg: 7, seq: 1, ts: 1, ttl: 3, ld: "" },
  ),
  { active: 42, keys: [{ number: 42, method: "crc", key: "" }] },
  { encoding: "netstring", innerAuth: true },
);

const datagrams: readonly (readonly [what: string, datagram: Uint8Array])[] = [
  ["garbage", new Uint8Array(beat.length).fill(0x2e)],
  ["forged beats", beat.map((byte, at) => (at === 40 ? byte ^ 1 : byte))],
];

function conditionsOf(lab: Lab, floodSeconds: number): Measurement["conditions"] {
  const { realtime, rootless } = lab.facts;
  return { keepaliveMs, floodSeconds, datagramBytes: beat.length, realtime, rootless };
}

/** By the wall clock. */
interface Time {
  readonly from: number;
  readonly until: number;
}

interface Part {
  readonly rows: readonly Row[];
  readonly calmShare: number;
}

async function measure(
  lab: Lab,
  { what, datagram, seconds }: { what: string; datagram: Uint8Array; seconds: number },
): Promise<Part> {
  const watched = leadSeconds + slackSeconds + seconds;
  const before = await judged(lab);
  const [{ beats }, usage, sent] = await Promise.all([
    runAgent<BeatReport>(lab.host("hera"), {
      program: "beats-main.ts",
      args: [watched, keepaliveMs],
      realtime: lab.facts.realtime,
    }),
    watchPulse(lab, watched),
    sleep(leadSeconds * 1000).then(() =>
      runAgent<FloodReport>(lab.host("hera"), {
        program: "flood-main.ts",
        args: ["10.10.10.1", seconds, Buffer.from(datagram).toString("hex")],
        realtime: false,
      }),
    ),
  ]);
  const judgedMeanwhile = (await judged(lab)) - before;
  const calm = { from: sent.from - (1000 * leadSeconds) / 2, until: sent.from };
  const within =
    (time: Time) =>
    (at: number): boolean =>
      at >= time.from && at < time.until;
  const grid = gridOrigin(beats.filter(within(calm)), keepaliveMs);
  const flooded = beats.filter(within(sent));
  const late = latenessOf(flooded, grid, keepaliveMs);
  const perSecond = (count: number): number => (1000 * count) / (sent.until - sent.from);
  const row = (name: string, value: number, unit: string): Row => {
    return { what: `${what}: ${name}`, value, unit };
  };
  return {
    calmShare: shareOf(usage, calm),
    rows: [
      row("sent", perSecond(sent.sent), "packets/s"),
      row("judged and thrown away", perSecond(judgedMeanwhile), "packets/s"),
      row("the pulse's processor time", shareOf(usage, sent), "% of a core"),
      row("beats: how many came", perSecond(flooded.length), "beats/s"),
      row("beats: p99", quantile(late, 0.99), "ms late"),
      row("beats: worst", quantile(late, 1), "ms late"),
    ],
  };
}

async function watchPulse(lab: Lab, seconds: number): Promise<UsageReport> {
  const { pulse = 0 } = await lab.host("zeus").daemonProcesses();
  return runAgent<UsageReport>(lab.host("zeus"), {
    program: "usage-main.ts",
    args: [pulse, windowSeconds, seconds / windowSeconds],
    realtime: lab.facts.realtime,
  });
}

/** Of the windows that lie wholly in this time. */
function shareOf({ from, windowsMs, processes }: UsageReport, time: Time): number {
  const { cpuMs = [] } = processes.find(({ role }) => role === "pulse") ?? {};
  let [begin, usedMs, passedMs] = [from, 0, 0];
  for (const [index, windowMs] of windowsMs.entries()) {
    if (begin >= time.from && begin + windowMs <= time.until) {
      usedMs += cpuMs[index] ?? 0;
      passedMs += windowMs;
    }
    begin += windowMs;
  }
  return (100 * usedMs) / passedMs;
}

/** How many such packets zeus has thrown away so far, after a look at each. */
async function judged(lab: Lab): Promise<number> {
  const { stdout } = await lab.host("zeus").run([`${projectRoot}bin/tandem`, "status", "--json"]);
  const { discarded } = JSON.parse(stdout) as { discarded: Record<string, number> };
  return (discarded["not-a-message"] ?? 0) + (discarded["bad-auth"] ?? 0);
}
