/**
 * One Tandem node opposite what a real Heartbeat node said in a capture. The story calls up the real
 * node's next word (`they`) and asks what Tandem has said since (`said`); scripts and addresses obey
 * after a moment of virtual time. Times of the capture play no part, only its order.
 */
import type { PeerReport, PingReport } from "../../src/core/channel/report.ts";
import { startCluster, stepCluster } from "../../src/core/cluster/cluster.ts";
import { checkInvariants } from "../../src/core/cluster/invariants.ts";
import type { ClusterState } from "../../src/core/cluster/state.ts";
import type { Boot, ClusterEffect, ClusterEvent } from "../../src/core/cluster/world.ts";
import { fieldOf, type Message, typeOf } from "../../src/wire/message.ts";
import { decodePacket } from "../../src/wire/packet.ts";
import { HERA, tutorialConfig, WWW, ZEUS } from "../pair.ts";
import { packetsOf } from "./captures.ts";

type Host = "zeus" | "hera";
/** What a Heartbeat node says that Tandem need not answer; beats are fed as the channel tells them. */
const PASSED_OVER = /^(NS_|CCM_TYPE_|hbapi-clstat$|stonith$)/;
/** Of these only the ones of auto_failback legacy are for anybody but their sender. */
const TO_ITSELF = "ip-request-resp";
/** How long a script or an address takes here. */
const TICK_MS = 200;
/** Our pulse lives; what it knows of the peer is told by events of their own. */
const TICK = {
  tickMs: TICK_MS,
  snapshot: {
    ...{ peers: [], links: [], media: [], pings: [], discarded: {} },
    announcedMs: { beat: 200, deadtime: 3000 },
  },
} as const;
const OPERATION_MS = 20;

export interface StoryOptions {
  /** Which host is Tandem; the other one's words come from the captures. */
  readonly tandem: Host;
  readonly patch?: Parameters<typeof tutorialConfig>[0];
  readonly boot?: Partial<Boot>;
}

export class HeartbeatStory {
  now: number = 10_000;
  /** Resource operations in the order in which they were begun: `start httpd`, … */
  readonly operations: string[] = [];
  readonly log: string[] = [];
  readonly answers: { readonly ok: boolean; readonly text: string }[] = [];
  ended: boolean = false;
  /** Who answers ARP probes; empty: nobody. */
  arp: readonly string[] = [];
  /** Names of resources whose start fails. */
  readonly failing: Set<string> = new Set();
  private pings: readonly PingReport[] = [];
  private readonly us: typeof ZEUS;
  private readonly them: typeof ZEUS;
  private state: ClusterState;
  private words: readonly Message[] = [];
  private sent: Message[] = [];
  private later: {
    readonly at: number;
    readonly event: Exclude<ClusterEvent, { kind: "boot" }>;
  }[] = [];
  private wakeAt: number | undefined;
  private beat: { generation: string; st: string } = { generation: "", st: "" };
  private justOpened = false;
  /** Numbers go on from one capture to the next, as they do in one life. */
  private lastNumber = 0;
  private numbersBefore = 0;
  private readonly group: NonNullable<ReturnType<typeof tutorialConfig>["groups"][0]>;

  constructor(options: StoryOptions) {
    this.us = options.tandem === "zeus" ? ZEUS : HERA;
    this.them = options.tandem === "zeus" ? HERA : ZEUS;
    const config = tutorialConfig(options.patch);
    const [group] = config.groups;
    if (group === undefined) throw new Error("a story has a group");
    this.group = group;
    const [state, effects] = startCluster(
      {
        self: this.us,
        config,
        bootId: "boot",
        wallSeconds: 1_700_000_000,
        record: undefined,
        present: [],
        uuid: "00".repeat(16),
        seed: 1,
        ...options.boot,
      },
      this.now,
    );
    this.state = state;
    this.perform(effects);
    this.event({ kind: "hello", session: "0000000a", generation: 7, realtime: "no" });
    this.run(100);
  }

