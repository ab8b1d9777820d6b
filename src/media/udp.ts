import { createSocket, type Socket } from "node:dgram";
import { bootTimeMs, processorTimeMs } from "../linux/clock.ts";
import { type NetworkWatch, watchNetwork } from "../linux/link-watch.ts";
import type { Link } from "../linux/netlink/link.ts";
import { closeFd, isSysError } from "../linux/sys.ts";
import { droppedFor, letIn, shutIn } from "../linux/udp-socket.ts";
import { BackOff } from "./back-off.ts";
import { FloodGate } from "./flood-gate.ts";
import { type Medium, type MediumCallbacks, onChange, type SendOptions } from "./medium.ts";
import { type Aim, type UdpConfig, type UdpWay, udpWay } from "./udp-ways.ts";

/**
 * UDP on one interface, one port both ways: Heartbeat's `bcast`, `ucast`, `mcast` and their IPv6
 * kin (udp-ways.ts tells them apart). What we broadcast is heard back as well: the channel takes it as
 * proof that the medium works here. Callbacks come after this has returned.
 *
 * The socket is made by the C library, since Node cannot bind to an interface. Without koffi the
 * way would be dgram bound to the subnet's broadcast address: it hears broadcasts of that subnet
 * alone, and fails where two interfaces share one or the address changes (platform.md 3).
 */
export function openUdp(config: UdpConfig, callbacks: MediumCallbacks): Medium {
  return new Udp(config, callbacks);
}

class Udp implements Medium {
  readonly name: UdpConfig["name"];
  readonly counts = { sent: 0, skipped: 0, dropped: 0 };
  readonly #config: UdpConfig;
  readonly #way: UdpWay;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #onUnread: (count: number) => void;
  readonly #tell: (usable: boolean, detail: string) => void;
  /** By target: what the last send to it was refused with. */
  readonly #refusals = new Map<string, string>();
  #watch: NetworkWatch | undefined;
  #socket: Socket | undefined;
  #gate: FloodGate | undefined;
  /** Index of the interface that the socket is bound to: one that was made anew has another. */
  #boundIndex = 0;
  #openError: string | undefined;
  readonly #reopening = new BackOff(() => this.#refresh());
  #closed = false;

  constructor(config: UdpConfig, callbacks: MediumCallbacks) {
    this.name = config.name;
    this.#config = config;
    this.#onBytes = callbacks.onBytes;
    this.#onUnread = callbacks.onUnread;
    this.#tell = onChange(callbacks.onState);
    this.#way = udpWay(config, () => this.#refresh());
    queueMicrotask(() => this.#start());
  }

  send(bytes: Uint8Array, _options: SendOptions): void {
    const socket = this.#socket;
    const { targets } = this.#aim();
    let accepted = 0;
    let left = targets.length;
    if (socket === undefined || left === 0) {
      this.counts.dropped++;
      return;
    }
    for (const target of targets) {
      // Without a callback a refusal would be an 'error' event; with one it comes here.
      socket.send(bytes, this.#config.port, target, (error) => {
        if (error === null) accepted++;
        left -= 1;
        if (left === 0 && accepted > 0) this.counts.sent++;
        if (left === 0 && accepted === 0) this.counts.dropped++;
        if (this.#socket === socket) this.#note(target, error?.message);
      });
    }
  }

  /** A datagram is gone or lost at once. */
  isBusy(): boolean {
    return false;
  }

  close(): void {
    this.#closed = true;
    this.#reopening.end();
    this.#way.close();
    this.#watch?.close();
    this.#closeSocket();
  }

  #note(target: string, refusal: string | undefined): void {
    if (this.#refusals.get(target) === refusal) return;
    if (refusal === undefined) this.#refusals.delete(target);
    else this.#refusals.set(target, refusal);
    this.#refresh();
  }

  #start(): void {
    if (this.#closed) return;
    const { interface: name } = this.#config;
    this.#watch = watchNetwork((event) => {
      const concerned = event.kind === "link" ? event.link : event.address;
      const isOurs =
        concerned.index === this.#boundIndex ||
        (event.kind === "link" ? event.link.name : event.address.interface) === name;
      // The watch tells what is there before it has returned.
      if (isOurs && this.#watch !== undefined) this.#refresh();
    });
    this.#refresh();
  }

