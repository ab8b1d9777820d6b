import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HA_CF, HERA, running, ZEUS } from "../../test/migration.ts";
import { ControlServer } from "../control/server.ts";
import { type MigrateOptions, migrate } from "./migrate.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-migrate-"));
  const hacf = HA_CF.replace("bcast eth1", "serial /dev/ttyS1");
  for (const [name, text] of [
    ["ha.cf", hacf],
    ["haresources", `${ZEUS} 192.168.43.53\n`],
    ["authkeys", "auth 1\n1 sha1 Tr0ub4dor\n"],
  ] as const)
    writeFileSync(join(dir, name), text);
  chmodSync(join(dir, "authkeys"), 0o600);
});
afterEach(() => rmSync(dir, { recursive: true }));

async function run(options: Partial<MigrateOptions> = {}) {
  let text = "";
  const all = { configDir: dir, runDir: dir, node: HERA, ...options };
  const status = await migrate(all, { write: (more) => (text += more) });
  return { status, text };
}

test("where nothing runs, the report is of what this machine has", async () => {
  const { status, text } = await run({ json: true });
  const document = JSON.parse(text);
  expect(document).toMatchObject({
    schema: "tandem.migrate/1",
    node: HERA,
    peer: ZEUS,
    found: { configDir: dir, usable: true, tandem: { runs: false }, peer: "unknown" },
  });
  expect(document.steps).toHaveLength(7);
  expect(document.steps[0].commands).toEqual([expect.stringMatching(/\/bin\/tandem check /)]);
  expect([status, document.state]).toEqual([0, "next"]);
  expect(text).not.toContain("Tr0ub4dor");
});

test("where Tandem runs, its status tells what the other node is", async () => {
  const daemon = running(ZEUS, {});
  const server = new ControlServer({
    runDir: dir,
    node: HERA,
    status: () => daemon.status,
    request: () => expect.unreachable("it only reads"),
  });
  await server.open(undefined);
  try {
    const document = JSON.parse((await run({ json: true })).text);
    expect(document.found).toMatchObject({ peer: "heartbeat", joined: true });
    expect(document.steps[2].state).toBe("done");
  } finally {
    server.close();
  }
});

test("for people the verdict is the first line, and the same files always give the same text", async () => {
  const { text } = await run();
  expect(text.split("\n")[0]).toMatch(/^hera\.example\.com: step \d of 7 is next, on /);
  expect((await run()).text).toBe(text);
});

test("without files there is no plan, and what is missing is told: exit 1", async () => {
  rmSync(join(dir, "ha.cf"));
  const { status, text } = await run();
  expect(status).toBe(1);
  expect(text).toContain("ha.cf: error: the file is not there [file-missing]");
  expect(text).not.toContain("The way of this pair");
});
