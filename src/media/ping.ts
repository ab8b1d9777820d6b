import { randomInt } from "node:crypto";
import { mediumName } from "../base/names.ts";
import type { PingNodeConfig } from "../config/types.ts";
import { echoDestination, openEchoSocket } from "../linux/echo-socket.ts";
import { decodeEchoReply, encodeEchoRequest } from "../linux/icmp.ts";
import { closeFd, isSysError, type Poll, pollFd, receive, send } from "../linux/sys.ts";
import { BackOff } from "./back-off.ts";
import { type HostAddress, hostAddress } from "./host-address.ts";
import { type Medium, type MediumCallbacks, onChange, type SendOptions } from "./medium.ts";

/** The largest datagram, so that nothing is ever cut. */
const BUFFER_BYTES = 65_536;
/** Of one turn of the event loop: somebody's `ping -f` on this machine must not keep us from the rest. */
const PACKETS_MAX = 64;

/**
 * Heartbeat's `ping` and `ping_group`: what is sent goes out as the data of an ICMP echo, to each host,
 * and what is heard is what a host sends back. So it is a medium to ourselves by way of somebody else;
 * whether the data are ours and of now is for its reader to judge. Callbacks come after this has returned.
 */
export function openPing(config: PingNodeConfig, callbacks: MediumCallbacks): Medium {
  return new Ping(config, callbacks);
}

class Ping implements Medium {
  readonly name: Medium["name"];
  readonly counts = { sent: 0, skipped: 0, dropped: 0 };
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #tell: (usable: boolean, detail: string) => void;
  readonly #hosts: readonly HostAddress[];
  /** Every raw socket of the machine hears every reply: this tells ours. Heartbeat takes its pid. */
  readonly #identifier = randomInt(0x10000);
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  /** By address: what the last send to it was refused with. */
  readonly #refusals = new Map<string, string>();
  #sequence = 0;
  #socket: { readonly fd: number; readonly poll: Poll } | undefined;
  #openError: string | undefined = "not open yet";
  readonly #reopening = new BackOff(() => this.#open());
  #closed = false;

  constructor(config: PingNodeConfig, callbacks: MediumCallbacks) {
    this.name = mediumName(config.name);
    this.#onBytes = callbacks.onBytes;
    this.#tell = onChange(callbacks.onState);
    this.#hosts = config.hosts.map((host) => hostAddress(host, 4, () => this.#sayState()));
    queueMicrotask(() => this.#open());
  }

  send(bytes: Uint8Array, _options: SendOptions): void {
    const socket = this.#socket;
    if (socket === undefined) {
      this.counts.dropped++;
      return;
    }
    const name = { identifier: this.#identifier, sequence: this.#sequence++ };
    const echo = encodeEchoRequest(name, bytes);
    const accepted = this.#addresses().filter((address) => this.#sendTo(socket.fd, address, echo));
    if (accepted.length > 0) this.counts.sent++;
    else this.counts.dropped++;
    this.#sayState();
  }

  /** A datagram is gone or lost at once. */
  isBusy(): boolean {
    return false;
  }

  close(): void {
    this.#closed = true;
    this.#reopening.end();
    for (const host of this.#hosts) host.close();
    this.#closeSocket();
  }

  #addresses(): readonly string[] {
    return this.#hosts.flatMap(({ address }) => (address === undefined ? [] : [address]));
  }

  #sendTo(fd: number, address: string, echo: Buffer): boolean {
    try {
      send(fd, echo, echoDestination(address));
      this.#refusals.delete(address);
      return true;
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#refusals.set(address, error.message);
      return false;
    }
  }

  #open(): void {
    if (this.#closed) return;
    try {
      const fd = openEchoSocket();
      const poll = pollFd(fd, {
        onReadable: () => this.#drain(),
        onLost: () => this.#lost("the socket was lost"),
      });
      this.#socket = { fd, poll };
      this.#openError = undefined;
      this.#reopening.succeeded();
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#lost(error.message);
    }
    this.#sayState();
  }

  #drain(): void {
    for (let count = 0; count < PACKETS_MAX && this.#socket !== undefined; count++) {
      const packet = this.#read(this.#socket.fd);
      if (packet === undefined) return;
      const reply = decodeEchoReply(packet);
      if (reply?.identifier === this.#identifier) this.#onBytes(Buffer.from(reply.data));
    }
  }

  #read(fd: number): Buffer | undefined {
    try {
      const size = receive(fd, this.#buffer);
      return size === undefined ? undefined : this.#buffer.subarray(0, size);
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#lost(error.message);
      return undefined;
    }
  }

  /** Usable: what we send goes out to one host at least. Whether it answers is another question. */
  #sayState(): void {
    // A name that is being looked up for the first time says nothing yet.
    const known = this.#hosts.filter(({ address, failure }) => (address ?? failure) !== undefined);
    if (this.#closed || known.length === 0) return;
    const words = known.map(({ host, address, failure }) => {
      const trouble = address === undefined ? failure : this.#refusals.get(address);
      return { isFine: trouble === undefined, word: trouble ? `${host}: ${trouble}` : host };
    });
    const isUsable = this.#openError === undefined && words.some(({ isFine }) => isFine);
    this.#tell(isUsable, this.#openError ?? words.map(({ word }) => word).join(", "));
  }

  #lost(why: string): void {
    this.#closeSocket();
    this.#openError = why;
    this.#reopening.failed();
    this.#sayState();
  }

  #closeSocket(): void {
    this.#socket?.poll.close();
    if (this.#socket !== undefined) closeFd(this.#socket.fd);
    this.#socket = undefined;
  }
}
