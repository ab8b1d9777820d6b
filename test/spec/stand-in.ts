/**
 * Tandem in the place of one node of a recorded pair: its channel and its cluster machine hear what the
 * real other node sent, when it sent it, and what was done to the node is done to Tandem. Packets are real
 * time's; a script or an address takes 20 ms.
 */
import { mediumName } from "../../src/base/names.ts";
import { startChannel } from "../../src/core/channel/begin.ts";
import { nextWakeAt, reduceChannel } from "../../src/core/channel/channel.ts";
import { snapshotOf } from "../../src/core/channel/reports.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "../../src/core/channel/state.ts";
import { startCluster, stepCluster } from "../../src/core/cluster/cluster.ts";
import { checkInvariants } from "../../src/core/cluster/invariants.ts";
import type { ClusterState } from "../../src/core/cluster/state.ts";
import type { ClusterEffect, ClusterEvent, ClusterRecord } from "../../src/core/cluster/world.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { fieldOf, type Message, typeOf } from "../../src/wire/message.ts";
import { decodePacket } from "../../src/wire/packet.ts";
import { HERA, tutorialConfig, ZEUS } from "../pair.ts";
import { type CapturedMark, type CapturedPacket, timelineOf } from "./captures.ts";

export type Host = "zeus" | "hera";

export interface StandInOptions {
  readonly files: readonly string[];
  readonly tandem: Host;
  readonly timers: {
    readonly keepaliveMs: number;
    readonly warntimeMs: number;
    readonly deadtimeMs: number;
    readonly initdeadMs: number;
  };
  readonly autoFailback?: "on" | "off" | "legacy";
}

type ClusterStep = Exclude<ClusterEvent, { kind: "boot" }>;

const MEDIUM = mediumName("eth1");
const OPERATION_MS = 20;
const TICK_MS = 200;
/** Between two slices of one run: what passed there was not recorded. */
const BETWEEN_SLICES_MS = 1_000;
const MACS = { zeus: "02:00:00:00:00:51", hera: "02:00:00:00:00:52" };

export class StandIn {
  /** What was heard, said and done, in its order: `< resource all 1`, `> starting`, `! crash zeus`. */
  readonly story: string[] = [];
  /** What the real node said in Tandem's place. */
  readonly original: string[] = [];
  /** Everything that Tandem sent, beats and the channel's own messages too. */
  readonly sent: Message[] = [];
  private readonly options: StandInOptions;
  private readonly us: typeof ZEUS;
  private readonly them: typeof ZEUS;
  private now = 0;
  private life: { channel: ChannelState; cluster: ClusterState } | undefined;
  private lives = 0;
  private boots = 0;
  private record: ClusterRecord | undefined;
  private wakeAt = Infinity;
  private tickAt = 0;
  private later: { readonly at: number; readonly run: () => void }[] = [];
  private lastMark = "";
  private partitioned = false;
  private theyAnswer = false;
  private readonly lastSt: Record<string, string> = {};
  private readonly heard = new Set<string>();
  /** Words of theirs that are still to be heard, in their order. */
  private readonly waiting: { readonly question: string | undefined; readonly hear: () => void }[] =
    [];
  /** Types that Tandem has sent in its present life. */
  private readonly asked = new Set<string>();

  constructor(options: StandInOptions) {
    this.options = options;
    this.us = options.tandem === "zeus" ? ZEUS : HERA;
    this.them = options.tandem === "zeus" ? HERA : ZEUS;
    let base = 100;
    for (const file of options.files) {
      const lines = timelineOf(file);
      const first = lines[0]?.atMs ?? 0;
      for (const line of lines) {
        this.liveUntil(base + line.atMs - first);
        if ("event" in line) this.mark(line);
        else this.packet(line);
      }
      base = this.now + BETWEEN_SLICES_MS;
    }
  }

  private mark({ event }: CapturedMark): void {
    const [what = "", who = ""] = event.split(" ");
    // Two slices may both have the mark between them.
    if (!MARKS.has(what) || event === this.lastMark) return;
    this.lastMark = event;
    this.story.push(`! ${event.replace(" rc=0", "")}`);
    if (what === "partition" || what === "heal") this.partitioned = what === "partition";
    if (what.endsWith("plug-zeus-eth0") && this.options.tandem === "zeus")
      this.carrier(what === "plug-zeus-eth0");
    if (who !== this.options.tandem) {
      if (what === "crash") this.theyAnswer = false;
      return;
    }
    if (what === "start") this.start();
    else if (what === "crash") this.powerCut();
    else if (what === "stop") this.ask({ kind: "stop" });
    else if (what === "standby") this.ask({ kind: "standby", set: "all" });
    else if (what === "takeover") this.ask({ kind: "takeover", set: "all" });
    else if (what === "standby-failback") this.ask({ kind: "standby", set: "foreign" });
  }

