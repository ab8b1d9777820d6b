/**
 * Two cluster machines joined by an ideal channel, in virtual time: for unit tests of rules. The
 * simulator tests the shipped loops; this tests one machine's manners opposite another.
 */
import { type GroupName, groupName, type NodeName, nodeName } from "../src/base/names.ts";
import type { ClusterConfig } from "../src/config/types.ts";
import type { PeerReport, PingReport } from "../src/core/channel/report.ts";
import { startCluster, stepCluster } from "../src/core/cluster/cluster.ts";
import { partOf } from "../src/core/cluster/group.ts";
import { checkInvariants } from "../src/core/cluster/invariants.ts";
import type { ClusterState } from "../src/core/cluster/state.ts";
import type {
  Boot,
  ClusterEffect,
  ClusterEvent,
  ClusterRecord,
  ResourceOperation,
} from "../src/core/cluster/world.ts";
import { fieldOf } from "../src/wire/message.ts";

export const ZEUS: NodeName = nodeName("zeus.example.com");
export const HERA: NodeName = nodeName("hera.example.com");
export const WWW: GroupName = groupName("192.168.43.53");

export function tutorialConfig(patch: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    nodes: [ZEUS, HERA],
    timers: { keepaliveMs: 200, warntimeMs: 600, deadtimeMs: 3000, initdeadMs: 10_000 },
    media: [],
    autoFailback: "on",
    groups: [
      {
        name: WWW,
        preferred: ZEUS,
        resources: [
          {
            kind: "address",
            name: WWW,
            address: WWW,
            prefix: undefined,
            interface: undefined,
            label: undefined,
            broadcast: undefined,
          },
          { kind: "script", name: "httpd", script: "httpd", args: [] },
        ],
      },
    ],
    pings: { nodes: [], deadMs: 12_000 },
    keys: { active: 1, keys: [{ number: 1, method: "crc", key: "" }] },
    watchdog: undefined,
    respawn: [],
    ipfail: false,
    notRun: [],
    log: { logfile: undefined, debugfile: undefined, logfacility: undefined },
    hopfudge: 1,
    msgfmt: "classic",
    realtime: true,
    tandem: { mode: "availability", autoFailbackNow: false, onProbeAnswer: "check" },
    ...patch,
  };
}

interface Host {
  state: ClusterState | undefined;
  readonly boot: string;
  record: ClusterRecord | undefined;
  /** Address on the machine, and whether it answers. */
  address: "none" | "mute" | "answers";
  service: boolean;
  carrier: boolean;
  /** What the pulse says of its ping nodes. */
  pings: readonly PingReport[];
  wakeAt: number | undefined;
  readonly log: string[];
  readonly answers: { id: number; ok: boolean; text: string }[];
  ended: boolean;
  failStart: boolean;
  failStop: boolean;
  words: string | undefined;
  st: string;
  held: number;
}

