/**
 * Two cluster machines joined by an ideal channel, in virtual time: for unit tests of rules. The
 * simulator tests the shipped loops; this tests one machine's manners opposite another.
 */
import type { NodeName } from "../src/base/names.ts";
import type { ClusterConfig } from "../src/config/types.ts";
import type { PeerReport } from "../src/core/channel/report.ts";
import { startCluster, stepCluster } from "../src/core/cluster/cluster.ts";
import { partOf } from "../src/core/cluster/group.ts";
import { checkInvariants } from "../src/core/cluster/invariants.ts";
import type { ClusterState } from "../src/core/cluster/state.ts";
import type {
  Boot,
  ClusterEffect,
  ClusterEvent,
  Probe,
  ProbeResult,
  ResourceOperation,
} from "../src/core/cluster/world.ts";
import { fieldOf, type Message } from "../src/wire/message.ts";
import { HERA, tutorialConfig, WWW, ZEUS } from "./pair/config.ts";
import { Host, NAMES, type Name } from "./pair/host.ts";
import { Later } from "./pair/later.ts";

export { HERA, tutorialConfig, WWW, ZEUS };

const TICK_MS = 200;

/** Steps are a millisecond of virtual time; a message takes one. */
export class Pair {
  now = 10_000;
  readonly hosts: Record<Name, Host>;
  /** Both directions of the channel; cut: nothing passes. */
  cut = false;
  /** How long a message keeps the line, one behind the other; 0: a fast medium. */
  lineMs = 0;
  /** Native messages that each has sent, by step. */
  readonly sent: Record<Name, string[]> = { zeus: [], hera: [] };
  /** The longest of them, in bytes, without what every message has. */
  longestSent = 0;
  private readonly lineFreeAt: Record<Name, number> = { zeus: 0, hera: 0 };
  /** The pulses tick by themselves, as long as time passes step by step. */
  pulsesTick = true;
  /** Of each probe so many questions are lost, or their answers. */
  questionsLost = 0;
  private readonly later = new Later();
  /** Longest moment in which two answered. */
  bothAnswered = 0;
  /** Moments in which the script ran on two. */
  bothRan = 0;
  nobodyAnswered = 0;
  private served = false;
  private readonly config: ClusterConfig;

  constructor(config: ClusterConfig = tutorialConfig()) {
    this.config = config;
    this.hosts = { zeus: new Host("zeus"), hera: new Host("hera") };
  }

  start(name: Name, patch: Partial<Boot> = {}): void {
    const host = this.hosts[name];
    const [state, effects] = startCluster(
      {
        self: nodeOf(name),
        config: this.config,
        bootId: host.boot,
        wallSeconds: 1_700_000_000 + this.now / 1000,
        record: host.record,
        present: host.address === "none" ? [] : [{ group: WWW, finiteLifetime: true }],
        uuid: name === "zeus" ? "00".repeat(16) : "11".repeat(16),
        seed: name === "zeus" ? 1 : 2,
        ...patch,
      },
      this.now,
    );
    host.ended = false;
    this.become(name, state, effects);
    this.face(name);
    this.event(name, {
      kind: "hello",
      session: `${name}-${this.now}`,
      generation: 1,
      realtime: "no",
    });
  }

  /** The machine and all it knows are gone; the journal stays. */
  kill(name: Name): void {
    this.hosts[name].lose();
  }

  face(name: Name): void {
    this.event(name, { kind: "service-interface", group: WWW, face: this.hosts[name].face });
  }

  /** They hear each other, or one says that the other is silent. */
  report(to: Name, liveness: PeerReport["liveness"], patch: Partial<PeerReport> = {}): void {
    this.event(to, {
      kind: "peer",
      peer: {
        node: nodeOf(otherThan(to)),
        liveness,
        hearsUs: liveness === "up",
        unheardMs: 10,
        unacknowledgedSince: undefined,
        dialect: "native",
        heardAt: this.now,
        deadtimeMs: 3000,
        uuid: "22".repeat(16),
        generation: 1,
        silentAt: undefined,
        lineMs: this.lineMs === 0 ? undefined : this.lineMs,
        ...patch,
      },
    });
  }

  /** Both hear each other from now on. */
  join(): void {
    this.cut = false;
    for (const name of NAMES) this.report(name, "up");
    for (const name of NAMES) this.sayAgain(name);
  }

  /** The pulse has just ticked: the node has not slept. */
  tick(name: Name, lateMs = 0): void {
    const announcedMs = { beat: 200, deadtime: 3000 };
    const { pings } = this.hosts[name];
    const snapshot = { peers: [], links: [], media: [], pings, discarded: {}, announcedMs };
    this.event(name, { kind: "tick", at: this.now - lateMs, tickMs: TICK_MS, snapshot });
  }

  /** So many of the ping nodes answer there from now on; undefined: none is judged yet. */
  reaches(name: Name, seen: number | undefined): void {
    this.hosts[name].pings = this.config.pings.nodes.map(({ name: node, kind }, index) => ({
      node,
      kind,
      status: seen === undefined ? "unknown" : index < seen ? "up" : "dead",
      answeredAt: undefined,
      hindrance: "",
    }));
    this.tick(name);
  }

  request(name: Name, id: number, kind: "standby" | "takeover"): void {
    this.event(name, { kind: "request", id, request: { kind, set: "all" } });
  }

