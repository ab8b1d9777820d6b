import { expect, test } from "vitest";
import { Pair, served, tutorialConfig } from "../../../test/pair.ts";
import { mediumName } from "../../base/names.ts";
import type { Status } from "./status.ts";
import { statusOf } from "./status-of.ts";

function statusOn(pair: Pair, name: "zeus" | "hera"): Status {
  const { state } = pair.hosts[name];
  if (state === undefined) throw new Error(`${name} does not run`);
  return statusOf(state, pair.now, 1_700_000_000);
}

test("a pair that serves is healthy, and says where from", () => {
  expect(statusOn(served(new Pair()), "hera")).toMatchObject({
    health: "healthy",
    verdict: "healthy: 192.168.43.53 on zeus.example.com",
    notRun: [],
  });
});

test("with nobody to take over a group is served, but degraded", () => {
  const pair = served(new Pair());
  pair.kill("hera");
  pair.report("zeus", "silent");
  expect(statusOn(pair, "zeus")).toMatchObject({
    health: "degraded",
    degraded: ["hera.example.com is not heard: there is nobody to take over"],
  });
});

test("what a silent peer still answers for is served by it, however often it is asked", () => {
  const pair = served(new Pair());
  pair.cut = true;
  pair.report("hera", "suspect");
  pair.run(750);
  pair.report("hera", "silent");
  for (let step = 0; step < 40; step++) {
    pair.run(50);
    expect(statusOn(pair, "hera")).toMatchObject({
      health: "degraded",
      verdict:
        "degraded: 192.168.43.53 on zeus.example.com; zeus.example.com is not heard: there is nobody to take over",
    });
  }
  pair.hosts.zeus.address = "none";
  pair.run(2000);
  expect(statusOn(pair, "hera").groups).toMatchObject([{ owner: "hera.example.com" }]);
});

test("an owner whose service interface has no carrier says so", () => {
  const pair = served(new Pair());
  pair.kill("hera");
  pair.report("zeus", "silent");
  pair.hosts.zeus.carrier = false;
  pair.face("zeus");
  pair.run(1000);
  expect(statusOn(pair, "zeus")).toMatchObject({
    degraded: [
      "hera.example.com is not heard: there is nobody to take over",
      "192.168.43.53: eth0 has no carrier here",
    ],
    groups: [{ owner: "zeus.example.com" }],
  });
});

test("a peer that acknowledges nothing is degraded, and says for how long and where to look", () => {
  const pair = served(new Pair());
  pair.report("zeus", "up", { unacknowledgedSince: pair.now - 60_000 });
  expect(statusOn(pair, "zeus")).toMatchObject({
    health: "degraded",
    degraded: [
      "hera.example.com is heard and has acknowledged nothing for 60 s: it may not hear this node; see whether it lists this node as dead, and look for a firewall between the two",
    ],
  });
});

test("a ping node that does not answer is degraded, and says since when", () => {
  const pair = served(new Pair());
  const ping = { node: "192.168.43.1", kind: "ping", hindrance: "" } as const;
  const answeredAt = pair.now - 700;
  pair.event("zeus", { kind: "ping", ping: { ...ping, status: "up", answeredAt } });
  expect(statusOn(pair, "zeus")).toMatchObject({
    health: "healthy",
    pings: [{ name: "192.168.43.1", kind: "ping", status: "up", ageMs: 700, detail: "" }],
  });
  pair.event("zeus", { kind: "ping", ping: { ...ping, status: "dead", answeredAt } });
  expect(statusOn(pair, "zeus")).toMatchObject({
    health: "degraded",
    degraded: ["ping node 192.168.43.1 does not answer"],
  });
});

test("what ha.cf asks for and this version does not run is listed", () => {
  const config = tutorialConfig({
    watchdog: "/dev/watchdog",
    respawn: [{ user: "hacluster", command: "/usr/lib/heartbeat/ccm" }],
    notRun: ["logfacility local0", "rtprio 5"],
  });
  expect(statusOn(served(new Pair(config)), "zeus").notRun).toEqual([
    "watchdog /dev/watchdog: not run by this version",
    "respawn hacluster /usr/lib/heartbeat/ccm: not run by this version",
    "logfacility local0: not run by this version",
    "rtprio 5: not run by this version",
  ]);
});

test("what a firewall keeps back is said once, shown as long as it lasts, and said once when it is over", () => {
  const pair = served(new Pair());
  const obstacle = {
    medium: mediumName("eth1"),
    direction: "in",
    text: "medium eth1: dropped; allow it here: `…`",
    over: "medium eth1: no longer",
  } as const;
  const said = () => pair.hosts.zeus.log.filter((text) => text.startsWith("medium eth1"));
  const seen = { kind: "firewall", obstacles: [obstacle], blind: "" } as const;
  pair.event("zeus", seen);
  pair.event("zeus", seen);
  expect(said()).toEqual([obstacle.text]);
  expect(statusOn(pair, "zeus")).toMatchObject({ health: "degraded", degraded: [obstacle.text] });
  pair.event("zeus", { kind: "firewall", obstacles: [], blind: "" });
  expect(said()).toEqual([obstacle.text, obstacle.over]);
  expect(statusOn(pair, "zeus")).toMatchObject({ health: "healthy" });
  pair.event("zeus", { kind: "firewall", obstacles: [], blind: "socket: EPERM" });
  expect(said()).toHaveLength(2);
  expect(statusOn(pair, "zeus").degraded).toEqual([
    "whether a firewall here drops heartbeats cannot be seen: socket: EPERM",
  ]);
});

test("what does not go on has a kind for programs, and its sentence stands in the reason", () => {
  const pair = served(new Pair());
  pair.run(4_000);
  pair.hosts.hera.failStart = true;
  pair.request("zeus", 7, "standby");
  pair.run(3_000);
  const [group] = statusOn(pair, "zeus").groups;
  expect(group?.note).toMatchObject({
    kind: "not-moved",
    text: expect.stringContaining("not moved: httpd did not start"),
  });
  expect(group?.reason).toContain(`(${group?.note?.text})`);
  expect(statusOn(served(new Pair()), "zeus").groups[0]?.note).toBeUndefined();
});