type Name = "zeus" | "hera";
const NAMES: readonly Name[] = ["zeus", "hera"];
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
  private readonly lineFreeAt: Record<Name, number> = { zeus: 0, hera: 0 };
  /** The pulses tick by themselves, as long as time passes step by step. */
  pulsesTick = true;
  /** Of each probe so many questions are lost, or their answers. */
  questionsLost = 0;
  private readonly later: { at: number; order: number; run: () => void }[] = [];
  private order = 0;
  /** Longest moment in which two answered. */
  bothAnswered = 0;
  /** Moments in which the script ran on two. */
  bothRan = 0;
  nobodyAnswered = 0;
  private served = false;
  private readonly config: ClusterConfig;

  constructor(config: ClusterConfig = tutorialConfig()) {
    this.config = config;
    this.hosts = { zeus: newHost("zeus"), hera: newHost("hera") };
  }

  start(name: Name, patch: Partial<Boot> = {}): void {
    const host = this.hosts[name];
    const [state, effects] = startCluster(
      {
        self: name === "zeus" ? ZEUS : HERA,
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
    const host = this.hosts[name];
    host.state = undefined;
    host.address = "none";
    host.service = false;
    host.words = undefined;
    host.wakeAt = undefined;
  }

  face(name: Name): void {
    this.event(name, {
      kind: "service-interface",
      group: WWW,
      face: {
        interface: "eth0",
        carrier: this.hosts[name].carrier,
        ownAddress: name === "zeus" ? "192.168.43.51" : "192.168.43.52",
        machineMacs: [name === "zeus" ? "02:00:00:00:00:51" : "02:00:00:00:00:52"],
      },
    });
  }

  /** They hear each other, or one says that the other is silent. */
  report(to: Name, liveness: PeerReport["liveness"], patch: Partial<PeerReport> = {}): void {
    this.event(to, {
      kind: "peer",
      peer: {
        node: to === "zeus" ? HERA : ZEUS,
        liveness,
        hearsUs: liveness === "up",
        unheardMs: 10,
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
      const due = this.later
        .filter((item) => item.at <= this.now)
        .sort((a, b) => a.order - b.order);
      for (const item of due) {
        this.later.splice(this.later.indexOf(item), 1);
        item.run();
      }
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
    const other = name === "zeus" ? "hera" : "zeus";
    switch (effect.kind) {
      case "log":
        host.log.push(effect.text);
        return;
      case "wake-at":
        host.wakeAt = effect.at;
        return;
      case "send":
        this.sent[name].push(fieldOf({ fields: effect.fields }, "step") ?? "");
        this.lineFreeAt[name] =
          Math.max(this.now, this.lineFreeAt[name]) + Math.max(1, this.lineMs);
        this.after(this.lineFreeAt[name] - this.now, () => {
          if (this.cut) return;
          const from = name === "zeus" ? ZEUS : HERA;
          this.event(other, {
            kind: "message",
            from,
            fresh: true,
            message: { fields: effect.fields },
          });
        });
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
      case "probe": {
        const otherAnswers = this.hosts[other].carrier && this.hosts[other].address === "answers";
        const mac = other === "zeus" ? "02:00:00:00:00:51" : "02:00:00:00:00:52";
        const path = effect.probe.kind === "path";
        const tries = effect.probe.kind === "path" ? 1 : effect.probe.tries;
        const heard =
          host.carrier &&
          tries > this.questionsLost &&
          (path
            ? this.hosts[other].carrier && this.hosts[other].state !== undefined
            : otherAnswers);
        this.after(heard ? 1 : 30, () =>
          this.event(name, {
            kind: "probe-done",
            id: effect.id,
            result: {
              answers: heard ? [{ interface: "eth0", mac }] : [],
              proxied: false,
              failed: !host.carrier,
            },
          }),
        );
        return;
      }
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

  private operate(name: Name, id: number, operation: ResourceOperation): void {
    const host = this.hosts[name];
    const isAddress = operation.index === 0;
    this.after(isAddress ? 1 : 20, () => {
      const isMissing = operation.op === "announce" && host.address === "none";
      const resists =
        !isAddress &&
        ((host.failStart && operation.op === "start") ||
          (host.failStop && operation.op === "stop"));
      const ok = !isMissing && !resists;
      if (host.state === undefined) return;
      if (isAddress && operation.op === "start") host.address = "answers";
      if (isAddress && operation.op === "start-mute") host.address = "mute";
      if (isAddress && operation.op === "stop") host.address = "none";
      if (isAddress && operation.op === "mute" && host.address !== "none") host.address = "mute";
      if (isAddress && operation.op === "unmute" && host.address !== "none")
        host.address = "answers";
      if (!isAddress && operation.op === "start" && ok) host.service = true;
      if (!isAddress && operation.op === "stop" && ok) host.service = false;
      this.event(name, {
        kind: "resource-done",
        id,
        result: {
          ok,
          state: isMissing ? "stopped" : "unknown",
          detail: ok ? "" : isMissing ? "announce: the address is not there" : "exit status 1",
        },
      });
    });
  }

  private sayAgain(name: Name): void {
    const other = name === "zeus" ? "hera" : "zeus";
    this.after(1, () => {
      const { words, st } = this.hosts[name];
      if (this.cut || words === undefined) return;
      this.event(other, { kind: "beat", node: name === "zeus" ? ZEUS : HERA, st, words });
    });
  }

  private after(ms: number, run: () => void): void {
    this.later.push({ at: this.now + ms, order: this.order++, run });
  }
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

function newHost(name: Name): Host {
  return {
    state: undefined,
    boot: `boot-${name}`,
    record: undefined,
    address: "none",
    service: false,
    carrier: true,
    pings: [],
    wakeAt: undefined,
    log: [],
    answers: [],
    ended: false,
    failStart: false,
    failStop: false,
    words: undefined,
    st: "up",
    held: 0,
  };
}
