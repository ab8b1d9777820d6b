import { firstAnswerAfter, type Span } from "../probe/outage.ts";
import type { Cluster } from "../story/cluster.ts";
import {
  agreeMs,
  crossover,
  isAgreed,
  isBack,
  linkStatus,
  nullModem,
  peerOf,
  untilAtRest,
} from "../story/conditions.ts";
import { printedTimers, quickTimers, type StoryTimers } from "../story/files.ts";
import { type Measured, measure, measureDuring } from "../story/measure.ts";
import { Refused } from "../story/steps.ts";
import { lossOf, untilServedBy } from "./moves.ts";
import type { FigureDefinition, Figures, Scenario, Variant } from "./scenario.ts";

/** Deaths and hangs: of a machine, of the daemon, of pulse and daemon together. */

export const powerCut: Scenario = {
  name: "power-cut",
  what: "the owner loses its power: the other takes over at most deadtime + 50 ms after the last beat it received (median)",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures: [
        {
          name: "over-deadtime",
          meaning:
            "from the last beat that the survivor received to the first answered ping, less deadtime",
          unit: "ms",
          required: { of: "median", atMost: 50 },
        },
        { name: "outage", meaning: "from the cut to the first answered ping", unit: "ms" },
        {
          name: "first-page",
          meaning: "from the first answered ping to the first page",
          unit: "ms",
        },
        {
          name: "doubled",
          meaning: "two nodes answered",
          unit: "ms",
          required: { of: "worst", atMost: 0 },
        },
      ],
      run: async (cluster) => {
        const from = cluster.now();
        await cluster.powerCut("zeus");
        const cut = cluster.now();
        await untilServedBy(cluster, "hera", cluster.timers.deadtimeMs);
        await cluster.until(
          "hera's status says when it last heard zeus",
          () => isAgreed(cluster, "hera", ["hera"]) && lastHeard(cluster) !== undefined,
          agreeMs,
        );
        const heardAt = lastHeard(cluster) ?? Number.NaN;
        const measured = await measure(cluster, { from, until: cluster.now() });
        const answered = firstAnswerAfter(cluster.probe.pings, cut) ?? Number.NaN;
        const page = cluster.probe.pages.find((one) => one.at >= cut && one.status === 200);
        return {
          "over-deadtime": answered - heardAt - cluster.timers.deadtimeMs,
          outage: answered - from,
          "first-page": page === undefined ? Number.NaN : page.at + page.tookMs - answered,
          doubled: doubledMs(measured.doubled),
        };
      },
    },
  ],
};

/** The survivor's own record of the last beat it received from its peer. */
function lastHeard(cluster: Cluster): number | undefined {
  const { status } = cluster.nodes.hera;
  return status === undefined ? undefined : peerOf(status)?.heardAtMs;
}

/** The client asks who has the address so often: what it sees between two questions counts whole. */
const arpIntervalMs = 50;
const doubledMs = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, until }) => sum + until - from + arpIntervalMs, 0);

const staysPut: readonly FigureDefinition[] = [
  { name: "lost", meaning: "pings lost", unit: "count", required: { of: "worst", atMost: 0 } },
  { name: "moved", meaning: "hera served", unit: "count", required: { of: "worst", atMost: 0 } },
  { name: "silence", meaning: "longest time between two answers", unit: "ms" },
  { name: "pages-failed", meaning: "pages that failed", unit: "count" },
];

export const daemonDeath: Scenario = {
  name: "daemon-death",
  what: "the owner's daemon is killed or stopped: no move, 0 pings lost, a daemon again within max(1 s, deadtime/4) + 1 s",
  runs: 20,
  variants: (["SIGKILL", "SIGSTOP"] as const).map((signal) => ({
    name: signal,
    timers: quickTimers,
    figures: [
      ...staysPut,
      {
        name: "daemon-back",
        meaning: "until a daemon tells its status again",
        unit: "ms",
        required: { of: "worst", atMost: Math.max(1000, quickTimers.deadtimeMs / 4) + 1000 },
      },
    ],
    run: async (cluster) => {
      let back = Number.NaN;
      const measured = await measureDuring(cluster, async () => {
        const from = cluster.now();
        await cluster.lab.host("zeus").killDaemon("daemon", signal);
        await cluster.until("a daemon runs again", () => isBack(cluster, "zeus", from), agreeMs);
        back = cluster.nodes.zeus.statusAt - from;
        // A peer that takes this for a death would act within its dead time.
        await cluster.untilTime(cluster.now() + cluster.timers.deadtimeMs);
        await untilAtRest(cluster, "zeus");
      });
      return { ...lossOf(measured), moved: movedTo(measured, "hera"), "daemon-back": back };
    },
  })),
};

const movedTo = ({ servedBy }: Measured, node: "zeus" | "hera"): number =>
  servedBy.includes(node) ? 1 : 0;

/** So long after deadtime a stopped pair of processes goes on. */
const continueAfterMs = 5000;

const bothDeathTimers: readonly StoryTimers[] = [
  quickTimers,
  { keepaliveMs: 500, warntimeMs: 1500, deadtimeMs: 4000, initdeadMs: 10_000 },
  { ...printedTimers, initdeadMs: 12_000 },
];