  stop(name: Name): void {
    this.event(name, { kind: "request", id: undefined, request: { kind: "stop" } });
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now += 1;
      if (this.pulsesTick && this.now % TICK_MS === 0) for (const name of NAMES) this.tick(name);
      for (const name of NAMES) {
        const { wakeAt } = this.hosts[name];
        if (wakeAt !== undefined && wakeAt <= this.now) {
          this.hosts[name].wakeAt = undefined;
          this.event(name, { kind: "wake" });
        }
      }
      this.later.run(this.now);
      this.watch();
    }
  }

  part(name: Name): string {
    const state = this.hosts[name].state;
    const group = state?.groups[0];
    return group === undefined ? "down" : partOf(group);
  }

  phase(name: Name): string {
    return this.hosts[name].state?.groups[0]?.phase.kind ?? "down";
  }

  event(name: Name, event: Exclude<ClusterEvent, { kind: "boot" }>): void {
    const { state } = this.hosts[name];
    if (state === undefined || this.hosts[name].ended) return;
    const [next, effects] = stepCluster(state, event, this.now);
    this.become(name, next, effects);
  }

  private watch(): void {
    const count = NAMES.filter((name) => this.hosts[name].address === "answers").length;
    if (count > 0) this.served = true;
    if (count > 1) this.bothAnswered += 1;
    if (NAMES.every((name) => this.hosts[name].service)) this.bothRan += 1;
    if (count === 0 && this.served) this.nobodyAnswered += 1;
  }

  private become(name: Name, state: ClusterState, effects: readonly ClusterEffect[]): void {
    const broken = checkInvariants(state);
    if (broken !== undefined) throw new Error(`${name}: ${broken}`);
    this.hosts[name].state = state;
    for (const effect of effects) this.perform(name, effect);
  }

  private perform(name: Name, effect: ClusterEffect): void {
    const host = this.hosts[name];
    switch (effect.kind) {
      case "log":
        host.log.push(effect.text);
        return;
      case "wake-at":
        host.wakeAt = effect.at;
        return;
      case "send":
        this.send(name, effect.fields);
        return;
      case "say":
        host.words = effect.words;
        host.st = effect.st;
        this.sayAgain(name);
        return;
      case "hold":
        host.held = effect.holdings.length;
        return;
      case "resource":
        this.operate(name, effect.id, effect.operation);
        return;
      case "probe":
        this.probe(name, effect.id, effect.probe);
        return;
      case "journal":
        host.record = effect.record;
        return;
      case "answer":
        host.answers.push(effect);
        return;
      case "bye":
        host.ended = true;
        host.state = undefined;
        host.words = undefined;
        return;
    }
  }

  private send(name: Name, fields: Message["fields"]): void {
    this.sent[name].push(fieldOf({ fields }, "step") ?? "");
    const bytes = fields.map((field) => `${field.name}=${field.value}\n`).join("").length;
    this.longestSent = Math.max(this.longestSent, bytes);
    this.lineFreeAt[name] = Math.max(this.now, this.lineFreeAt[name]) + Math.max(1, this.lineMs);
    this.later.at(this.lineFreeAt[name], () => {
      if (this.cut) return;
      const message = { fields };
      this.event(otherThan(name), { kind: "message", from: nodeOf(name), fresh: true, message });
    });
  }

  private probe(name: Name, id: number, probe: Probe): void {
    const host = this.hosts[name];
    const other = this.hosts[otherThan(name)];
    const tries = probe.kind === "path" ? 1 : probe.tries;
    const isAnswered = probe.kind === "path" ? other.answersItself : other.answersService;
    const isHeard = host.carrier && tries > this.questionsLost && isAnswered;
    const answers = isHeard ? [{ interface: "eth0", mac: other.mac }] : [];
    this.after(isHeard ? 1 : 30, () => {
      const result: ProbeResult = { answers, proxied: false, failed: !host.carrier };
      this.event(name, { kind: "probe-done", id, result });
    });
  }

  private operate(name: Name, id: number, operation: ResourceOperation): void {
    const host = this.hosts[name];
    if (host.hangStop && operation.op === "stop" && operation.index > 0) return;
    this.after(operation.index === 0 ? 1 : host.scriptMs, () => {
      if (host.state === undefined) return;
      this.event(name, { kind: "resource-done", id, result: host.carryOut(operation) });
    });
  }

  private sayAgain(name: Name): void {
    this.after(1, () => {
      const { words, st } = this.hosts[name];
      if (this.cut || words === undefined) return;
      this.event(otherThan(name), { kind: "beat", node: nodeOf(name), st, words });
    });
  }

  private after(ms: number, run: () => void): void {
    this.later.at(this.now + ms, run);
  }
}

function nodeOf(name: Name): NodeName {
  return name === "zeus" ? ZEUS : HERA;
}

function otherThan(name: Name): Name {
  return name === "zeus" ? "hera" : "zeus";
}

/** zeus serves, hera stands by, both know it. */
export function served(pair: Pair = new Pair()): Pair {
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(500);
  if (pair.phase("zeus") !== "holding" || pair.phase("hera") !== "free") {
    throw new Error("the pair does not serve half a second after both have joined");
  }
  return pair;
}
