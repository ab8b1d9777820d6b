import { bootTimeMs } from "../../linux/clock.ts";
import type { NodeHost } from "../layout.ts";
import type { Cluster } from "./cluster.ts";
import {
  agreeMs,
  crossover,
  isAgreed,
  isHeardOver,
  isServedBy,
  linkStatus,
  nullModem,
  untilAtRest,
} from "./conditions.ts";
import type { StoryTimers } from "./files.ts";
import type { Measured } from "./measure.ts";

/** What can be played, in the order of the story. */
export const stepNames = [
  "start",
  "power-cut",
  "return",
  "standby",
  "takeover",
  "heartbeat-cable",
  "lan-cable",
  "lan-return",
] as const;
export type StepName = (typeof stepNames)[number];

/** One event of the story, and what should follow. */
export interface Step {
  readonly name: StepName;
  /** What is done to the pair. */
  readonly title: string;
  /** What should follow, in words. */
  readonly expected: string;
  /** Who should serve when it is over. */
  readonly owner: NodeHost;
  /** Nobody served before: the silence counts from the step's beginning. */
  readonly fromNothing?: boolean;
  /** The step that leads up to it, if any but the start does. */
  readonly after?: StepName;
  /** Resolves when the pair is as this step begins with. @throws NotWithin */
  readonly before: (cluster: Cluster) => Promise<void>;
  /** Does it, and resolves when what should follow has. @returns when it began @throws NotWithin */
  readonly play: (cluster: Cluster) => Promise<number>;
  /** What is not as expected in what the client saw, whatever the time it took. */
  readonly judge?: (measured: Measured) => string | undefined;
  /** How long the silence may be. */
  readonly silenceMaxMs?: (timers: StoryTimers) => number;
}

/** Product.md 4. The machine that plays may be slow, so that a death is given a second more. */
const startMs = 2000;
const slackMs = 1000;
const lanMs = 2000;

const lossless = ({ lost, pagesFailed, sent }: Measured): string | undefined =>
  lost > 0 ? `${lost} of ${sent} pings lost` : pagesFailed > 0 ? pagesLost(pagesFailed) : undefined;
/** A move without the relay may cost a page: its SYN met one node, its data the other (safety.md 6). */
const noPingLost = ({ lost, sent }: Measured): string | undefined =>
  lost > 0 ? `${lost} of ${sent} pings lost` : undefined;
const pagesLost = (count: number): string => `${count} ${count === 1 ? "page" : "pages"} failed`;

const atRest = (owner: NodeHost) => (cluster: Cluster) => untilAtRest(cluster, owner);

async function untilServed(cluster: Cluster, node: NodeHost, boundMs: number): Promise<void> {
  const since = bootTimeMs();
  await cluster.until(
    `${node} serves the client`,
    () => isServedBy(cluster, node, since),
    boundMs + agreeMs,
  );
}

const untilAgreed = (cluster: Cluster, owner: NodeHost, who?: readonly NodeHost[]) =>
  cluster.until(
    `${(who ?? ["both"]).join()} agreed that ${owner} owns it`,
    () => isAgreed(cluster, owner, who),
    agreeMs,
  );

const start: Step = {
  name: "start",
  title: "both machines are switched on",
  expected: "zeus serves within 2 s of the second start; httpd does not run on hera",
  owner: "zeus",
  fromNothing: true,
  before: async () => {},
  play: async (cluster) => {
    await cluster.lab.host("hera").startDaemon();
    const second = bootTimeMs();
    await cluster.lab.host("zeus").startDaemon();
    await untilServed(cluster, "zeus", cluster.timers.initdeadMs);
    await untilAtRest(cluster, "zeus");
    return second;
  },
  judge: ({ servedBy }) => (servedBy.includes("hera") ? "hera served, too" : undefined),
  silenceMaxMs: () => startMs,
};

const powerCut: Step = {
  name: "power-cut",
  title: "zeus loses its power",
  expected: "hera takes over after deadtime and next to nothing",
  owner: "hera",
  before: atRest("zeus"),
  play: async (cluster) => {
    const from = bootTimeMs();
    await cluster.powerCut("zeus");
    await untilServed(cluster, "hera", cluster.timers.deadtimeMs);
    await untilAgreed(cluster, "hera", ["hera"]);
    return from;
  },
  silenceMaxMs: ({ deadtimeMs }) => deadtimeMs + slackMs,
};