export const bothDeath: Scenario = {
  name: "both-death",
  what: "pulse and daemon of the owner killed or stopped together, going on deadtime + 5 s later: never two that answer, nobody for at most keepalive + 1.5 s before deadtime",
  runs: 30,
  variants: bothDeathTimers.flatMap((timers) =>
    (["SIGSTOP", "SIGKILL"] as const).map((signal) => bothDeathVariant(timers, signal)),
  ),
};

function bothDeathVariant(timers: StoryTimers, signal: "SIGSTOP" | "SIGKILL"): Variant {
  return {
    name: `deadtime ${timers.deadtimeMs / 1000} ${signal}`,
    timers,
    figures: [
      {
        name: "doubled",
        meaning: "two nodes answered",
        unit: "ms",
        required: { of: "worst", atMost: 0 },
      },
      {
        name: "nobody",
        meaning: "nobody answered before deadtime was over",
        unit: "ms",
        required: { of: "worst", atMost: timers.keepaliveMs + 1500 },
      },
      { name: "silence", meaning: "longest time between two answers", unit: "ms" },
      { name: "moved", meaning: "hera took over", unit: "count" },
    ],
    run: (cluster) => bothDie(cluster, signal),
  };
}

async function bothDie(cluster: Cluster, signal: "SIGSTOP" | "SIGKILL"): Promise<Figures> {
  const { deadtimeMs } = cluster.timers;
  const from = cluster.now();
  const pids = await cluster.lab.host("zeus").killDaemon("both", signal);
  let heardAt = from;
  if (signal === "SIGSTOP") {
    await cluster.until(
      "hera owns it",
      () => isAgreed(cluster, "hera", ["hera"]),
      deadtimeMs + agreeMs,
    );
    heardAt = lastHeard(cluster) ?? Number.NaN;
    await cluster.untilTime(from + deadtimeMs + continueAfterMs);
    for (const pid of pids) await cluster.lab.host("zeus").signal(pid, "SIGCONT");
  } else {
    await cluster.until("a daemon runs again", () => isBack(cluster, "zeus", from), agreeMs);
    await cluster.untilTime(from + deadtimeMs + continueAfterMs);
  }
  // Two that answer would do so now.
  await cluster.untilTime(cluster.now() + deadtimeMs);
  await cluster.until(
    "one owner that both agree upon",
    () => isAgreed(cluster, "zeus") || isAgreed(cluster, "hera"),
    agreeMs,
  );
  const measured = await measure(cluster, { from, until: cluster.now() });
  const { silence } = measured;
  const nobody =
    silence === undefined ? 0 : Math.min(silence.until, heardAt + deadtimeMs) - silence.from;
  return {
    doubled: doubledMs(measured.doubled),
    nobody: Math.max(0, nobody),
    silence: measured.silenceMs,
    moved: movedTo(measured, "hera"),
  };
}

export const partition: Scenario = {
  name: "partition",
  what: "the heartbeat cables and the owner's LAN cable out, both alive, then all plugged in: settled less than 1 s after the first message",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures: [
        {
          name: "settled",
          meaning:
            "from the cables plugged in to one owner that both agree upon, by status and ARP",
          unit: "ms",
          required: { of: "worst", atMost: 1000 + quickTimers.keepaliveMs },
        },
        { name: "lost", meaning: "pings lost after the cables were plugged in", unit: "count" },
        { name: "doubled", meaning: "two nodes answered the client", unit: "ms" },
      ],
      run: async (cluster) => {
        const heartbeat = [crossover, "serial"] as const;
        for (const cable of heartbeat) await cluster.cutCable("zeus", cable);
        await cluster.until(
          "zeus hears hera on no cable",
          () =>
            heartbeat.every(
              (_, index) => linkStatus(cluster, "zeus", media[index] ?? "") === "dead",
            ),
          cluster.timers.deadtimeMs + agreeMs,
        );
        // As long as hera sees zeus answer on the LAN, it takes nothing (safety.md 4).
        await cluster.cutCable("zeus", "eth0");
        const cables = [...heartbeat, "eth0"] as const;
        await untilServedBy(cluster, "hera", cluster.timers.deadtimeMs);
        const state = cluster.nodes.zeus.group?.state;
        if (state !== "holding") {
          throw new Refused(
            `zeus is ${state} while it is cut off: there are not two owners to be settled`,
          );
        }
        const from = cluster.now();
        for (const cable of cables) await cluster.plugCable("zeus", cable);
        await cluster.until("one owner that both agree upon", () => isSettled(cluster), agreeMs);
        const statusAt = Math.max(cluster.nodes.zeus.statusAt, cluster.nodes.hera.statusAt);
        const measured = await measure(cluster, { from, until: cluster.now() });
        const doubledUntil = measured.doubled.at(-1)?.until ?? from;
        return {
          settled: Math.max(statusAt, doubledUntil) - from,
          lost: measured.lost,
          doubled: doubledMs(measured.doubled),
        };
      },
    },
  ],
};

/** The heartbeat media by the names that the nodes give them, in the order of their cables. */
const media: readonly string[] = [crossover, nullModem];

/** Both name the same owner. It may be about to fail back: that is a move of its own, and takes its time. */
function isSettled({ nodes }: Cluster): boolean {
  const owner = nodes.zeus.group?.owner;
  return owner !== undefined && owner === nodes.hera.group?.owner;
}
