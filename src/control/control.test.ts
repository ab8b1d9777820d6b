import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OperatorRequest } from "../core/cluster/world.ts";
import { ControlError, connect, type Status } from "./client/index.ts";
import { LineReader } from "./line-reader.ts";
import { readRequest } from "./protocol.ts";
import { CLIENTS_MAX, ControlServer } from "./server.ts";

const status: Status = {
  schema: "tandem.status/1",
  node: "zeus.example.com",
  state: "up",
  verdict: "all is well",
  health: "healthy",
  degraded: [],
  nodes: [],
  groups: [],
  media: [],
  pings: [],
  discarded: {},
  realtime: "SCHED_RR 5",
  notRun: [],
};

let runDir = "";
let server: ControlServer;
let verdict = "";
let asked: { id: number; request: OperatorRequest }[] = [];
let onAsked: () => void = () => {};

beforeEach(async () => {
  runDir = mkdtempSync(join(tmpdir(), "tandem-control-"));
  verdict = "all is well";
  asked = [];
  server = new ControlServer({
    runDir,
    node: "zeus.example.com",
    status: () => ({ ...status, verdict }),
    request: (id, request) => {
      asked.push({ id, request });
      onAsked();
    },
  });
  await server.open(undefined);
});
afterEach(() => {
  server.close();
  rmSync(runDir, { recursive: true, force: true });
});

/** A client that says what it likes; resolves with all lines that came until the end, or `count` of them. */
function raw(access: "control" | "status", said: string, count = Number.POSITIVE_INFINITY) {
  return new Promise<string[]>((resolve) => {
    const socket: Socket = createConnection(join(runDir, access));
    let text = "";
    const done = () => {
      socket.destroy();
      resolve(text.split("\n").filter((line) => line !== ""));
    };
    socket.on("data", (bytes) => {
      text += bytes.toString();
      if (text.split("\n").length > count) done();
    });
    socket.on("error", () => {});
    socket.on("close", done);
    socket.write(said);
  });
}

describe("the sockets", () => {
  it("are open to a group for commands and to everybody for reading", () => {
    expect(statSync(join(runDir, "control")).mode & 0o777).toBe(0o660);
    expect(statSync(join(runDir, "status")).mode & 0o777).toBe(0o666);
  });

  it("take the place of those that a killed daemon left", async () => {
    const second = new ControlServer({
      runDir,
      node: "zeus",
      status: () => status,
      request: () => {},
    });
    await second.open(undefined);
    const client = await connect({ runDir });
    expect(await client.hello).toEqual({ protocol: 1, node: "zeus", access: "status" });
    client.close();
    second.close();
  });
});

describe("a client", () => {
  it("reads the status", async () => {
    const client = await connect({ runDir });
    expect(await client.status()).toEqual(status);
    client.close();
  });

  it("asks for a move and waits until it is done", async () => {
    const client = await connect({ runDir, access: "control" });
    const isAsked = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    const move = client.move("standby", "local");
    await isAsked;
    expect(asked[0]?.request).toEqual({ kind: "standby", set: "local" });
    server.answer(asked[0]?.id ?? 0, { ok: true, text: "moved", tookMs: 42 });
    expect(await move).toEqual({ text: "moved", tookMs: 42 });
    client.close();
  });

  it("is told why a move was refused", async () => {
    const client = await connect({ runDir, access: "control" });
    onAsked = () =>
      server.answer(asked[0]?.id ?? 0, { ok: false, text: "hera is dead", tookMs: 0 });
    const failure = await client.move("takeover", "all").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "refused", message: "hera is dead" });
    client.close();
  });

  it("may not command on the socket that only reads", async () => {
    const client = await connect({ runDir, access: "status" });
    const failure = await client.move("standby", "all").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "read-only" });
    expect(asked).toEqual([]);
    client.close();
  });

  it("who watches is told the status now and after a change", async () => {
    const client = await connect({ runDir });
    const verdicts: string[] = [];
    const changed = new Promise<void>((resolve) => {
      void client.watch((news) => {
        verdicts.push(news.verdict);
        if (news.verdict === "hera is dead") resolve();
        else {
          verdict = "hera is dead";
          server.changed();
          server.changed();
        }
      });
    });
    await changed;
    expect(verdicts).toEqual(["all is well", "hera is dead"]);
    client.close();
  });

  it("who waits is told when the daemon ends", async () => {
    const client = await connect({ runDir, access: "control" });
    onAsked = () => server.close();
    const failure = await client.move("standby", "all").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ControlError);
    expect(failure).toMatchObject({ code: "disconnected" });
  });

  it("is told with a next step when no daemon runs", async () => {
    const failure = await connect({ runDir: "/nonexistent" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "not-running",
      message: "the daemon does not run on this machine (/nonexistent/status: ENOENT)",
    });
    expect((failure as ControlError).next).toContain("systemctl start tandem");
  });
});

