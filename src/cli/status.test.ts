import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mediumName } from "../base/names.ts";
import type { Status } from "../control/client/index.ts";
import { ControlServer } from "../control/server.ts";
import { carryOut } from "./move.ts";
import { showStatus, watchStatus } from "./status.ts";
import { duration, statusScreen } from "./status-screen.ts";

const example: Status = {
  schema: "tandem.status/1",
  node: "zeus.example.com",
  state: "active",
  verdict:
    "degraded: 192.168.43.53 on zeus.example.com; hera.example.com is not heard on /dev/ttyS1",
  health: "degraded",
  degraded: ["hera.example.com is not heard on /dev/ttyS1"],
  nodes: [
    {
      name: "zeus.example.com",
      status: "active",
      dialect: "self",
      heardAtMs: undefined,
      links: [],
    },
    {
      name: "hera.example.com",
      status: "active",
      dialect: "native",
      heardAtMs: 5,
      links: [
        { medium: mediumName("eth1"), status: "up", ageMs: 412 },
        { medium: mediumName("/dev/ttyS1"), status: "dead", ageMs: undefined },
      ],
    },
  ],
  groups: [
    {
      name: "192.168.43.53",
      preferred: "zeus.example.com",
      owner: "zeus.example.com",
      state: "holding",
      sinceMs: 185_000,
      since: 1_795_342_361,
      reason: "failed back to the preferred node",
      note: undefined,
      epoch: 7,
      resources: [
        { name: "192.168.43.53", kind: "address", state: "running" },
        { name: "httpd", kind: "script", state: "running" },
      ],
    },
  ],
  media: [],
  pings: [
    { name: "192.168.43.1", kind: "ping", status: "up", ageMs: 700, detail: "" },
    {
      name: "routers",
      kind: "ping_group",
      status: "dead",
      ageMs: undefined,
      detail: "socket: EPERM",
    },
  ],
  discarded: { "bad-auth": 3, replayed: 0 },
  realtime: "SCHED_RR 10",
  notRun: ["watchdog /dev/watchdog: not run by this version"],
};

describe("the screen of tandem status", () => {
  it("begins with the verdict and tells owner, since and why of each group", () => {
    const lines = statusScreen(example).split("\n");
    expect(lines[0]).toBe(`zeus.example.com: ${example.verdict}`);
    expect(lines[3]).toMatch(
      /^192\.168\.43\.53 +zeus\.example\.com +holding +.* \(3 min 5 s\) +failed back to the preferred node$/,
    );
  });

  it("tells which ping nodes answer, and what keeps us from asking", () => {
    const screen = statusScreen(example);
    expect(screen).toMatch(/192\.168\.43\.1 +up +answered 0\.7 s ago\n/);
    expect(screen).toMatch(/routers +dead +never answered +socket: EPERM\n/);
    expect(statusScreen({ ...example, pings: [] })).not.toContain("PING NODE");
  });

  it("tells each medium's age, and which was never heard", () => {
    const screen = statusScreen(example);
    expect(screen).toMatch(/hera\.example\.com +active +eth1 +up +heard 0\.4 s ago/);
    expect(screen).toMatch(/\/dev\/ttyS1 +dead +never heard/);
  });

  it("counts only what was thrown away", () => {
    expect(statusScreen(example)).toContain("packets thrown away: bad-auth 3\n");
  });

  it("cries where nobody owns a group", () => {
    const groups = example.groups.map((group) => ({ ...group, owner: undefined }));
    expect(statusScreen({ ...example, groups })).toMatch(/192\.168\.43\.53 +NOBODY/);
  });

  it("lets no word of a peer steer the terminal", () => {
    const screen = statusScreen({ ...example, verdict: "\u001b[2Jgone\u0007" });
    expect(screen.split("\n")[0]).toBe("zeus.example.com: ?[2Jgone?");
  });

  it("writes durations in two units at most", () => {
    const written = [0, 9_940, 12_000, 185_000, 3_600_000, 100_000_000].map(duration);
    expect(written).toEqual(["0.0 s", "9.9 s", "12 s", "3 min 5 s", "1 h", "1 d 3 h"]);
  });
});

describe("the commands", () => {
  let runDir = "";
  let otherRunDir = "";
  let health: Status["health"] = "healthy";
  let server: ControlServer;
  let text = "";
  const output = {
    write: (more: string) => {
      text += more;
    },
  };

  beforeEach(async () => {
    runDir = mkdtempSync(join(tmpdir(), "tandem-status-"));
    otherRunDir = mkdtempSync(join(tmpdir(), "tandem-status-"));
    text = "";
    server = new ControlServer({
      runDir,
      node: "zeus.example.com",
      status: () => ({ ...example, health }),
      request: (id, request) => {
        const isStandby = request.kind === "standby";
        const ok = { ok: true, text: "hera.example.com has taken 192.168.43.53", tookMs: 41.6 };
        server.answer(id, isStandby ? ok : { ok: false, text: "nothing to take", tookMs: 0 });
      },
    });
    await server.open(undefined);
  });
  afterEach(() => {
    server.close();
    for (const dir of [runDir, otherRunDir]) rmSync(dir, { recursive: true, force: true });
  });

  it("exit by the health of the pair", async () => {
    const exits: number[] = [];
    for (health of ["healthy", "degraded", "unowned"] as const)
      exits.push(await showStatus({ runDir }, output));
    expect(exits).toEqual([0, 1, 2]);
  });

  it("print JSON in which every name is there", async () => {
    await showStatus({ runDir, json: true }, output);
    const document = JSON.parse(text);
    expect(document.schema).toBe("tandem.status/1");
    expect(document.nodes[1].links[1]).toEqual({
      medium: "/dev/ttyS1",
      status: "dead",
      ageMs: null,
    });
  });

  it("exit 3 when the daemon does not run, and say so to programs too", async () => {
    expect(await showStatus({ runDir: "/nonexistent", json: true }, output)).toBe(3);
    expect(JSON.parse(text)).toMatchObject({ schema: "tandem.error/1", code: "not-running" });
  });

  it("leave no conversation open that the daemon does not take up", async () => {
    const refusal = { code: "bad-request", message: "not now", next: "Try again." };
    const closed = new Promise((resolve) => {
      const refuser = createServer((socket) => {
        socket.write('{"protocol":1,"node":"zeus.example.com","access":"status"}\n');
        socket.on("data", () =>
          socket.write(`${JSON.stringify({ id: 1, ok: false, error: refusal })}\n`),
        );
        socket.on("close", () => refuser.close(resolve));
      }).listen(join(otherRunDir, "status"));
    });
    expect(await watchStatus({ runDir: otherRunDir }, output)).toBe(4);
    await closed;
  });

  it("say how long a move took", async () => {
    expect(await carryOut("standby", "all", { runDir }, output)).toBe(0);
    expect(text).toBe("hera.example.com has taken 192.168.43.53 (42 ms)\n");
  });

  it("exit 1 when a move is refused, and say why to programs too", async () => {
    expect(await carryOut("takeover", "all", { runDir }, output)).toBe(1);
    expect(text).toBe("");
    expect(await carryOut("takeover", "all", { runDir, json: true }, output)).toBe(1);
    expect(JSON.parse(text)).toEqual({
      schema: "tandem.error/1",
      code: "refused",
      message: "nothing to take",
      next: "`tandem status` shows why.",
    });
  });
});
