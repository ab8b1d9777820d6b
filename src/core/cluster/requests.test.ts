import { describe, expect, it } from "vitest";
import { type Pair, served } from "../../../test/pair.ts";
import type { ResourceSet } from "./world.ts";

/** What an operator is told at once; undefined: it is being done. */
function told(
  pair: Pair,
  name: "zeus" | "hera",
  kind: "standby" | "takeover",
  set: ResourceSet = "all",
) {
  pair.event(name, { kind: "request", id: 7, request: { kind, set } });
  return pair.hosts[name].answers[0];
}

describe("a request", () => {
  it("for what is so already is a success that moves nothing", () => {
    expect(told(served(), "hera", "standby")).toMatchObject({
      ok: true,
      text: "nothing to move: this node holds none of these groups",
    });
    expect(told(served(), "zeus", "takeover")).toMatchObject({
      ok: true,
      text: "nothing to move: this node holds all of these groups",
    });
  });

  it("means by `local` what prefers the node that is asked, by `foreign` the rest", () => {
    expect(told(served(), "zeus", "standby", "foreign")).toMatchObject({ ok: true });
    expect(told(served(), "zeus", "standby", "local")).toBeUndefined();
    expect(told(served(), "hera", "takeover", "local")).toMatchObject({ ok: true });
    expect(told(served(), "hera", "takeover", "foreign")).toBeUndefined();
  });

  it("is refused when the other node is down", () => {
    const pair = served();
    pair.kill("hera");
    pair.report("zeus", "silent");
    expect(told(pair, "zeus", "standby")).toMatchObject({
      ok: false,
      text: "hera.example.com is down: nothing can be moved to or from it",
    });
  });

  it("is refused when the other node cannot run it", () => {
    const pair = served();
    pair.hosts.hera.carrier = false;
    pair.face("hera");
    pair.run(5);
    expect(told(pair, "zeus", "standby")).toMatchObject({
      ok: false,
      text: expect.stringContaining("hera.example.com is not able to run 192.168.43.53"),
    });
    expect(pair.phase("zeus")).toBe("holding");
  });

  it("is refused by a node that is stopping", () => {
    const pair = served();
    pair.stop("zeus");
    expect(told(pair, "zeus", "standby")).toMatchObject({
      ok: false,
      text: "zeus.example.com is stopping",
    });
  });

  it("for a takeover is answered when this node begins to stop", () => {
    const pair = served();
    expect(told(pair, "hera", "takeover")).toBeUndefined();
    pair.stop("hera");
    expect(pair.hosts.hera.answers).toContainEqual(
      expect.objectContaining({ id: 7, ok: false, text: "hera.example.com is stopping" }),
    );
  });

  it("is answered with the reason as soon as a resource does not start here", () => {
    const pair = served();
    pair.hosts.hera.failStart = true;
    expect(told(pair, "hera", "takeover")).toBeUndefined();
    pair.run(5_000);
    expect(pair.hosts.hera.answers).toMatchObject([
      {
        id: 7,
        ok: false,
        text: expect.stringContaining("192.168.43.53: not taken: httpd did not start: "),
      },
    ]);
    expect(pair.phase("zeus")).toBe("holding");
  });

  it("asked for again after a failed start here tries it again once it may", () => {
    const pair = served();
    pair.hosts.hera.failStart = true;
    told(pair, "hera", "takeover");
    pair.run(5_000);
    pair.hosts.hera.failStart = false;
    pair.run(20_000);
    pair.hosts.hera.answers.length = 0;
    expect(told(pair, "hera", "takeover")).toBeUndefined();
    pair.run(9_000);
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 7, ok: true }]);
  });

  it("that is not done in time is answered all the same, and tells how long it took", () => {
    const pair = served();
    expect(told(pair, "hera", "takeover")).toBeUndefined();
    pair.cut = true;
    pair.run(89_000);
    expect(pair.hosts.hera.answers).toEqual([]);
    pair.run(2_000);
    expect(pair.hosts.hera.answers).toMatchObject([
      { id: 7, ok: false, text: expect.stringContaining("not done within 90 s"), tookMs: 90_000 },
    ]);
  });
});
