import {
  bind,
  closeFd,
  errnoOf,
  isSysError,
  openSocket,
  receive,
  SOCK_RAW,
  SysError,
  send,
  setOption,
  socketName,
} from "../sys.ts";
import {
  decodeAcknowledgement,
  decodeMessages,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "./message.ts";

export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
const AF_NETLINK = 16;
const SOL_NETLINK = 270;
/** Netlink's datagrams are at most 32 KiB unless a larger buffer is offered; lists come in several. */
const BUFFER_SIZE = 65536;
/** A list that changes while it is read is read again; on a busy machine perhaps more than once. */
const DUMP_ATTEMPTS_MAX = 5;

/**
 * The port that a process of ours asks for its requests about links and addresses, so that pulse and
 * tandemd, by the other's pid, know each other's doings from a stranger's. Above all process ids,
 * which the kernel hands out as ports by itself.
 */
export const routePortOf = (pid: number): number => 0x40000000 + pid;

/**
 * A netlink descriptor bound to these multicast groups (a bit mask), and its port id: `wanted`, or
 * another where that is taken.
 */
export function openNetlink(
  protocol: number,
  options: { groups?: number; wanted?: number },
): { fd: number; port: number } {
  const fd = openSocket(AF_NETLINK, SOCK_RAW, protocol);
  try {
    bindTo(fd, options.wanted ?? 0, options.groups ?? 0);
    const NETLINK_CAP_ACK = 10;
    const NETLINK_EXT_ACK = 11;
    setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    return { fd, port: socketName(fd, 12).readUInt32LE(4) };
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

function bindTo(fd: number, port: number, groups: number): void {
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(port, 4);
  address.writeUInt32LE(groups, 8);
  try {
    bind(fd, address);
  } catch (error) {
    // Another pid namespace over the same network namespace may have a process of this number.
    if (port === 0 || !isSysError(error, "EADDRINUSE")) throw error;
    bindTo(fd, 0, groups);
  }
}

/**
 * Request and answer, synchronous: the kernel works on a netlink request inside sendto(2), so the
 * answer waits when that returns, and nothing here can block.
 */
export class NetlinkSocket {
  /** Notifications that our requests cause carry this as their port. */
  readonly port: number;
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(BUFFER_SIZE);
  #sequence = 0;

  constructor(protocol: number, wanted?: number) {
    const { fd, port } = openNetlink(protocol, wanted === undefined ? {} : { wanted });
    this.#fd = fd;
    this.port = port;
  }

  /** Asks for a change. `what` names it in the SysError that a refusal throws. */
  change(what: string, type: number, flags: number, body: Uint8Array): void {
    const sequence = this.#send(type, flags | NLM_F_ACK, body);
    for (const message of this.#answers(what, sequence)) throwIfRefused(what, message);
  }

  /** Asks for a list. */
  list(what: string, type: number, body: Uint8Array): readonly NetlinkMessage[] {
    for (let attempt = 1; attempt <= DUMP_ATTEMPTS_MAX; attempt++) {
      const messages = this.#answers(what, this.#send(type, NLM_F_DUMP, body));
      for (const message of messages) throwIfRefused(what, message);
      if (messages.some((message) => message.flags & NLM_F_DUMP_INTR)) continue;
      return messages.filter((message) => message.type > NLMSG_DONE);
    }
    throw new SysError(what, errnoOf("EAGAIN"), "the list kept changing while it was read");
  }

  #send(type: number, flags: number, body: Uint8Array): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const sequence = this.#sequence;
    send(this.#fd, encodeMessage({ type, flags: flags | NLM_F_REQUEST, sequence, body }));
    return sequence;
  }

  /** All messages that answer the request, the closing one included. */
  #answers(what: string, sequence: number): readonly NetlinkMessage[] {
    const answers: NetlinkMessage[] = [];
    for (;;) {
      const length = receive(this.#fd, this.#buffer);
      if (length === undefined) {
        throw new SysError(what, errnoOf("EAGAIN"), "the kernel gave no answer");
      }
      // Copied: the buffer is used again for the rest of the list.
      for (const message of decodeMessages(Buffer.from(this.#buffer.subarray(0, length)))) {
        // An answer to a request that failed half-way is not ours.
        if (message.sequence !== sequence) continue;
        answers.push(message);
        if (message.type === NLMSG_DONE || message.type === NLMSG_ERROR) return answers;
      }
    }
  }
}

/** Throws the SysError that an answer of the kernel stands for; `what` was asked. */
export function throwIfRefused(what: string, message: NetlinkMessage): void {
  if (message.type !== NLMSG_ERROR) return;
  const { errno, explanation } = decodeAcknowledgement(message);
  if (errno !== 0) throw new SysError(what, errno, explanation);
}

let shared: NetlinkSocket | undefined;

/** The process's socket for links and addresses, opened at the first use. */
export function routeSocket(): NetlinkSocket {
  shared ??= new NetlinkSocket(NETLINK_ROUTE, routePortOf(process.pid));
  return shared;
}
