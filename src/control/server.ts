import { execFile } from "node:child_process";
import { chmodSync, chownSync, unlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Status } from "../core/cluster/status.ts";
import type { OperatorRequest } from "../core/cluster/world.ts";
import { type Access, SOCKETS } from "./protocol.ts";
import { IDLE_MS, ServerClient } from "./server-client.ts";

/** Where to listen, and who answers. */
export interface ControlServerOptions {
  readonly runDir: string;
  readonly node: string;
  readonly status: () => Status;
  /** A person asks; `answer` with the same id ends it. */
  readonly request: (id: number, request: OperatorRequest) => void;
  /** For tests: when an idle client gives its place up. */
  readonly idleMs?: number;
}

/** Per socket, so that readers, whom anybody may be, cannot keep commands out. */
export const CLIENTS_MAX = 32;
/** Changes come in bursts; a screen needs no more pictures a second. */
const EVENTS_EVERY_MS = 100;

const MODES: Readonly<Record<Access, number>> = { control: 0o660, status: 0o666 };

/** Serves status and commands on two sockets of the run directory (product.md 6). */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #servers: Server[] = [];
  readonly #clients = new Set<ServerClient>();
  /** Requests that the cluster has not answered yet. */
  readonly #asked = new Map<number, ServerClient>();
  #nextId = 1;
  #event: NodeJS.Timeout | undefined;

  constructor(options: ControlServerOptions) {
    this.#options = options;
  }

  /**
   * `groupId`: of the group that may command, `haclient` as in Heartbeat; undefined: root alone.
   * Rejects with the system's error where a socket cannot be made.
   */
  async open(groupId: number | undefined): Promise<void> {
    for (const access of ["control", "status"] as const) await this.#listen(access, groupId);
  }

  /** The cluster's answer to a request; an id that nobody waits for is ignored (the client left). */
  answer(id: number, answer: { ok: boolean; text: string; tookMs: number }): void {
    const client = this.#asked.get(id);
    this.#asked.delete(id);
    client?.answer(id, answer);
  }

  /** Something that status shows may have changed: those who watch are told, soon and not too often. */
  changed(): void {
    if (this.#event !== undefined || ![...this.#clients].some((client) => client.watches)) return;
    this.#event = setTimeout(() => {
      this.#event = undefined;
      const status = this.#options.status();
      for (const client of this.#clients) client.tell(status);
    }, EVENTS_EVERY_MS);
  }

  /** Ends all conversations and removes the sockets. */
  close(): void {
    clearTimeout(this.#event);
    for (const server of this.#servers) server.close();
    for (const client of this.#clients) client.end();
  }

  async #listen(access: Access, groupId: number | undefined): Promise<void> {
    const path = join(this.#options.runDir, SOCKETS[access]);
    removeStale(path);
    const server = createServer((socket) => this.#accept(socket, access));
    // A descriptor shortage while accepting is no reason to end the daemon.
    server.on("error", () => {});
    await listen(server, path);
    this.#servers.push(server);
    if (access === "control" && groupId !== undefined) giveToGroup(path, groupId);
    chmodSync(path, MODES[access]);
  }

  #accept(socket: Socket, access: Access): void {
    const sameKind = [...this.#clients].filter((client) => client.access === access);
    const client: ServerClient = new ServerClient(socket, access, {
      node: this.#options.node,
      status: this.#options.status,
      ask: (request) => this.#ask(client, request),
      gone: () => this.#forget(client),
      idleMs: this.#options.idleMs ?? IDLE_MS,
    });
    if (sameKind.length >= CLIENTS_MAX) {
      client.turnAway();
      return;
    }
    this.#clients.add(client);
    client.greet();
  }

  #ask(client: ServerClient, request: OperatorRequest): number {
    const id = this.#nextId++;
    this.#asked.set(id, client);
    // After the caller has noted the id: the answer may come before this returns.
    queueMicrotask(() => this.#options.request(id, request));
    return id;
  }

  #forget(client: ServerClient): void {
    this.#clients.delete(client);
    for (const [id, asker] of this.#asked) if (asker === client) this.#asked.delete(id);
  }
}

/** A socket file of a former life: the pulse's lock has seen to it that nobody serves it any more. */
function removeStale(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/**
 * In a user namespace the machine's groups are not mapped (EINVAL), and an ordinary user may not give
 * files away (EPERM). The socket is then our own group's: no reason to have none.
 */
function giveToGroup(path: string, groupId: number): void {
  try {
    chownSync(path, -1, groupId);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EINVAL" && code !== "EPERM") throw error;
  }
}

/** Nobody but us may connect until the mode is right: bound with no rights for others. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const former = process.umask(0o177);
    server.listen(path, () => {
      server.removeListener("error", reject);
      resolve();
    });
    process.umask(former);
  });
}

/** The numeric id of a group by `getent`, which asks what this machine is configured to ask; undefined: there is none. */
export function groupIdOf(group: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile("getent", ["group", group], { timeout: 2_000 }, (error, stdout) => {
      const id = Number(stdout.split(":")[2]);
      resolve(error === null && Number.isInteger(id) ? id : undefined);
    });
  });
}
