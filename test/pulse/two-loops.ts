import { mediumName, type NodeName, nodeName } from "../../src/base/names.ts";
import type { PulseEnvironment, PulseEvent, PulseRecord } from "../../src/pulse/environment.ts";
import type { FromPulse, Lease, PulseSettings, ToPulse } from "../../src/pulse/link.ts";
import { PulseLoop } from "../../src/pulse/loop.ts";

/** Two pulses on one cable in virtual time: just enough of a world for the loop's own tests. */
export class Wire {
  now = 200_000;
  readonly #queue: { at: number; order: number; run: () => void }[] = [];
  #order = 0;
  readonly hosts: PulseHost[] = [];
  /** Whether a datagram is lost on its way. */
  loses: (from: NodeName, to: NodeName, bytes: Uint8Array) => boolean = () => false;

  pingNodesAnswer = true;

  /** Whether a datagram comes a second time, and how much later. */
  repeats: () => number | undefined = () => undefined;

  host(name: string, settings: Partial<PulseSettings> = {}): PulseHost {
    const host = new PulseHost(this, { ...settingsOf(name), ...settings });
    this.hosts.push(host);
    return host;
  }

  at(at: number, run: () => void): void {
    this.#queue.push({ at, order: this.#order++, run });
  }

  carry(from: PulseHost, bytes: Uint8Array): void {
    for (const to of this.hosts) {
      if (to !== from && this.loses(from.name, to.name, bytes)) continue;
      const event = { kind: "bytes", medium: mediumName("eth1"), bytes } as const;
      this.at(this.now + 1, () => to.deliver(event));
      const laterMs = this.repeats();
      if (laterMs !== undefined) this.at(this.now + laterMs, () => to.deliver(event));
    }
  }

  /** Lives through this time, at most 200 000 happenings of it. */
  run(forMs: number): void {
    const until = this.now + forMs;
    for (let count = 0; count < 200_000; count++) {
      this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#queue[0];
      if (next === undefined || next.at > until) {
        this.now = until;
        return;
      }
      this.#queue.shift();
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    throw new Error("the world does not come to rest");
  }
}

export class PulseHost {
  readonly name: NodeName;
  readonly settings: PulseSettings;
  /** What the daemon was told, with the time. */
  readonly told: { at: number; message: FromPulse }[] = [];
  readonly logs: string[] = [];
  /** Everything done to addresses and the daemon, in order. */
  readonly deeds: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** What ping nodes sent back. */
  readonly pongs: Uint8Array[] = [];
  record: PulseRecord | undefined;
  exitCode: number | undefined;
  renewal: "renewed" | "gone" | "failed" = "renewed";
  /** We get no processor in the middle of a renewal: the call takes so long. */
  renewalTakesMs = 0;
  /** Takes the answer "I am well" away. */
  daemonIsWell = true;
  /** What was asked of the scheduler. */
  readonly askedRealtime: boolean[] = [];
  /** Undefined: a started daemon never gets to its settings. */
  configures = true;
  session = 0;
  readonly #wire: Wire;
  #loop: PulseLoop;
  #timer: { at: number } | undefined;
  #busyUntil = 0;
  #inbox: PulseEvent[] = [];
  #wantsDrained = false;
  #isGone = false;

  constructor(wire: Wire, settings: PulseSettings) {
    this.#wire = wire;
    this.settings = settings;
    this.name = settings.self;
    this.#loop = new PulseLoop(this.#environment());
  }

  start(): this {
    this.deliver({ kind: "start" });
    return this;
  }

  /** SIGKILL of the pulse, and a new one: what is in /run stays. */
  restart(): void {
    this.#inbox = [];
    this.#timer = undefined;
    this.session += 1;
    this.#loop = new PulseLoop(this.#environment());
    this.start();
  }

  powerOff(): void {
    this.#isGone = true;
  }

  /** Gets no processor for so long; what comes meanwhile waits. */
  stall(ms: number): void {
    this.#busyUntil = this.#wire.now + ms;
    this.#wire.at(this.#busyUntil, () => this.#pump());
  }

  deliver(event: PulseEvent): void {
    this.#inbox.push(event);
    this.#pump();
  }

  daemonSays(message: ToPulse): void {
    this.deliver({ kind: "from-daemon", message });
  }

  reports<K extends FromPulse["kind"]>(kind: K): (Extract<FromPulse, { kind: K }> & At)[] {
    return this.told.flatMap(({ at, message }) =>
      message.kind === kind ? [{ ...(message as Extract<FromPulse, { kind: K }>), at }] : [],
    );
  }