  private packet({ bytes, keys, where }: CapturedPacket): void {
    const packet = decodePacket(bytes, keys);
    if (!packet.ok) throw new Error(`${where}: ${packet.reason}`);
    const checked = checkHeader(packet.message, [ZEUS, HERA]);
    if (!checked.ok) throw new Error(`${where}: ${checked.reason}`);
    const { header } = checked;
    const { message } = packet;
    const isNew = this.isNew(message);
    const word = this.wordOf(message);
    if (header.src === this.us) {
      if (isNew && word !== undefined) this.original.push(word);
      return;
    }
    if (this.partitioned) return;
    const hear = (): void => {
      if (isNew && word !== undefined) this.story.push(`< ${word}`);
      this.learnAnswers(message);
      this.channel({ kind: "received", medium: MEDIUM, header, message });
    };
    if (header.type === "status") {
      hear();
    } else {
      const question = header.dest === this.us ? QUESTIONS[header.type] : undefined;
      this.waiting.push({ question, hear });
    }
    this.hearOn();
  }

  /**
   * What is an answer is heard after its question: the real node in Tandem's place may have asked sooner.
   * What came behind it waits too; beats do not.
   */
  private hearOn(): void {
    for (;;) {
      const [next] = this.waiting;
      if (next === undefined) return;
      const { question } = next;
      if (this.life !== undefined && question !== undefined && !this.asked.has(question)) return;
      this.waiting.shift();
      next.hear();
    }
  }

  /** A copy that was sent again, or that two slices both have, is told once. */
  private isNew(message: Message): boolean {
    const number = ["src", "hg", "seq"].map((name) => fieldOf(message, name)).join(" ");
    if (this.heard.has(number)) return false;
    this.heard.add(number);
    return true;
  }

  /** The type and what carries meaning; beats only where `st` changes; undefined: passed over. */
  private wordOf(message: Message): string | undefined {
    const type = typeOf(message);
    if (type in NOT_TOLD) return undefined;
    if (type.startsWith("NS_") || type.startsWith("CCM_TYPE_")) return undefined;
    if (type === "ip-request-resp" && fieldOf(message, "dest") === fieldOf(message, "src"))
      return undefined;
    const word = summary(message);
    if (type !== "status") return word;
    const src = fieldOf(message, "src") ?? "";
    const key = `${src} ${fieldOf(message, "hg")}`;
    if (this.lastSt[key] === word) return undefined;
    this.lastSt[key] = word;
    return word;
  }

  /** Whether their address answers probes, as far as their own words tell. */
  private learnAnswers(message: Message): void {
    const holds = fieldOf(message, "rsc_hold");
    const set = this.them === ZEUS ? "local" : "foreign";
    if (typeOf(message) === "resource" && fieldOf(message, "rtype") === "full")
      this.theyAnswer = holds === "all" || holds === set;
    if (typeOf(message) === "shutdone") this.theyAnswer = false;
    if (typeOf(message) === "ip-request-resp")
      this.theyAnswer = fieldOf(message, "dest") === this.them;
  }

  private start(): void {
    this.lives += 1;
    this.asked.clear();
    const config = tutorialConfig({
      timers: this.options.timers,
      autoFailback: this.options.autoFailback ?? "on",
      tandem: { mode: "availability", autoFailbackNow: true, onProbeAnswer: "check" },
    });
    const channel = startChannel(
      {
        settings: {
          self: this.us,
          nodes: [ZEUS, HERA],
          uuid: "0b".repeat(16),
          pinned: undefined,
          timers: this.options.timers,
          media: [{ kind: "bcast", name: MEDIUM, interface: "eth1", port: 694 }],
          pings: { nodes: [], deadMs: 12_000 },
          hopfudge: 1,
        },
        session: `0000000${this.lives}`,
        generation: this.lives,
        resumed: false,
        nextSeq: 1,
        seed: this.lives,
      },
      this.now,
    );
    const [cluster, effects] = startCluster(
      {
        self: this.us,
        config,
        bootId: `boot ${this.boots}`,
        wallSeconds: 1_795_000_000 + this.now / 1000,
        record: this.record,
        present: [],
        uuid: "0b".repeat(16),
        seed: this.lives,
      },
      this.now,
    );
    this.life = { channel, cluster };
    this.tickAt = this.now;
    this.performAll(effects);
    this.channel({ kind: "medium", medium: MEDIUM, usable: true, detail: "" });
    this.carrier(true);
    this.cluster({ kind: "hello", session: "0000000a", generation: this.lives, realtime: "no" });
  }

  private powerCut(): void {
    this.life = undefined;
    this.later = [];
    this.boots += 1;
  }

  private ask(request: Extract<ClusterEvent, { kind: "request" }>["request"]): void {
    this.cluster({ kind: "request", id: 1, request });
  }

  private carrier(carrier: boolean): void {
    const name = tutorialConfig().groups[0]?.name;
    if (name === undefined) return;
    const face = { interface: "eth0", carrier, ownAddress: undefined, machineMacs: [] };
    this.cluster({ kind: "service-interface", group: name, face });
  }

