import type { NodeHost } from "../layout.ts";
import { doublyAnswered, firstAnswerAfter, type Span, summarizePings } from "../probe/outage.ts";
import { lostAfterMs, type PageReport } from "../probe/report.ts";
import { answerers, type Cluster, serverOf } from "./cluster.ts";

/** What the client saw of the service over some time; times in milliseconds of CLOCK_BOOTTIME. */
export interface Measured extends Span {
  readonly sent: number;
  readonly lost: number;
  /** The longest time between two answers that followed each other; from the beginning where nothing served before. */
  readonly silenceMs: number;
  readonly silence: Span | undefined;
  readonly pages: number;
  readonly pagesFailed: number;
  /** When two nodes answered for the address; empty is what everybody wants. */
  readonly doubled: readonly Span[];
  /** Who answered for the address or delivered a page, in order of appearance. */
  readonly servedBy: readonly NodeHost[];
}

/** The silence of an event may have begun with an answer shortly before it. */
const leadMs = 200;

/**
 * Sums up what the client saw in [from, until), once the fate of each ping and page is known.
 * `fromNothing`: nobody served before, the silence is counted from the beginning.
 */
export async function measure(
  cluster: Cluster,
  { from, until }: Span,
  options: { fromNothing?: boolean } = {},
): Promise<Measured> {
  const { probe } = cluster;
  const around = await probe.pingsBetween(from - leadMs, until);
  await cluster.untilTime(until + lostAfterMs);
  const pings = summarizePings(around.filter((ping) => ping.sentAt >= from));
  const silence = options.fromNothing
    ? { from, until: firstAnswerAfter(around, from) ?? until }
    : summarizePings(around).longestGap;
  const pages = probe.pages.filter((page) => page.at >= from && page.at < until);
  const questions = probe.arp.filter((one) => one.askedAt >= from && one.askedAt < until);
  const seen = [
    ...questions.flatMap((question) =>
      answerers(question).map((node) => ({ node, at: question.askedAt })),
    ),
    ...pages.flatMap((page) => {
      const node = serverOf(page);
      return node === undefined ? [] : [{ node, at: page.at + page.tookMs }];
    }),
  ].sort((one, other) => one.at - other.at);
  return {
    from,
    until,
    sent: pings.sent,
    lost: pings.lost,
    silenceMs: silence === undefined ? until - from : silence.until - silence.from,
    silence,
    pages: pages.length,
    pagesFailed: pages.filter(hasFailed).length,
    doubled: doublyAnswered(questions),
    servedBy: [...new Set(seen.map(({ node }) => node))],
  };
}

/** Does something and sums up what the client saw meanwhile. */
export async function measureDuring(
  cluster: Cluster,
  action: () => Promise<unknown>,
): Promise<Measured> {
  const from = cluster.now();
  await action();
  return measure(cluster, { from, until: cluster.now() });
}

export const hasFailed = (page: PageReport): boolean => page.status !== 200;

/** A ping's answer of so long ago still speaks of now: the client tells of its pings each 100 ms. */
const freshMs = 500;

/**
 * Whom the client sees serving now: the one node that answers ARP, whose page was the last to come, while
 * pings are answered. `since`: what it saw before does not count. Undefined: nobody, or more than one.
 */
export function servingNode({ probe }: Cluster, since: number): NodeHost | undefined {
  const question = probe.arp.at(-1);
  if (question === undefined || question.askedAt < since) return undefined;
  const [node, another] = answerers(question);
  if (another !== undefined) return undefined;
  const oldest = Math.max(since, question.askedAt - freshMs);
  const isAnswered = probe.pings.findLast((ping) => ping.answeredAt !== undefined);
  if (isAnswered === undefined || isAnswered.sentAt < oldest) return undefined;
  const page = probe.pages.findLast((one) => !hasFailed(one));
  return page !== undefined && page.at >= since && serverOf(page) === node ? node : undefined;
}