  #pump(): void {
    while (!this.#isGone && this.#wire.now >= this.#busyUntil) {
      // As libuv: a due timer may come before what waits in the sockets.
      if (this.#timer !== undefined && this.#timer.at <= this.#wire.now) {
        this.#timer = undefined;
        this.#loop.handle({ kind: "wake" });
      } else if (this.#inbox.length > 0) {
        const event = this.#inbox.shift();
        if (event !== undefined) this.#loop.handle(event);
      } else if (this.#wantsDrained) {
        this.#wantsDrained = false;
        this.#loop.handle({ kind: "queues-drained" });
      } else return;
    }
  }

  #environment(): PulseEnvironment {
    const wire = this.#wire;
    return {
      now: () => wire.now,
      wallSeconds: () => 1_795_000_000,
      isBusy: () => false,
      loadAverage: () => "0.00 0.01 0.05 1/100 200",
      freshSession: () =>
        (this.session + (this.name.startsWith("z") ? 0x10 : 0x20)).toString(16).padStart(8, "0"),
      bootId: () => "boot-1",
      wakeAt: (at) => {
        this.#timer = { at };
        if (at < Infinity) wire.at(Math.max(at, wire.now), () => this.#pump());
      },
      afterQueues: () => {
        this.#wantsDrained = true;
      },
      openMedia: (media) => {
        for (const { name } of media) {
          this.deliver({ kind: "medium", medium: name, usable: true, detail: "" });
        }
      },
      transmit: (_medium, bytes) => {
        this.sent.push(bytes);
        wire.carry(this, bytes);
      },
      openPings: () => {},
      ping: (node, bytes) => {
        if (!wire.pingNodesAnswer) return;
        this.pongs.push(bytes);
        wire.at(wire.now + 1, () => this.deliver({ kind: "pong", node, bytes }));
      },
      renewAddress: (lease) => {
        this.deeds.push(`renew ${lease.address} ${wire.now}`);
        wire.now += this.renewalTakesMs;
        return this.renewal;
      },
      deleteAddress: (lease) => this.deeds.push(`delete ${lease.address}`),
      toDaemon: (message) => this.#tell(message),
      startDaemon: () => {
        this.deeds.push("start-daemon");
        if (this.configures) {
          wire.at(wire.now + 50, () =>
            this.daemonSays({ kind: "configure", settings: this.settings }),
          );
        }
      },
      killDaemon: () => {
        this.deeds.push("kill-daemon");
        this.deliver({ kind: "daemon-gone", code: undefined, signal: "SIGKILL" });
      },
      loadRecord: () => this.record,
      saveRecord: (record) => {
        this.record = record;
      },
      requestRealtime: (wanted) => {
        this.askedRealtime.push(wanted);
        return "SCHED_RR 10";
      },
      alive: () => this.deeds.push("alive"),
      log: (_level, text) => this.logs.push(text),
      exit: (code) => {
        this.exitCode = code;
        this.powerOff();
      },
    };
  }

  #tell(message: FromPulse): void {
    this.told.push({ at: this.#wire.now, message });
    if (message.kind === "log") this.logs.push(message.text);
    if (message.kind === "tick" && this.daemonIsWell) {
      this.#wire.at(this.#wire.now + 1, () => this.daemonSays({ kind: "well" }));
    }
  }
}

interface At {
  readonly at: number;
}

export function settingsOf(name: string): PulseSettings {
  const key = { number: 1, method: "sha1", key: "quiet-river" } as const;
  return {
    self: nodeName(name),
    nodes: [nodeName("zeus"), nodeName("hera")],
    uuid: (name.startsWith("z") ? "0a" : "0b").repeat(16),
    storedGeneration: 0,
    pinned: undefined,
    exclusive: [],
    timers: { keepaliveMs: 2000, warntimeMs: 6000, deadtimeMs: 12_000, initdeadMs: 150_000 },
    media: [{ kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 }],
    keys: { active: 1, keys: [key] },
    pings: { nodes: [], deadMs: 12_000 },
    hopfudge: 1,
    msgfmt: "classic",
    realtime: true,
  };
}

export function leaseOf(wire: Wire, lease: Partial<Lease> = {}): Lease {
  return {
    group: "192.168.43.53" as Lease["group"],
    groupIndex: 0,
    interface: "eth0",
    address: "192.168.43.53",
    prefix: 24,
    broadcast: undefined,
    label: undefined,
    lifetimeS: 9,
    renewedAt: wire.now,
    epoch: 7,
    ...lease,
  };
}
