import { assert } from "../base/assert.ts";
import type { Probe, ProbeResult } from "../core/cluster/world.ts";
import type { Host } from "./host.ts";
import type { SimProcess } from "./process.ts";
import type { RunningHost } from "./running-host.ts";
import type { Segment } from "./segment.ts";

type Answer = ProbeResult["answers"][number];

/**
 * Asks by ARP, each segment by itself as tandemd does (daemon/arp-probes.ts): quick where somebody answers on
 * all of them, as long as was asked for where one is silent. It is the work of a process: while that is stopped or busy nothing is asked, and what is said on the segment waits.
 */
export function runProbe(
  machine: RunningHost,
  process: Asker,
  probe: Probe,
  done: (r: ProbeResult) => void,
): void {
  const { network, config } = machine.surroundings;
  const group = config.groups.find((candidate) => candidate.name === probe.group);
  const address = group?.resources.find((resource) => resource.kind === "address");
  assert(address !== undefined, `probes are for groups with an address, ${probe.group} has none`);
  const service = network.segment(machine.host.interfaceOf(address));
  assert(service !== undefined, "the service interface is there");
  const isPath = probe.kind === "path";
  ask(machine, {
    process,
    segments: isPath ? [service] : network.segments,
    target: isPath ? probe.address : address.address,
    triesLeft: isPath ? 1 : probe.tries,
    spacingMs: isPath ? PATH_MS : probe.spacingMs,
    answers: [],
    done,
  });
}

type Asker = Pick<SimProcess<never>, "after">;

interface Question {
  readonly process: Asker;
  /** Those that have not answered yet. */
  readonly segments: readonly Segment[];
  readonly target: string;
  readonly triesLeft: number;
  readonly spacingMs: number;
  readonly answers: readonly Answer[];
  readonly done: (result: ProbeResult) => void;
  /** This one gets no answer, whoever is there. */
  readonly isLost?: boolean;
}

/** A segment that has answered is asked no more; one that is silent is, whoever answers elsewhere. */
function ask(machine: RunningHost, asked: Question): void {
  const { chance, host } = machine;
  const { process } = asked;
  const usable = asked.segments.filter((segment) => segment.hasCarrier(host.side));
  const question = { ...asked, segments: usable, isLost: host.losesQuestion() };
  const heard = withAnswers(machine, question);
  if (usable.length === 0) {
    process.after(1, () => question.done(resultOf(machine, question, asked.answers.length === 0)));
  } else if (heard.segments.length === 0) {
    const ms = chance.between(ANSWER_MS_MIN, ANSWER_MS_MAX);
    process.after(ms, () => question.done(resultOf(machine, heard)));
  } else {
    process.after(question.spacingMs, () => listenAndAskAgain(machine, heard));
  }
}

/** Who begins to answer while we listen announces himself, and we hear that. */
function listenAndAskAgain(machine: RunningHost, question: Question): void {
  const heard = withAnswers(machine, question);
  if (heard.segments.length === 0 || question.triesLeft <= 1) {
    question.done(resultOf(machine, heard));
    return;
  }
  ask(machine, { ...heard, triesLeft: question.triesLeft - 1 });
}

function withAnswers(machine: RunningHost, question: Question): Question {
  const answers = answersTo(machine, question, question.segments);
  const silent = question.segments.filter(
    ({ name }) => !answers.some((answer) => answer.interface === name),
  );
  return { ...question, answers: [...question.answers, ...answers], segments: silent };
}

function answersTo(
  machine: RunningHost,
  question: Question,
  segments: readonly Segment[],
): readonly Answer[] {
  if (question.isLost) return [];
  return segments.flatMap((segment) => answersOn(machine, segment, question.target));
}

function resultOf(
  machine: RunningHost,
  { answers }: Question,
  hasFailed: boolean = false,
): ProbeResult {
  const { proxyMac } = machine.surroundings.network.strangers;
  const proxied = answers.some(({ mac }) => mac === proxyMac);
  return { answers, proxied, failed: hasFailed };
}

function answersOn(machine: RunningHost, segment: Segment, target: string): readonly Answer[] {
  const { network } = machine.surroundings;
  const macs: (string | undefined)[] = [];
  const peer = machine.peer;
  if (doesAnswer(peer, target) && segment.arpPasses(machine.host.side)) {
    macs.push(peer.macOf(segment.name));
  }
  if (segment === network.lan) {
    if (network.strangers.holder?.address === target) macs.push(network.strangers.holder.mac);
    macs.push(network.strangers.proxyMac);
  }
  return macs.flatMap((mac) => (mac === undefined ? [] : [{ interface: segment.name, mac }]));
}

/** Linux answers for any address of the machine on any of its interfaces. */
function doesAnswer(host: Host, target: string): boolean {
  return host.isAwake() && (host.ownAddress === target || host.answersFor(target));
}

const PATH_MS = 100;
const ANSWER_MS_MIN = 0.3;
const ANSWER_MS_MAX = 3;
