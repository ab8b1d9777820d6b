import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadIdentity } from "./identity.ts";
import { Journal } from "./journal.ts";

let stateDir = "";
let heartbeatDir = "";
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "tandem-identity-"));
  heartbeatDir = join(stateDir, "heartbeat");
  mkdirSync(heartbeatDir);
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const load = () => loadIdentity({ stateDir, heartbeatDir });
const heartbeats = Buffer.from("00112233445566778899aabbccddeeff", "hex");

describe("a node's identity", () => {
  it("is made at the first start and kept from then on", () => {
    const first = load();
    expect(first.uuid).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(first.generation).toBe(0);
    expect(load()).toEqual({ ...first, notes: [] });
  });

  it("is taken over from a Heartbeat that ran here", () => {
    writeFileSync(join(heartbeatDir, "hb_uuid"), heartbeats);
    writeFileSync(join(heartbeatDir, "hb_generation"), "     1795342362\n");
    expect(load()).toMatchObject({ uuid: heartbeats.toString("hex"), generation: 1_795_342_362 });
  });

  it("does not change when a Heartbeat's files come later", () => {
    const { uuid } = load();
    writeFileSync(join(heartbeatDir, "hb_uuid"), heartbeats);
    expect(load().uuid).toBe(uuid);
  });

  it("keeps the generation that was stored last", async () => {
    const journal = new Journal({ runDir: stateDir, stateDir, heartbeatDir, onDisk: () => {} });
    journal.storeGeneration(41);
    journal.storeGeneration(42);
    await journal.settled();
    expect(load().generation).toBe(42);
  });

  it("is told to a Heartbeat that ran here: started again, it must go on above us", async () => {
    const file = join(heartbeatDir, "hb_generation");
    const store = async (): Promise<void> => {
      const journal = new Journal({ runDir: stateDir, stateDir, heartbeatDir, onDisk: () => {} });
      journal.storeGeneration(1_795_342_363);
      await journal.settled();
    };
    await store();
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, "     1795342362\n");
    await store();
    expect(readFileSync(file, "latin1")).toBe("     1795342363\n");
  });

  it("survives files that hold something else, and says so", () => {
    writeFileSync(join(stateDir, "uuid"), "short");
    writeFileSync(join(stateDir, "generation"), "99999999999999999999");
    const { uuid, generation, notes } = load();
    expect(uuid).toHaveLength(32);
    expect(generation).toBe(0);
    expect(notes.join("\n")).toContain("has 5 bytes, not 16");
    expect(notes.join("\n")).toContain("holds no generation");
  });
});
