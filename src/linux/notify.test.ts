import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { notify } from "./notify.ts";
import { bind, closeFd, errnoOf, openSocket, receive, SOCK_DGRAM, SysError } from "./sys.ts";

/** What a service manager at this name is told. */
function toldTo(sunPath: Buffer, name: string): string {
  const AF_UNIX = 1;
  const manager = openSocket(AF_UNIX, SOCK_DGRAM, 0);
  try {
    bind(manager, Buffer.concat([Buffer.from([AF_UNIX, 0]), sunPath]));
    expect(notify("READY=1\nSTATUS=serving", name)).toBe(true);
    const buffer = Buffer.alloc(100);
    return buffer.toString("utf8", 0, receive(manager, buffer));
  } finally {
    closeFd(manager);
  }
}

describe("telling the service manager", () => {
  it("reaches a socket in the file system", () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-notify-"));
    const path = join(folder, "notify");
    expect(toldTo(Buffer.from(`${path}\0`), path)).toBe("READY=1\nSTATUS=serving");
    rmSync(folder, { recursive: true });
  });

  it("reaches an abstract socket", () => {
    const name = `tandem-test-${process.pid}`;
    expect(toldTo(Buffer.from(`\0${name}`), `@${name}`)).toBe("READY=1\nSTATUS=serving");
  });

  it("does nothing where nobody asked, or the name cannot be a socket's", () => {
    expect(notify("READY=1", undefined)).toBe(false);
    expect(notify("READY=1", "")).toBe(false);
    expect(notify("READY=1", `/${"x".repeat(200)}`)).toBe(false);
  });

  it("is no failure where the machine has no descriptor left", () => {
    const full = () => {
      throw new SysError("socket", errnoOf("ENFILE"));
    };
    expect(notify("WATCHDOG=1", "@tandem-test-nobody", full)).toBe(false);
  });

  it("is no failure where nobody listens", () => {
    expect(notify("READY=1", "/nonexistent/notify.socket")).toBe(false);
    expect(notify("READY=1", "@tandem-test-nobody")).toBe(false);
  });
});