describe("bad input", () => {
  it("is answered line by line and does not end the conversation", async () => {
    const lines = await raw(
      "control",
      'hello\n{"id":1,"method":"fly"}\n{"id":2,"method":"standby","params":{"set":"some"}}\n{"id":3,"method":"status"}\n',
      5,
    );
    const replies = lines.slice(1).map((line) => JSON.parse(line));
    expect(replies.map((reply) => [reply.id, reply.error?.code ?? "ok"])).toEqual([
      [undefined, "bad-request"],
      [1, "unknown-method"],
      [2, "bad-request"],
      [3, "ok"],
    ]);
    expect(asked).toEqual([]);
  });

  it("without end is cut off", async () => {
    const lines = await raw("status", "x".repeat(100_000));
    expect(JSON.parse(lines.at(-1) ?? "{}").error.code).toBe("too-large");
  });

  it("never makes the reader of requests throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        const read = readRequest(line);
        expect(read.ok || read.reply.ok === false).toBe(true);
      }),
    );
  });
});

it("more clients than there are places are turned away, on that socket alone", async () => {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS_MAX }, () => connect({ runDir, access: "status" })),
  );
  const failure = await connect({ runDir, access: "status" }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "too-many-clients" });
  const commander = await connect({ runDir, access: "control" });
  for (const client of [...clients, commander]) client.close();
});

it("a client that is idle after a long move is dropped, like any other", async () => {
  server.close();
  const id = new Promise<number>((resolve) => {
    server = new ControlServer({
      runDir,
      node: "zeus",
      status: () => status,
      request: resolve,
      idleMs: 50,
    });
  });
  await server.open(undefined);
  const mover = createConnection(join(runDir, "control"));
  const ended = new Promise((resolve) => mover.on("close", resolve).resume());
  mover.write('{"id":1,"method":"standby","params":{"set":"all"}}\n');
  const asked = await id;
  // Who comes later is idle for so long: the mover has been, too.
  await raw("control", "");
  server.answer(asked, { ok: true, text: "moved", tookMs: 60 });
  await ended;
});

it("a reader that does not read is dropped", async () => {
  const socket = createConnection(join(runDir, "status"));
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.pause();
  socket.on("error", () => {});
  const dropped = new Promise((resolve) => socket.once("close", resolve));
  verdict = "v".repeat(500_000);
  socket.write('{"id":1,"method":"status"}\n{"id":2,"method":"status"}\n');
  // What the kernel holds comes out; then the end.
  socket.resume();
  socket.on("data", () => socket.pause());
  const nudge = setInterval(() => socket.resume(), 20);
  await dropped;
  clearInterval(nudge);
});

it("lines are the same however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 20 })),
      fc.integer({ min: 1, max: 9 }),
      (words, size) => {
        const sent = words.map((word) => word.replaceAll("\n", " "));
        const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(""));
        const reader = new LineReader(1000);
        const got: string[] = [];
        for (let at = 0; at < bytes.length; at += size)
          got.push(...reader.push(bytes.subarray(at, at + size)).lines);
        expect(got).toEqual(sent.map((line) => Buffer.from(line).toString()));
      },
    ),
  );
});
