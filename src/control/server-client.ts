import type { Socket } from "node:net";
import type { Status } from "../core/cluster/status.ts";
import type { OperatorRequest } from "../core/cluster/world.ts";
import { LineReader } from "./line-reader.ts";
import {
  type Access,
  type Hello,
  PROTOCOL,
  READING,
  REQUEST_BYTES_MAX,
  type Reply,
  type ReplyError,
  type Request,
  readRequest,
  type StatusEvent,
} from "./protocol.ts";

/** What a conversation needs of the server. */
export interface ClientPorts {
  readonly node: string;
  readonly status: () => Status;
  /** Passes a command on; the id that the answer will carry. */
  readonly ask: (request: OperatorRequest) => number;
  readonly gone: () => void;
  readonly idleMs: number;
}

/** A reader that leaves so much unread is gone or asleep: it is dropped. */
const UNREAD_BYTES_MAX: number = 256 * 1024;
/** A client that neither watches nor waits for an answer gives its place up after so long. */
export const IDLE_MS = 30_000;
/** Commands of one client that are not answered yet. */
const COMMANDS_MAX = 8;

/** One conversation, seen from the server. */
export class ServerClient {
  readonly access: Access;
  watches = false;
  readonly #socket: Socket;
  readonly #ports: ClientPorts;
  readonly #lines = new LineReader(REQUEST_BYTES_MAX);
  /** The daemon's id of a command → the client's own. */
  readonly #commands = new Map<number, number>();

  constructor(socket: Socket, access: Access, ports: ClientPorts) {
    this.access = access;
    this.#socket = socket;
    this.#ports = ports;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => ports.gone());
  }

  greet(): void {
    const hello: Hello = { protocol: PROTOCOL, node: this.#ports.node, access: this.access };
    this.#write(hello);
    // Each time anew: who was busy the first time may be idle the next.
    this.#socket.setTimeout(this.#ports.idleMs).on("timeout", () => {
      if (!this.watches && this.#commands.size === 0) this.#socket.destroy();
    });
    this.#socket.on("data", (bytes: Buffer) => this.#read(bytes));
  }

  turnAway(): void {
    const next = "Close a conversation that is not needed (tandem status --watch), try again.";
    this.#refuse(undefined, { code: "too-many-clients", message: "no place is free", next });
    this.end();
  }

  answer(id: number, answer: { ok: boolean; text: string; tookMs: number }): void {
    const theirs = this.#commands.get(id);
    if (theirs === undefined) return;
    this.#commands.delete(id);
    const { ok, text, tookMs } = answer;
    if (ok) this.#reply({ id: theirs, ok, result: { text, tookMs } });
    else
      this.#refuse(theirs, { code: "refused", message: text, next: "`tandem status` shows why." });
  }

  tell(status: Status): void {
    const event: StatusEvent = { event: "status", data: status };
    if (this.watches) this.#write(event);
  }

  end(): void {
    this.#socket.end(() => this.#socket.destroy());
  }

  #read(bytes: Buffer): void {
    const { lines, tooLong } = this.#lines.push(bytes);
    for (const line of lines) if (!this.#socket.destroyed) this.#take(line);
    if (!tooLong) return;
    const message = `a request has more than ${REQUEST_BYTES_MAX} bytes`;
    this.#refuse(undefined, { code: "too-large", message, next: "Send one request a line." });
    this.#socket.removeAllListeners("data").resume();
    this.watches = false;
    this.end();
  }

  #take(line: string): void {
    const read = readRequest(line);
    if (!read.ok) {
      this.#reply(read.reply);
    } else if (this.access === "status" && !READING.has(read.request.method)) {
      const next = "Use the socket `control`, as root or as a member of the group haclient.";
      const message = `${read.request.method} is a command, and this socket only reads`;
      this.#refuse(read.request.id, { code: "read-only", message, next });
    } else {
      this.#carryOut(read.request);
    }
  }

  #carryOut(request: Request): void {
    switch (request.method) {
      case "status":
        this.#reply({ id: request.id, ok: true, result: this.#ports.status() });
        break;
      case "watch":
        this.watches = true;
        this.#reply({ id: request.id, ok: true, result: {} });
        this.tell(this.#ports.status());
        break;
      default:
        this.#command(request.id, { kind: request.method, set: request.params.set });
    }
  }

  #command(theirs: number, request: OperatorRequest): void {
    if (this.#commands.size >= COMMANDS_MAX) {
      const message = `${COMMANDS_MAX} commands of yours wait for their answer`;
      this.#refuse(theirs, { code: "unavailable", message, next: "Wait for one of them." });
      return;
    }
    this.#commands.set(this.#ports.ask(request), theirs);
  }

  #refuse(id: number | undefined, error: ReplyError): void {
    this.#reply({ id, ok: false, error });
  }

  #reply(reply: Reply): void {
    this.#write(reply);
  }

  #write(value: unknown): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(`${JSON.stringify(value)}\n`);
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) this.#socket.destroy();
  }
}
