import { describe, expect, it } from "vitest";
import { served, WWW, ZEUS } from "../../../test/pair.ts";

describe("a node that probes because the other had released everything", () => {
  it("takes nothing on that ground once the other has begun a new life", () => {
    const pair = served();
    pair.stop("zeus");
    pair.run(6000);
    expect(pair.hosts.hera.state?.peer?.released).toBeDefined();
    pair.now += 1000;
    pair.hosts.hera.address = "none";
    pair.event("hera", { kind: "lease-lost", group: WWW, why: "renewal came too late" });
    expect(pair.phase("hera")).toBe("probing");
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    expect(pair.phase("hera")).toBe("free");
    pair.run(1000);
    expect(pair.hosts.hera.address).toBe("none");
  });
});