const comeBack: Step = {
  name: "return",
  title: "zeus has its power again",
  expected: "zeus takes its address back, no ping lost",
  owner: "zeus",
  after: "power-cut",
  before: (cluster) => untilAgreed(cluster, "hera", ["hera"]),
  play: async (cluster) => {
    const from = bootTimeMs();
    await cluster.powerOn("zeus");
    await cluster.lab.host("zeus").startDaemon();
    await untilServed(cluster, "zeus", cluster.timers.initdeadMs);
    await untilAtRest(cluster, "zeus");
    return from;
  },
  judge: noPingLost,
};

const standby: Step = {
  name: "standby",
  title: "`tandem standby` on zeus",
  expected: "hera takes over, no ping lost",
  owner: "hera",
  before: atRest("zeus"),
  play: async (cluster) => plannedMove(cluster, "zeus", "standby", "hera"),
  judge: noPingLost,
};

const takeover: Step = {
  name: "takeover",
  title: "`tandem takeover` on zeus",
  expected: "zeus takes it back, no ping lost",
  owner: "zeus",
  after: "standby",
  before: atRest("hera"),
  play: async (cluster) => plannedMove(cluster, "zeus", "takeover", "zeus"),
  judge: noPingLost,
};

async function plannedMove(
  cluster: Cluster,
  node: NodeHost,
  command: "standby" | "takeover",
  to: NodeHost,
): Promise<number> {
  const from = bootTimeMs();
  const { code, stdout, stderr } = await cluster.tandem(node, command);
  if (code !== 0) throw new Refused(`tandem ${command}: ${stderr.trim() || stdout.trim()}`);
  await untilServed(cluster, to, 0);
  await untilAgreed(cluster, to);
  return from;
}

/** The pair refused what the story asked of it. */
export class Refused extends Error {}

const heartbeatCable: Step = {
  name: "heartbeat-cable",
  title: "the crossover cable is pulled, and plugged again",
  expected: "nothing moves, both nodes say so",
  owner: "zeus",
  before: atRest("zeus"),
  play: async (cluster) => {
    const from = bootTimeMs();
    await cluster.cutCable("zeus", crossover);
    await cluster.until(
      "both nodes find eth1 dead",
      () =>
        linkStatus(cluster, "zeus", crossover) === "dead" &&
        linkStatus(cluster, "hera", crossover) === "dead",
      cluster.timers.deadtimeMs + agreeMs,
    );
    // Whoever would take this for a death, would have by then.
    await cluster.untilTime(bootTimeMs() + cluster.timers.deadtimeMs);
    const overSerial = isHeardOver(cluster, [nullModem]);
    await cluster.plugCable("zeus", crossover);
    if (!overSerial) throw new Refused("the nodes do not hear each other over the serial line");
    await untilAtRest(cluster, "zeus");
    return from;
  },
  judge: (measured) =>
    measured.servedBy.includes("hera") ? "it moved to hera" : lossless(measured),
};

const lanCable: Step = {
  name: "lan-cable",
  title: "the LAN cable of zeus is pulled",
  expected: "hera takes over by consent, in less than 2 s",
  owner: "hera",
  before: atRest("zeus"),
  play: async (cluster) => {
    const from = bootTimeMs();
    await cluster.cutCable("zeus", "eth0");
    await untilServed(cluster, "hera", 0);
    await cluster.until(
      "both nodes know that hera owns it",
      () =>
        cluster.nodes.zeus.group?.owner === cluster.nodes.hera.fullName &&
        isAgreed(cluster, "hera", ["hera"]),
      agreeMs,
    );
    return from;
  },
  silenceMaxMs: () => lanMs,
};

const lanReturn: Step = {
  name: "lan-return",
  title: "the LAN cable of zeus is plugged in again",
  expected: "zeus takes its address back, no ping lost",
  owner: "zeus",
  after: "lan-cable",
  before: (cluster) => untilAgreed(cluster, "hera", ["hera"]),
  play: async (cluster) => {
    const from = bootTimeMs();
    await cluster.plugCable("zeus", "eth0");
    await untilServed(cluster, "zeus", 0);
    await untilAtRest(cluster, "zeus");
    return from;
  },
  judge: noPingLost,
};

/** The whole story, in its order. */
export const steps: readonly Step[] = [
  start,
  powerCut,
  comeBack,
  standby,
  takeover,
  heartbeatCable,
  lanCable,
  lanReturn,
];

/** What has to be played for this one to make sense: the start, what leads up to it, itself. */
export function storyOf(name: StepName): readonly Step[] {
  const chain: Step[] = [];
  let next: StepName | undefined = name;
  while (next !== undefined) {
    const step = steps.find((one) => one.name === next);
    if (step === undefined) break;
    chain.unshift(step);
    next = step.after;
  }
  return chain[0] === start ? chain : [start, ...chain];
}