  private liveUntil(until: number): void {
    for (;;) {
      const wakes = this.life === undefined ? [] : [nextWakeAt(this.life.channel), this.wakeAt];
      const ticks = this.life === undefined ? [] : [this.tickAt];
      const at = Math.min(...wakes, ...ticks, ...this.later.map((item) => item.at));
      if (at > until) break;
      this.now = Math.max(this.now, at);
      this.liveOn();
    }
    this.now = until;
  }

  private liveOn(): void {
    const due = this.later.filter((item) => item.at <= this.now);
    this.later = this.later.filter((item) => item.at > this.now);
    for (const { run } of due) run();
    this.hearOn();
    if (this.life === undefined) return;
    if (nextWakeAt(this.life.channel) <= this.now) this.channel({ kind: "wake" });
    if (this.wakeAt <= this.now) {
      this.wakeAt = Infinity;
      this.cluster({ kind: "wake" });
    }
    if (this.tickAt <= this.now) {
      this.tickAt = this.now + TICK_MS;
      const snapshot = snapshotOf(this.life.channel, this.now);
      this.cluster({ kind: "tick", at: this.now, tickMs: TICK_MS, snapshot });
    }
  }

  private channel(event: ChannelEvent): void {
    if (this.life === undefined) return;
    const wallSeconds = 1_795_000_000 + Math.floor(this.now / 1000);
    const moment = { now: this.now, wallSeconds, load: "0.00 0.00 0.00 1/1 1", busy: [] };
    const [channel, effects] = reduceChannel(this.life.channel, event, moment);
    this.life = { ...this.life, channel };
    for (const effect of effects) this.performChannel(effect);
  }

  private performChannel(effect: ChannelEffect): void {
    if (effect.kind === "report") this.cluster(effect.report);
    else if (effect.kind === "after-queues") this.channel({ kind: "queues-drained" });
    else if (effect.kind === "transmit") {
      this.sent.push(effect.message);
      this.asked.add(typeOf(effect.message));
      const word = this.isNew(effect.message) ? this.wordOf(effect.message) : undefined;
      if (word !== undefined) this.story.push(`> ${word}`);
    }
  }

  private cluster(event: ClusterStep): void {
    if (this.life === undefined) return;
    const [cluster, effects] = stepCluster(this.life.cluster, event, this.now);
    const broken = checkInvariants(cluster);
    if (broken !== undefined) throw new Error(broken);
    this.life = { ...this.life, cluster };
    this.performAll(effects);
  }

  private performAll(effects: readonly ClusterEffect[]): void {
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: ClusterEffect): void {
    switch (effect.kind) {
      case "send":
        this.channel({ kind: "send", fields: effect.fields });
        return;
      case "say":
        this.channel({ kind: "say", st: effect.st, words: effect.words });
        return;
      case "wake-at":
        this.wakeAt = effect.at;
        return;
      case "journal":
        this.record = effect.record;
        return;
      case "resource": {
        const result = { ok: true, state: "unknown", detail: "" } as const;
        this.soon({ kind: "resource-done", id: effect.id, result });
        return;
      }
      case "probe": {
        const mac = this.them === ZEUS ? MACS.zeus : MACS.hera;
        const answers = this.theyAnswer ? [{ interface: "eth0", mac }] : [];
        const result = { answers, proxied: false, failed: false };
        this.soon({ kind: "probe-done", id: effect.id, result });
        return;
      }
      case "bye":
        // The pulse sends what it has been given, and ends.
        this.life = undefined;
        return;
      case "hold":
      case "answer":
      case "log":
        return;
    }
  }

  private soon(event: ClusterStep): void {
    const { lives } = this;
    const run = (): void => {
      if (this.lives === lives) this.cluster(event);
    };
    this.later.push({ at: this.now + OPERATION_MS, run });
  }
}

const QUESTIONS: Readonly<Record<string, string>> = {
  repnodes: "reqnodes",
  "ip-request-resp": "ip-request",
};

/** Of the experimenter's marks, those that something was done by. */
const MARKS: ReadonlySet<string> = new Set([
  "start",
  "crash",
  "stop",
  "standby",
  "takeover",
  "standby-failback",
  "partition",
  "heal",
  "loss-on",
  "loss-off",
  "unplug-zeus-eth0",
  "plug-zeus-eth0",
  "reload-authkeys",
  "reload-hacf",
]);

/**
 * What Tandem never says, with the reason: these are left out on both sides. The channel's own `NS_` types
 * have tests of their own (channel-captures.test.ts), and CCM is a client of Heartbeat's.
 */
export const NOT_TOLD: Readonly<Record<string, string>> = {
  "hbapi-clstat": "clients of Heartbeat's own socket come and go; Tandem has none there",
  stonith: "Heartbeat says what it thinks of a dead node; nobody acts on it",
};

/** `resource local 1 standby`: the type and the fields that carry meaning, in one fixed order. */
function summary(message: Message): string {
  const names = ["t", "rsc_hold", "isstable", "info", "st", "ipaddr", "weown"];
  return names.flatMap((name) => fieldOf(message, name) ?? []).join(" ");
}
