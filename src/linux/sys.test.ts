import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bootId } from "./boot-id.ts";
import { bootTimeMs } from "./clock.ts";
import { loadAverage } from "./load-average.ts";
import { closeFd, errnoOf, isSysError, openSocket, SysError } from "./sys.ts";

describe("a refusal by the kernel", () => {
  it("has the errno's name as its code, and a sentence", () => {
    const error = new SysError("add 192.168.43.53/24 to eth0", errnoOf("EPERM"));
    expect(error.code).toBe("EPERM");
    expect(error.message).toBe("add 192.168.43.53/24 to eth0: EPERM (operation not permitted)");
    expect(new SysError("x", errnoOf("EAGAIN")).code).toBe("EAGAIN");
    expect(new SysError("x", 4000).code).toBe("E4000");
  });

  it("carries the kernel's own explanation where there is one", () => {
    expect(new SysError("x", errnoOf("EINVAL"), "Invalid prefix length").message).toBe(
      "x: EINVAL (invalid argument): Invalid prefix length",
    );
  });

  it("is thrown with the errno of the very call", () => {
    const NO_SUCH_FAMILY = 12345;
    expect(() => openSocket(NO_SUCH_FAMILY, 2, 0)).toThrow("socket: EAFNOSUPPORT");
    expect(() => closeFd(1_000_000)).toThrow("close: EBADF");
  });

  it("is told from our own mistakes", () => {
    expect(isSysError(new SysError("x", errnoOf("EPERM")), "EPERM", "ENODEV")).toBe(true);
    expect(isSysError(new SysError("x", errnoOf("EPERM")), "ENODEV")).toBe(false);
    expect(isSysError(new Error("x"))).toBe(false);
  });
});

describe("the machine's clock and marks", () => {
  it("count from the boot, with a fraction, and never back", () => {
    const uptimeMs = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
    const first = bootTimeMs();
    const second = bootTimeMs();
    expect(first).toBeGreaterThanOrEqual(uptimeMs);
    expect(second).toBeGreaterThan(first);
  });

  it("are read from /proc", () => {
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(loadAverage()).toMatch(/^[\d.]+ [\d.]+ [\d.]+ \d+\/\d+ \d+$/);
  });
});
