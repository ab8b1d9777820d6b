import {
  type AddressOnLink,
  decodeAddress,
  listAddresses,
  RTM_DELADDR,
  RTM_NEWADDR,
} from "./netlink/address.ts";
import { decodeLink, type Link, listLinks, RTM_DELLINK, RTM_NEWLINK } from "./netlink/link.ts";
import { decodeMessages, type NetlinkMessage } from "./netlink/message.ts";
import { NETLINK_ROUTE, openNetlink, routeSocket } from "./netlink/socket.ts";
import {
  closeFd,
  interfaceIndex,
  isSysError,
  type Poll,
  pollFd,
  receive,
  setOption,
  setReceiveBuffer,
} from "./sys.ts";

/**
 * Tells of links and IPv4 addresses as they come, change and go. The kernel's notifications are
 * quick but may be lost (a burst, a poll that died), so everything is also read anew every few
 * seconds and after every doubt; the difference is told as if it had been notified.
 */

export type NetworkEvent =
  /** A link is new or changed its state, carrier, MAC or name; `gone`: it was deleted or moved away. */
  | { readonly kind: "link"; readonly link: Link; readonly gone: boolean }
  | { readonly kind: "address"; readonly address: AddressOnLink; readonly gone: false }
  | {
      readonly kind: "address";
      readonly address: AddressOnLink;
      readonly gone: true;
      readonly by: Remover;
    };

/**
 * Who took an address away (safety.md 2): its lifetime; the end of its interface; this process or
 * one of `ours`; any other program. `unknown`: the notification was lost; to be treated as expiry.
 */
export type Remover = "expiry" | "interface" | "ourselves" | "program" | "unknown";

/** What is known now, between one event and the next. */
export interface NetworkWatch {
  /** Links as last told. */
  links(): readonly Link[];
  addresses(): readonly AddressOnLink[];
  close(): void;
}

/** How to watch; without any, for a process that works alone. */
export interface WatchOptions {
  /** Netlink ports whose doings count as ours beside this process's own: routePortOf(pid). */
  readonly ours?: readonly number[];
  /** Default 5 s. */
  readonly rereadMs?: number;
  /** Tests put lists of their own here. */
  readonly lists?: NetworkLists;
}

/** What is there now. Either may throw a SysError. */
export interface NetworkLists {
  readonly links: typeof listLinks;
  readonly addresses: typeof listAddresses;
}

const REREAD_MS = 5000;
const REOPEN_FIRST_MS = 100;
const REOPEN_MAX_MS = 5000;
/** A stall of seconds on a busy machine must not overrun it: some 2 000 notifications. */
const RECEIVE_BUFFER_BYTES = 1 << 20;
const REREAD_ATTEMPTS_MAX = 3;
/** After the kernel has refused a list. */
const REREAD_AGAIN_MS = 100;

/**
 * Starts to watch; what is there already is told at once, before this returns, unless the kernel refuses
 * to say it just then.
 */
export function watchNetwork(
  onEvent: (event: NetworkEvent) => void,
  options: WatchOptions = {},
): NetworkWatch {
  return new Watch(onEvent, options);
}

class Watch implements NetworkWatch {
  readonly #onEvent: (event: NetworkEvent) => void;
  readonly #ours: ReadonlySet<number>;
  readonly #lists: NetworkLists;
  readonly #links = new Map<number, Link>();
  readonly #addresses = new Map<string, AddressOnLink>();
  readonly #buffer = Buffer.alloc(65536);
  readonly #rereadTimer: NodeJS.Timeout;
  #rereadAgain: NodeJS.Timeout | undefined;
  #reopenTimer: NodeJS.Timeout | undefined;
  #socket: { readonly fd: number; readonly poll: Poll } | undefined;
  #closed = false;

  constructor(onEvent: (event: NetworkEvent) => void, options: WatchOptions) {
    this.#onEvent = onEvent;
    this.#ours = new Set([routeSocket().port, ...(options.ours ?? [])]);
    this.#lists = options.lists ?? { links: listLinks, addresses: listAddresses };
    this.#open(REOPEN_FIRST_MS);
    this.#reread();
    this.#rereadTimer = setInterval(() => this.#reread(), options.rereadMs ?? REREAD_MS);
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  addresses(): readonly AddressOnLink[] {
    return [...this.#addresses.values()];
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#rereadTimer);
    clearTimeout(this.#rereadAgain);
    clearTimeout(this.#reopenTimer);
    this.#closeSocket();
  }

  #open(backOffMs: number): void {
    try {
      const fd = openMonitor();
      const poll = pollFd(fd, {
        onReadable: () => this.#drain(),
        onLost: () => this.#lost(REOPEN_FIRST_MS),
      });
      this.#socket = { fd, poll };
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#lost(Math.min(2 * backOffMs, REOPEN_MAX_MS));
    }
  }

  /** Until the next attempt the rereading alone keeps us informed. */
  #lost(backOffMs: number): void {
    this.#closeSocket();
    this.#reopenTimer = setTimeout(() => {
      this.#open(backOffMs);
      this.#reread();
    }, backOffMs);
  }