  /** What comes next is taken from this capture: the words of the real node in it, repeats left out. */
  open(file: string): this {
    const seen = new Set<string>();
    this.justOpened = true;
    this.numbersBefore = this.lastNumber;
    this.words = packetsOf(file).flatMap(({ bytes, keys, where }) => {
      const packet = decodePacket(bytes, keys);
      if (!packet.ok) throw new Error(`${where}: ${packet.reason}`);
      const { message } = packet;
      const number = `${fieldOf(message, "hg")} ${fieldOf(message, "seq")}`;
      const isTheirs = fieldOf(message, "src") === this.them;
      if (!isTheirs || seen.has(number) || this.isPassedOver(message)) return [];
      seen.add(number);
      return [message];
    });
    return this;
  }

  private isPassedOver(message: Message): boolean {
    const isNice = this.state.config.autoFailback !== "legacy";
    return PASSED_OVER.test(typeOf(message)) || (isNice && typeOf(message) === TO_ITSELF);
  }

  /** The real node's next word but beats, which must be this one; it is fed after the beats before it. */
  they(expected: string): this {
    for (;;) {
      const [word, ...rest] = this.words;
      if (word === undefined) throw new Error(`the capture ends before "${expected}"`);
      this.words = rest;
      if (typeOf(word) === "status") {
        this.hearBeat(word);
        continue;
      }
      const got = summary(word);
      if (got !== expected) throw new Error(`the capture says "${got}", not "${expected}"`);
      const message = this.renumbered(word);
      this.event({ kind: "message", from: this.them, fresh: false, message });
      this.run(1);
      return this;
    }
  }

  private renumbered(message: Message): Message {
    const number = this.numbersBefore + Number.parseInt(fieldOf(message, "seq") ?? "0", 16);
    this.lastNumber = Math.max(this.lastNumber, number);
    const seq = { kind: "string", name: "seq", value: number.toString(16) } as const;
    return { fields: message.fields.map((field) => (field.name === "seq" ? seq : field)) };
  }

  /** Everything up to this word was not heard. */
  missed(expected: string): this {
    const at = this.words.findIndex((word) => summary(word) === expected);
    if (at < 0) throw new Error(`the capture has no "${expected}"`);
    this.words = this.words.slice(at + 1);
    return this;
  }

  /** Their beats up to the next other word. */
  theyBeat(): this {
    for (;;) {
      const [word, ...rest] = this.words;
      if (word === undefined || typeOf(word) !== "status") return this;
      this.words = rest;
      this.hearBeat(word);
    }
  }

  /** A beat that is in no capture, in the life that was last heard. */
  theyBeatAs(st: string): this {
    this.beat = { ...this.beat, st };
    this.event({ kind: "beat", node: this.them, st, words: undefined });
    return this;
  }

  /** A word that is in no capture. */
  theySay(strings: Readonly<Record<string, string>>): this {
    const fields = Object.entries(strings).map(
      ([name, value]) => ({ kind: "string", name, value }) as const,
    );
    this.event({ kind: "message", from: this.them, fresh: false, message: { fields } });
    this.run(1);
    return this;
  }

  /** So many of our ping nodes answer from now on. */
  reaches(seen: number): this {
    this.pings = this.state.config.pings.nodes.map(({ name, kind }, index) => ({
      node: name,
      kind,
      status: index < seen ? "up" : "dead",
      answeredAt: undefined,
      hindrance: "",
    }));
    this.tick();
    return this;
  }

  /** The channel's verdict. */
  theyAre(liveness: PeerReport["liveness"]): this {
    this.report(liveness);
    return this;
  }

  asked(kind: "standby" | "takeover", set: "all" | "local" | "foreign" = "all"): this {
    this.event({ kind: "request", id: 1, request: { kind, set } });
    return this;
  }

  stop(): this {
    this.event({ kind: "request", id: undefined, request: { kind: "stop" } });
    return this;
  }

  carrier(carrier: boolean): this {
    const face = {
      interface: "eth0",
      carrier,
      ownAddress: "192.168.43.9",
    };
    this.event({ kind: "service-interface", group: WWW, face: { ...face, machineMacs: [] } });
    return this;
  }

  run(ms: number): this {
    const end = this.now + ms;
    while (this.now < end) {
      this.now += 1;
      if (this.now % TICK_MS === 0) this.tick();
      if (this.wakeAt !== undefined && this.wakeAt <= this.now) {
        this.wakeAt = undefined;
        this.event({ kind: "wake" });
      }
      const due = this.later.filter((item) => item.at <= this.now);
      this.later = this.later.filter((item) => item.at > this.now);
      for (const { event } of due) this.event(event);
    }
    return this;
  }

