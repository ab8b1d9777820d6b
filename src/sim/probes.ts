import { assert } from "../base/assert.ts";
import type { Probe, ProbeResult } from "../core/cluster/world.ts";
import type { Host } from "./host.ts";
import type { SimProcess } from "./process.ts";
import type { RunningHost } from "./running-host.ts";
import type { Segment } from "./segment.ts";

type Answer = ProbeResult["answers"][number];

/**
 * Asks by ARP: quick when somebody answers, as long as was asked for when nobody does. It is the work of
 * a process: while that is stopped or busy nothing is asked, and what is said on the segment waits.
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
    done,
  });
}

type Asker = Pick<SimProcess<never>, "after">;

interface Question {
  readonly process: Asker;
  readonly segments: readonly Segment[];
  readonly target: string;
  readonly triesLeft: number;
  readonly spacingMs: number;
  readonly done: (result: ProbeResult) => void;
  /** This one gets no answer, whoever is there. */
  readonly isLost?: boolean;
}

function ask(machine: RunningHost, asked: Question): void {
  const { chance, host } = machine;
  const { process } = asked;
  const question = { ...asked, isLost: host.losesQuestion() };
  const usable = question.segments.filter((segment) => segment.hasCarrier(host.side));
  const answers = answersTo(machine, question, usable);
  if (answers.length > 0) {
    const ms = chance.between(ANSWER_MS_MIN, ANSWER_MS_MAX);
    process.after(ms, () => question.done(resultOf(machine, answers)));
  } else if (usable.length === 0) {
    process.after(1, () => question.done({ answers: [], proxied: false, failed: true }));
  } else {
    process.after(question.spacingMs, () => listenAndAskAgain(machine, question, usable));
  }
}

/** Who begins to answer while we listen announces himself, and we hear that. */
function listenAndAskAgain(
  machine: RunningHost,
  question: Question,
  usable: readonly Segment[],
): void {
  const answers = answersTo(machine, question, usable);
  if (answers.length > 0 || question.triesLeft <= 1) {
    question.done(resultOf(machine, answers));
    return;
  }
  ask(machine, { ...question, triesLeft: question.triesLeft - 1 });
}

function answersTo(
  machine: RunningHost,
  question: Question,
  segments: readonly Segment[],
): readonly Answer[] {
  if (question.isLost) return [];
  return segments.flatMap((segment) => answersOn(machine, segment, question.target));
}

function resultOf(machine: RunningHost, answers: readonly Answer[]): ProbeResult {
  const { proxyMac } = machine.surroundings.network.strangers;
  return { answers, proxied: answers.some(({ mac }) => mac === proxyMac), failed: false };
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
