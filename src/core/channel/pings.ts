import type { PingConfig, PingNodeConfig } from "../../config/types.ts";
import type { Message } from "../../wire/message.ts";
import { fieldOf, messageOf, typeOf } from "../../wire/message.ts";
import type { LogEffect } from "../step.ts";
import { decodeMark, encodeMark } from "./native.ts";
import type { PingReport } from "./report.ts";

/**
 * Ping nodes: hosts outside the pair that only answer. Who gets no answer any more is cut off itself,
 * or the host is; which of it, only both nodes' counts together can tell. So nothing is decided here:
 * each has a verdict, and the cluster machine hears of its changes.
 *
 * As in Heartbeat an answer brings back the message that went out, and its signature says that it was
 * ours (wire.md 7.3). Our session in it says that it was of this life.
 */
export interface Pings {
  readonly deadMs: number;
  readonly each: readonly PingNode[];
  /** The next round: absolute, a keepalive apart. */
  readonly dueAt: number;
}

interface PingNode {
  readonly config: PingNodeConfig;
  readonly status: PingReport["status"];
  readonly answeredAt: number | undefined;
  /** One that has never answered is dead from here on. */
  readonly expectedBy: number;
  /** How long we ourselves have slept since the last answer. */
  readonly graceMs: number;
  /** What keeps us from asking; empty: nothing. */
  readonly hindrance: string;
}

export function unansweredPings(config: PingConfig, expectedBy: number, now: number): Pings {
  const each = config.nodes.map((node) => unanswered(node, expectedBy));
  return { deadMs: config.deadMs, each, dueAt: now };
}

/** After new settings: nodes that stay keep their state. */
export function withPings(pings: Pings, config: PingConfig, now: number): Pings {
  const each = config.nodes.map((node) => {
    const known = pings.each.find((old) => old.config.name === node.name);
    return known === undefined ? unanswered(node, now + config.deadMs) : { ...known, config: node };
  });
  return { deadMs: config.deadMs, each, dueAt: Math.min(pings.dueAt, now) };
}

/** When the next round is due; Infinity: there is nobody to ask. */
export function nextPingAt({ each, dueAt }: Pings): number {
  return each.length === 0 ? Infinity : dueAt;
}

/** The round that is due now, as messages: none before its time. */
export function pingRound(
  pings: Pings,
  from: { readonly session: string; readonly keepaliveMs: number },
  moment: { readonly now: number; readonly wallSeconds: number },
): readonly [Pings, readonly { readonly node: string; readonly message: Message }[]] {
  const { now, wallSeconds } = moment;
  if (now < nextPingAt(pings)) return [pings, []];
  const missed = Math.floor(Math.max(0, now - pings.dueAt) / from.keepaliveMs);
  const dueAt = pings.dueAt + (missed + 1) * from.keepaliveMs;
  const messages = pings.each.map(({ config: { name, kind } }) => ({
    node: name,
    message: messageOf({
      t: TYPE,
      st: "ping",
      info: kind,
      src: name,
      ts: wallSeconds.toString(16),
      tdm: encodeMark({ session: from.session, heard: undefined }),
    }),
  }));
  return [{ ...pings, dueAt }, messages];
}

const TYPE = "NS_st";

/** Whether an authentic message that came back for this node is the one that we sent out in this life. */
export function isOurPing(message: Message, node: string, session: string): boolean {
  return (
    typeOf(message) === TYPE &&
    fieldOf(message, "src") === node &&
    decodeMark(fieldOf(message, "tdm") ?? "")?.session === session
  );
}

export function answered(pings: Pings, node: string, now: number): Pings {
  return changed(pings, node, (old) => ({ ...old, status: "up", answeredAt: now, graceMs: 0 }));
}

export function hindered(pings: Pings, node: string, hindrance: string): Pings {
  return changed(pings, node, (old) => (old.hindrance === hindrance ? old : { ...old, hindrance }));
}

/** We slept, and asked nobody meanwhile. */
export function excusedPings(pings: Pings, sleptMs: number): Pings {
  const each = pings.each.map((node) => ({ ...node, graceMs: node.graceMs + sleptMs }));
  return { ...pings, each };
}

/** When the next of them is dead unless it answers. */
export function nextPingVerdictAt(pings: Pings): number {
  return pings.each.reduce((soonest, node) => Math.min(soonest, expiryOf(node, pings)), Infinity);
}

/** The verdicts at this time, to be asked for only when the sockets are empty. */
export function judgePings(pings: Pings, now: number): Pings {
  if (now < nextPingVerdictAt(pings)) return pings;
  const each = pings.each.map((node) =>
    now < expiryOf(node, pings) ? node : ({ ...node, status: "dead" } as const),
  );
  return { ...pings, each };
}

export function pingReports({ each }: Pings): readonly PingReport[] {
  return each.map(({ config: { name, kind }, status, answeredAt, hindrance }) => ({
    node: name,
    kind,
    status,
    answeredAt,
    hindrance,
  }));
}

/** Those whose standing is another than before, each with what the log says of it. */
export function pingChanges(
  before: Pings,
  after: Pings,
): readonly { readonly report: PingReport; readonly logs: readonly LogEffect[] }[] {
  if (before === after) return [];
  const former = pingReports(before);
  return pingReports(after).flatMap((report) => {
    const old = former.find((one) => one.node === report.node);
    if (old?.status === report.status && old.hindrance === report.hindrance) return [];
    const logs = old === undefined || old.status === report.status ? [] : [logOf(report)];
    return [{ report, logs }];
  });
}

function logOf({ node, status, hindrance }: PingReport): LogEffect {
  const name = `ping node ${node}`;
  if (status === "up") return { kind: "log", level: "info", text: `${name} answers` };
  const why = hindrance === "" ? "it does not answer" : hindrance;
  return { kind: "log", level: "WARN", text: `${name}: is dead: ${why}` };
}

function unanswered(config: PingNodeConfig, expectedBy: number): PingNode {
  const fresh = { answeredAt: undefined, graceMs: 0, hindrance: "" };
  return { config, status: "unknown", expectedBy, ...fresh };
}

function expiryOf(node: PingNode, { deadMs }: Pings): number {
  if (node.status === "dead") return Infinity;
  const { answeredAt, expectedBy, graceMs } = node;
  return (answeredAt === undefined ? expectedBy : answeredAt + deadMs) + graceMs;
}

function changed(pings: Pings, name: string, change: (old: PingNode) => PingNode): Pings {
  const each = pings.each.map((old) => (old.config.name === name ? change(old) : old));
  return { ...pings, each };
}
