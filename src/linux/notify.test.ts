import { describe, expect, it } from "vitest";
import { notify } from "./notify.ts";

describe("telling the service manager", () => {
  it("does nothing where nobody asked, or the name cannot be a socket's", () => {
    expect(notify("READY=1", undefined)).toBe(false);
    expect(notify("READY=1", "")).toBe(false);
    expect(notify("READY=1", `/${"x".repeat(200)}`)).toBe(false);
  });

  it("is no failure where nobody listens", () => {
    expect(notify("READY=1", "/nonexistent/notify.socket")).toBe(false);
    expect(notify("READY=1", "@tandem-test-nobody")).toBe(false);
  });
});