  /** What Tandem has sent since it was last asked, in order: type and what matters of it. */
  said(): readonly string[] {
    const words = this.sent.map(summary);
    this.sent = [];
    return words;
  }

  /** The last message of that type, for its fields; kept until `said`. */
  word(type: string): Message | undefined {
    return this.sent.findLast((message) => typeOf(message) === type);
  }

  get phase(): string {
    return this.state.groups[0]?.phase.kind ?? "";
  }

  get st(): string {
    return this.state.st;
  }

  private tick(): void {
    const snapshot = { ...TICK.snapshot, pings: this.pings };
    this.event({ kind: "tick", ...TICK, snapshot, at: this.now });
  }

  private hearBeat(message: Message): void {
    const generation = fieldOf(message, "hg") ?? "";
    const st = fieldOf(message, "st") ?? "";
    const before = this.beat;
    this.beat = { generation, st };
    // Between two captures the real node had other lives; this one goes on unless it says `init`.
    const goesOn = this.justOpened && st !== "init";
    this.justOpened = false;
    if (before.generation !== "" && before.generation !== generation && !goesOn) {
      const number = Number.parseInt(generation, 16);
      this.event({ kind: "restart", node: this.them, generation: number });
    }
    if (this.state.peer?.report.liveness !== "up") this.report("up");
    if (before.st !== st || before.generation !== generation)
      this.event({ kind: "beat", node: this.them, st, words: undefined });
    this.run(1);
  }

  private report(liveness: PeerReport["liveness"]): void {
    this.event({
      kind: "peer",
      peer: {
        node: this.them,
        liveness,
        hearsUs: liveness === "up",
        unheardMs: undefined,
        unacknowledgedSince: undefined,
        dialect: liveness === "never-heard" || this.beat.st === "" ? "unknown" : "plain",
        heardAt: liveness === "never-heard" ? undefined : this.now,
        deadtimeMs: 3000,
        uuid: undefined,
        generation: 1,
        silentAt: undefined,
        lineMs: undefined,
      },
    });
  }

  private event(event: Exclude<ClusterEvent, { kind: "boot" }>): void {
    if (this.ended) return;
    const [next, effects] = stepCluster(this.state, event, this.now);
    const broken = checkInvariants(next);
    if (broken !== undefined) throw new Error(broken);
    this.state = next;
    this.perform(effects);
    if (event.kind === "wake" && this.wakeAt !== undefined && this.wakeAt <= this.now)
      throw new Error("a wake-up asks for the next one at once: the daemon would never rest");
  }

  private perform(effects: readonly ClusterEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.sent.push({ fields: effect.fields });
          break;
        case "log":
          this.log.push(`${effect.level}: ${effect.text}`);
          break;
        case "answer":
          this.answers.push(effect);
          break;
        case "wake-at":
          this.wakeAt = effect.at;
          break;
        case "bye":
          this.ended = true;
          break;
        case "resource": {
          const { op, index } = effect.operation;
          const name = this.group.resources[index]?.name ?? "";
          if (op === "start" || op === "stop") this.operations.push(`${op} ${name}`);
          const ok = !(op === "start" && this.failing.has(name));
          const result = { ok, state: "unknown", detail: ok ? "" : "exit status 1" } as const;
          this.soon({ kind: "resource-done", id: effect.id, result });
          break;
        }
        case "probe": {
          const answers = this.arp.map((mac) => ({ interface: "eth0", mac }));
          const result = { answers, proxied: false, failed: false };
          this.soon({ kind: "probe-done", id: effect.id, result });
          break;
        }
        case "say":
        case "hold":
        case "journal":
          break;
      }
    }
  }

  private soon(event: Exclude<ClusterEvent, { kind: "boot" }>): void {
    this.later.push({ at: this.now + OPERATION_MS, event });
  }
}

/** `resource local 1 standby`: the type and the fields that carry meaning, in one fixed order. */
function summary(message: Message): string {
  const names = ["t", "rsc_hold", "isstable", "info", "st", "ipaddr", "weown", "num_ping"];
  if (typeOf(message) === TO_ITSELF) names.push("dest");
  return names.flatMap((name) => fieldOf(message, name) ?? []).join(" ");
}
