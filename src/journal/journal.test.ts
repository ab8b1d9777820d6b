import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClusterRecord } from "../core/cluster/world.ts";
import { DiskWriter } from "./disk-writer.ts";
import { Journal, loadRecord, makeDirectories } from "./journal.ts";

let dirs: { runDir: string; stateDir: string };
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tandem-journal-"));
  dirs = { runDir: join(root, "run"), stateDir: join(root, "state") };
  makeDirectories(dirs);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(fields: Partial<ClusterRecord>): ClusterRecord {
  return {
    bootId: "this-boot",
    at: 1,
    highestEpoch: 1,
    groups: {},
    peerReleased: false,
    deaths: [],
    peerMacs: [],
    peer: undefined,
    cleanStop: false,
    ...fields,
  };
}

async function write(dirsOf: typeof dirs, ...records: ClusterRecord[]): Promise<void> {
  const journal = new Journal({ ...dirsOf, onDisk: () => {} });
  for (const one of records) journal.write(one);
  await journal.settled();
}

const load = (bootId = "this-boot") => loadRecord({ ...dirs, bootId });

describe("the journal", () => {
  it("has nothing to tell at the first start, and complains of nothing", () => {
    expect(load()).toEqual({ record: undefined, complaints: [] });
  });

  it("is in /run as soon as write returns", () => {
    const journal = new Journal({ ...dirs, onDisk: () => {} });
    journal.write(record({ at: 7 }));
    expect(load().record?.at).toBe(7);
  });

  it("is on the disk too when it has settled, with the last of many", async () => {
    await write(dirs, ...[1, 2, 3, 4, 5].map((at) => record({ at })));
    rmSync(dirs.runDir, { recursive: true });
    expect(load().record?.at).toBe(5);
  });

  it("of two of this boot tells the later", async () => {
    await write(dirs, record({ at: 9 }));
    const elsewhere = { ...dirs, runDir: join(root, "run2") };
    makeDirectories(elsewhere);
    await write(elsewhere, record({ at: 12 }));
    expect(load().record?.at).toBe(12);
  });

  it("prefers this boot's word, and keeps the highest epoch of both", async () => {
    await write(dirs, record({ bootId: "old-boot", at: 99, highestEpoch: 50 }));
    const journalOfRun = { ...dirs, stateDir: join(root, "state2") };
    makeDirectories(journalOfRun);
    await write(journalOfRun, record({ at: 3, highestEpoch: 40 }));
    expect(load().record).toMatchObject({ bootId: "this-boot", at: 3, highestEpoch: 50 });
  });

  it("names a rotten file and goes on with the other", async () => {
    await write(dirs, record({ at: 9 }));
    const path = join(dirs.runDir, "cluster-record");
    writeFileSync(path, readFileSync(path, "utf8").replace('"at":9', '"at":8'));
    const loaded = load();
    expect(loaded.record?.at).toBe(9);
    expect(loaded.complaints).toEqual([`${path} is not used: its checksum does not match`]);
  });

  it("is not misled by 2 MB of garbage", () => {
    writeFileSync(join(dirs.stateDir, "journal"), Buffer.alloc(2 * 1024 * 1024, 0x41));
    expect(load()).toMatchObject({ record: undefined, complaints: [expect.any(String)] });
  });
});

describe("a disk", () => {
  it("that cannot be written is told once, and so is its return", async () => {
    const told: string[] = [];
    let broken = true;
    const disk = new DiskWriter({
      path: "journal",
      onDisk: (ok, detail) => told.push(`${ok} ${detail}`.trim()),
      write: () => (broken ? Promise.reject(new Error("ENOSPC")) : Promise.resolve()),
    });
    disk.write("a");
    await disk.settled();
    disk.write("b");
    await disk.settled();
    broken = false;
    disk.write("c");
    await disk.settled();
    expect(told).toEqual(["false journal: ENOSPC", "true"]);
  });

  it("that hangs is told, and only the newest text waits for it", async () => {
    const written: string[] = [];
    const hanging = withResolvers();
    const slow = withResolvers();
    const disk = new DiskWriter({
      path: "journal",
      slowMs: 1,
      onDisk: (ok) => (ok ? undefined : slow.resolve()),
      write: async (_path, text) => {
        written.push(text);
        if (text === "1") await hanging.promise;
      },
    });
    for (const text of ["1", "2", "3", "4"]) disk.write(text);
    await slow.promise;
    hanging.resolve();
    await disk.settled();
    expect(written).toEqual(["1", "4"]);
  });

  it("that failed is tried again by itself", async () => {
    const again = withResolvers();
    let attempts = 0;
    const disk = new DiskWriter({
      path: "journal",
      retryMs: 1,
      onDisk: () => {},
      write: (_path, text) => {
        attempts++;
        if (attempts === 1) return Promise.reject(new Error("EIO"));
        expect(text).toBe("a");
        again.resolve();
        return Promise.resolve();
      },
    });
    disk.write("a");
    await again.promise;
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