  #closeSocket(): void {
    this.#socket?.poll.close();
    if (this.#socket !== undefined) closeFd(this.#socket.fd);
    this.#socket = undefined;
  }

  /** Takes in all notifications that wait; how many there were. */
  #drain(): number {
    let count = 0;
    while (this.#socket !== undefined) {
      try {
        const length = receive(this.#socket.fd, this.#buffer);
        if (length === undefined) return count;
        const datagram = Buffer.from(this.#buffer.subarray(0, length));
        for (const message of decodeMessages(datagram)) this.#take(message);
        count++;
      } catch (error) {
        // Lost notifications; what they said is in the lists.
        if (!isSysError(error, "ENOBUFS")) throw error;
        setImmediate(() => this.#reread());
      }
    }
    return count;
  }

  /** Only lists that nothing overtook are compared: a notification after them would look undone. */
  #reread(): void {
    for (let attempt = 1; attempt <= REREAD_ATTEMPTS_MAX && !this.#closed; attempt++) {
      this.#drain();
      const read = this.#readLists();
      if (read === undefined) return;
      if (this.#drain() > 0) continue;
      this.#compare(read.links, read.addresses);
      return;
    }
  }

  /** Undefined: the kernel refuses just now (no memory, a list that kept changing); it is asked again soon. */
  #readLists():
    | { readonly links: readonly Link[]; readonly addresses: readonly AddressOnLink[] }
    | undefined {
    try {
      return { links: this.#lists.links(), addresses: this.#lists.addresses() };
    } catch (error) {
      if (!isSysError(error)) throw error;
      clearTimeout(this.#rereadAgain);
      this.#rereadAgain = setTimeout(() => this.#reread(), REREAD_AGAIN_MS);
      return undefined;
    }
  }

  #compare(links: readonly Link[], addresses: readonly AddressOnLink[]): void {
    for (const link of links) this.#takeLink(link);
    for (const address of addresses) this.#takeAddress(address);
    const present = new Set(addresses.map(keyOf));
    for (const address of this.addresses()) {
      if (!present.has(keyOf(address))) this.#takeAddressGone(address, "unknown");
    }
    const indices = new Set(links.map((link) => link.index));
    for (const link of this.links()) if (!indices.has(link.index)) this.#takeLinkGone(link);
  }

  #take(message: NetlinkMessage): void {
    if (message.type === RTM_NEWLINK || message.type === RTM_DELLINK) {
      const link = decodeLink(message);
      if (link === undefined) return;
      if (message.type === RTM_NEWLINK) this.#takeLink(link);
      else this.#takeLinkGone(link);
    } else if (message.type === RTM_NEWADDR || message.type === RTM_DELADDR) {
      const address = decodeAddress(message, (index) => this.#links.get(index)?.name);
      if (address === undefined) return;
      if (message.type === RTM_NEWADDR) this.#takeAddress(address);
      else this.#takeAddressGone(address, this.#removerOf(address, message.port));
    }
  }

  #removerOf(address: AddressOnLink, port: number): Remover {
    if (this.#ours.has(port)) return "ourselves";
    if (port !== 0) return "program";
    if (interfaceIndex(address.interface) !== address.index) return "interface";
    // ifconfig's old ioctls have no port either; but they come before the lifetime has run out
    // (the kernel's timer may be a little early, so the last second counts as run out).
    return address.lifetimeS <= 1 ? "expiry" : "program";
  }

  #takeLink(link: Link): void {
    const known = this.#links.get(link.index);
    this.#links.set(link.index, link);
    const same =
      known?.up === link.up &&
      known.carrier === link.carrier &&
      known.mac === link.mac &&
      known.name === link.name;
    if (!same) this.#tell({ kind: "link", link, gone: false });
  }

  #takeLinkGone(link: Link): void {
    if (this.#links.delete(link.index)) this.#tell({ kind: "link", link, gone: true });
  }

  /** A renewed lifetime is notified too, and is no news. */
  #takeAddress(address: AddressOnLink): void {
    const isNew = !this.#addresses.has(keyOf(address));
    this.#addresses.set(keyOf(address), address);
    if (isNew) this.#tell({ kind: "address", address, gone: false });
  }

  #takeAddressGone(address: AddressOnLink, by: Remover): void {
    if (!this.#addresses.delete(keyOf(address))) return;
    this.#tell({ kind: "address", address, gone: true, by });
  }

  #tell(event: NetworkEvent): void {
    if (!this.#closed) this.#onEvent(event);
  }
}

function openMonitor(): number {
  const RTMGRP_LINK = 0x1;
  const RTMGRP_IPV4_IFADDR = 0x10;
  const { fd } = openNetlink(NETLINK_ROUTE, { groups: RTMGRP_LINK | RTMGRP_IPV4_IFADDR });
  const SOL_NETLINK = 270;
  const NETLINK_NO_ENOBUFS = 5;
  // An overrun would raise POLLERR, which ends libuv's poll for good (platform.md 2).
  setOption(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
  setReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
  return fd;
}

function keyOf(address: AddressOnLink): string {
  return `${address.index} ${address.address}/${address.prefix}`;
}