  #link(): Link | undefined {
    return this.#watch?.links().find((one) => one.name === this.#config.interface);
  }

  #aim(): Aim {
    const link = this.#link();
    if (!link?.carrier) return { targets: [], lack: undefined };
    return this.#way.aim(link.index, this.#watch?.addresses() ?? []);
  }

  /** Brings socket and state in line with the interface as it is now. */
  #refresh(): void {
    if (this.#closed || this.#watch === undefined) return;
    const { interface: name } = this.#config;
    const link = this.#link();
    if (link?.index !== this.#boundIndex) this.#closeSocket();
    if (link !== undefined && this.#socket === undefined && !this.#reopening.isWaiting) {
      this.#open(link.index);
    }
    const aim = this.#aim();
    const hindrance = this.#hindrance(link, aim);
    if (hindrance !== undefined) this.#tell(false, `${name}: ${hindrance}`);
    else if (aim.targets.length > 0) this.#tell(true, `${name}: ${this.#targetWords(aim)}`);
  }

  #hindrance(link: Link | undefined, { targets, lack }: Aim): string | undefined {
    if (link === undefined) return "no such interface";
    if (this.#openError !== undefined) return this.#openError;
    if (!link.up) return "interface is down";
    if (!link.carrier) return "no carrier";
    const [first] = targets;
    if (first === undefined) return lack;
    const areAllRefused = targets.every((target) => this.#refusals.has(target));
    return areAllRefused ? this.#refusals.get(first) : undefined;
  }

  /** `10.10.10.2:694`, and what of several cannot be reached now. */
  #targetWords({ targets, lack }: Aim): string {
    const { port } = this.#config;
    const words = targets.map((target) => {
      const where = target.includes(":") ? `[${target}]:${port}` : `${target}:${port}`;
      const refusal = this.#refusals.get(target);
      return refusal === undefined ? where : `${where} (${refusal})`;
    });
    return [...words, ...(lack === undefined ? [] : [lack])].join(", ");
  }

  #open(index: number): void {
    const { kind } = this.#config;
    const socket = createSocket(kind === "ucast6" || kind === "mcast6" ? "udp6" : "udp4");
    this.#socket = socket;
    this.#boundIndex = index;
    const isCurrent = () => this.#socket === socket;
    socket.on("error", (error) => {
      if (isCurrent()) this.#lost(error.message);
    });
    socket.on("message", (bytes) => {
      if (!isCurrent()) return;
      this.#onBytes(bytes);
      this.#gate?.passed();
    });
    let fd: number | undefined;
    try {
      fd = this.#way.open(index);
      this.#gate = this.#gateOf(fd);
      // Takes the descriptor over, and listens at once.
      socket.bind({ fd });
      this.#openError = undefined;
      this.#reopening.succeeded();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (fd !== undefined) closeFd(fd);
      this.#lost(error.message);
    }
  }

  /** dgram cannot be told to wait: the kernel is told to drop. */
  #gateOf(fd: number): FloodGate {
    let dropped = 0;
    const tellUnread = (): void => {
      const before = dropped;
      dropped = droppedFor(fd);
      // The kernel's count begins again behind its 32 bits.
      const count = (dropped - before) >>> 0;
      if (count > 0) this.#onUnread(count);
    };
    const tryTo = (change: (fd: number) => void): void => {
      try {
        change(fd);
        tellUnread();
      } catch (error) {
        // Another socket after a while bounds a flood as well.
        if (!isSysError(error)) throw error;
        this.#lost(error.message);
      }
    };
    return new FloodGate({
      now: bootTimeMs,
      usedMs: processorTimeMs,
      shut: () => tryTo(shutIn),
      open: () => tryTo(letIn),
    });
  }

  #lost(why: string): void {
    this.#closeSocket();
    this.#openError = why;
    this.#reopening.failed();
    this.#tell(false, `${this.#config.interface}: ${why}`);
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#boundIndex = 0;
    this.#refusals.clear();
    this.#gate?.close();
    this.#gate = undefined;
    socket?.close();
  }
}
