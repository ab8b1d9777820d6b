import { createSocket, type Socket } from "node:dgram";
import type { MediumConfig } from "../config/types.ts";
import { type NetworkWatch, watchNetwork } from "../linux/link-watch.ts";
import type { Link } from "../linux/netlink/link.ts";
import { closeFd } from "../linux/sys.ts";
import { openUdpOnInterface } from "../linux/udp-socket.ts";
import {
  type Medium,
  type MediumCallbacks,
  onChange,
  REOPEN_FIRST_MS,
  REOPEN_MAX_MS,
  type SendOptions,
} from "./medium.ts";

type Config = Extract<MediumConfig, { kind: "bcast" }>;

/**
 * Heartbeat's `bcast`: UDP to the interface's broadcast address, one port both ways, bound to the
 * interface. What we send is heard back as well: the channel takes it as proof that the medium works
 * here. Callbacks come after this has returned.
 *
 * The socket is made by the C library, since Node cannot bind to an interface. Without koffi the
 * way would be dgram bound to the subnet's broadcast address: it hears broadcasts of that subnet
 * alone, and fails where two interfaces share one or the address changes (platform.md 3).
 */
export function openUdpBroadcast(config: Config, callbacks: MediumCallbacks): Medium {
  return new UdpBroadcast(config, callbacks);
}

class UdpBroadcast implements Medium {
  readonly name: Config["name"];
  readonly counts = { sent: 0, skipped: 0, dropped: 0 };
  readonly #config: Config;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #tell: (usable: boolean, detail: string) => void;
  #watch: NetworkWatch | undefined;
  #socket: Socket | undefined;
  /** Index of the interface that the socket is bound to: one that was made anew has another. */
  #boundIndex = 0;
  /** Where to send; undefined while there is no use in it. */
  #target: string | undefined;
  #sendError: string | undefined;
  #openError: string | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #retryMs = REOPEN_FIRST_MS;
  #closed = false;

  constructor(config: Config, callbacks: MediumCallbacks) {
    this.name = config.name;
    this.#config = config;
    this.#onBytes = callbacks.onBytes;
    this.#tell = onChange(callbacks.onState);
    queueMicrotask(() => this.#start());
  }

  send(bytes: Uint8Array, _options: SendOptions): void {
    if (this.#socket === undefined || this.#target === undefined) {
      this.counts.dropped++;
      return;
    }
    // Without a callback a refusal would be an 'error' event; with one it comes here.
    this.#socket.send(bytes, this.#config.port, this.#target, (error) => {
      if (error === null) this.counts.sent++;
      else this.counts.dropped++;
      const sendError = error === null ? undefined : error.message;
      if (sendError === this.#sendError) return;
      this.#sendError = sendError;
      this.#refresh();
    });
  }

  /** A datagram is gone or lost at once. */
  isBusy(): boolean {
    return false;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#watch?.close();
    this.#closeSocket();
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

  /** Brings socket, target and state in line with the interface as it is now. */
  #refresh(): void {
    if (this.#closed) return;
    const { interface: name, port } = this.#config;
    const link = this.#watch?.links().find((one) => one.name === name);
    const addresses = this.#watch?.addresses() ?? [];
    const broadcast = addresses.find(
      (one) => one.index === link?.index && one.broadcast,
    )?.broadcast;
    this.#target = link?.carrier ? broadcast : undefined;
    if (link?.index !== this.#boundIndex) this.#closeSocket();
    if (link !== undefined && this.#socket === undefined && this.#retryTimer === undefined) {
      this.#open(link.index);
    }
    const hindrance = this.#hindrance(link, broadcast);
    if (hindrance !== undefined) this.#tell(false, `${name}: ${hindrance}`);
    else this.#tell(true, `${name}: ${broadcast}:${port}`);
  }

  #hindrance(link: Link | undefined, broadcast: string | undefined): string | undefined {
    if (link === undefined) return "no such interface";
    if (this.#openError !== undefined) return this.#openError;
    if (!link.up) return "interface is down";
    if (!link.carrier) return "no carrier";
    if (broadcast === undefined) return "no broadcast address";
    return this.#sendError;
  }

  #open(index: number): void {
    const socket = createSocket("udp4");
    this.#socket = socket;
    this.#boundIndex = index;
    const isCurrent = () => this.#socket === socket;
    socket.on("error", (error) => {
      if (isCurrent()) this.#lost(error.message);
    });
    socket.on("message", (bytes) => {
      if (isCurrent()) this.#onBytes(bytes);
    });
    let fd: number | undefined;
    try {
      fd = openUdpOnInterface(this.#config.interface, this.#config.port);
      // Takes the descriptor over, and listens at once.
      socket.bind({ fd });
      this.#openError = undefined;
      this.#retryMs = REOPEN_FIRST_MS;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (fd !== undefined) closeFd(fd);
      this.#lost(error.message);
    }
  }

  #lost(why: string): void {
    this.#closeSocket();
    this.#retry(why);
    this.#tell(false, `${this.#config.interface}: ${why}`);
  }

  #retry(why: string): void {
    this.#openError = why;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#refresh();
    }, this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, REOPEN_MAX_MS);
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#boundIndex = 0;
    this.#sendError = undefined;
    socket?.close();
  }
}
