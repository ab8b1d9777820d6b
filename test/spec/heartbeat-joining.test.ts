import { describe, expect, it } from "vitest";
import { fieldOf } from "../../src/wire/message.ts";
import { HeartbeatStory } from "./heartbeat-story.ts";

/** Tandem's answers to what a real Heartbeat 3.0.6 said while one joins the other (protocol.md 3). */

const JOIN_OWNER = "02-second-node-joins-running-node.jsonl.gz";
const TOGETHER = "13-both-nodes-start-together.jsonl.gz";
const REJOIN = "09-rejoin-after-clean-shutdown.jsonl.gz";

describe("joining a running Heartbeat owner (capture 02)", () => {
  function upToStable(): HeartbeatStory {
    const story = new HeartbeatStory({ tandem: "hera" }).open(JOIN_OWNER);
    expect(story.theyBeat().said()).toEqual(["reqnodes"]);
    expect(story.they("repnodes").said()).toEqual(["starting"]);
    expect(story.they("resource all 1").said()).toEqual(["resource none 0", "resource none 1"]);
    return story;
  }

  it("asks it for the nodes, becomes active, says `starting`, and takes its word for stable", () => {
    const story = upToStable();
    expect(story.st).toBe("active");
    expect(story.operations).not.toContain("start httpd");
  });

  it("asks for the nodes again every second until it is answered", () => {
    const story = new HeartbeatStory({ tandem: "hera" }).open(JOIN_OWNER).theyBeat();
    story.run(2_500);
    expect(story.said()).toEqual(["reqnodes", "reqnodes", "reqnodes"]);
    expect(story.st).toBe("up");
  });

  it("takes the set that the owner gives back, though no group is in it", () => {
    const story = upToStable();
    story.they("resource all 1");
    expect(story.they("ask_resources foreign me").said()).toEqual(["ask_resources foreign other"]);
    expect(story.they("resource local 0 standby").said()).toEqual([]);
    expect(story.they("ask_resources foreign done").said()).toEqual([
      "ask_resources foreign done",
      "resource local 1",
    ]);
    expect(story.they("resource local 1").said()).toEqual(["resource local 1"]);
    expect(story.they("resource local 1").run(20_000).said()).toEqual([]);
    expect(story.operations).not.toContain("start httpd");
  });

  it("leaves the group to an owner that is heard, however long", () => {
    expect(upToStable().run(600_000).operations).not.toContain("start httpd");
  });
});

describe("coming back to a Heartbeat that holds our group (capture 09)", () => {
  it("is given it by the holder, starts it left to right, and only then says done", () => {
    const story = new HeartbeatStory({ tandem: "zeus" }).open(REJOIN);
    expect(story.theyBeat().said()).toEqual(["reqnodes"]);
    expect(story.they("repnodes").said()).toEqual(["starting"]);
    expect(story.they("resource all 1").said()).toEqual(["resource none 0", "resource none 1"]);
    story.they("resource all 1");
    expect(story.they("ask_resources foreign me").said()).toEqual(["ask_resources foreign other"]);
    expect(story.they("resource local 0 standby").run(1_000).said()).toEqual([]);
    expect(story.operations).not.toContain("start httpd");
    expect(story.they("ask_resources foreign done").said()).toEqual([]);
    expect(story.run(500).said()).toEqual(["ask_resources foreign done", "resource local 1"]);
    expect(story.operations.slice(-2)).toEqual(["start 192.168.43.53", "start httpd"]);
    expect(story.phase).toBe("holding");
    expect(story.they("resource local 1").said()).toEqual(["resource local 1"]);
  });
});

describe("a Heartbeat joins us (capture 02)", () => {
  it("is told the nodes, what we hold, and that we are stable", () => {
    const story = new HeartbeatStory({ tandem: "zeus" }).open(JOIN_OWNER);
    story.theyAre("silent").run(200);
    expect(story.phase).toBe("holding");
    story.theyBeat();
    expect(story.said()).toEqual([]);
    story.they("reqnodes");
    const answer = story.word("repnodes");
    expect(answer?.fields.map((field) => field.name)).toEqual([
      "dest",
      "t",
      "nodelist",
      "delnodelist",
    ]);
    expect(answer && fieldOf(answer, "nodelist")).toBe("zeus.example.com hera.example.com ");
    expect(answer && fieldOf(answer, "delnodelist")).toBe(" ");
    expect(story.said()).toEqual(["repnodes"]);
    expect(story.they("starting").said()).toEqual(["resource local 1"]);
    expect(story.they("resource none 0").said()).toEqual([]);
    expect(story.they("resource none 1").said()).toEqual(["resource local 1"]);
    expect(story.run(30_000).said()).toEqual([]);
    expect(story.phase).toBe("holding");
  });
});

describe("both start together (capture 13)", () => {
  it("as the preferred node: served as soon as both hold nothing, without Heartbeat's 10 s", () => {
    const story = new HeartbeatStory({ tandem: "zeus" }).open(TOGETHER);
    expect(story.theyBeat().said()).toEqual(["reqnodes"]);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("repnodes").said()).toEqual(["starting"]);
    expect(story.they("starting").said()).toEqual(["resource none 0"]);
    // The capture's hera was asked by a Heartbeat; its answer is the same.
    expect(story.they("resource none 0").said()).toEqual(["resource local 1"]);
    story.run(500);
    expect(story.phase).toBe("holding");
    story.theySay({ t: "resource", rsc_hold: "local", rtype: "full", isstable: "1" });
    expect(story.said()).toEqual(["resource local 1"]);
  });

  it("as the other node: stable at once, and nothing is started", () => {
    const story = new HeartbeatStory({ tandem: "hera" }).open(TOGETHER);
    expect(story.theyBeat().said()).toEqual(["reqnodes"]);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("repnodes").said()).toEqual(["starting"]);
    expect(story.they("starting").said()).toEqual(["resource none 0"]);
    expect(story.they("resource none 0").said()).toEqual(["resource local 1"]);
    expect(story.they("resource local 1").said()).toEqual(["resource local 1"]);
    expect(story.run(30_000).operations).not.toContain("start httpd");
  });

  it("waits Heartbeat's 10 s opposite a peer that holds nothing but has not said `starting`: it may be stopping", () => {
    const story = new HeartbeatStory({ tandem: "zeus" }).open(TOGETHER).theyBeat();
    story.theySay({ t: "repnodes" });
    story.theySay({ t: "resource", rsc_hold: "none", rtype: "full", isstable: "0" });
    story.run(9_000);
    expect(story.operations).not.toContain("start httpd");
    story.run(2_000);
    expect(story.phase).toBe("holding");
  });
});

describe("`cl_status clientstatus` on the real node (capture 16)", () => {
  it.each([
    { ipfail: true, status: "online" },
    { ipfail: false, status: "offline" },
  ])("is answered: ipfail is built in, $status where ha.cf says so, and no ccm is here", (told) => {
    const story = new HeartbeatStory({ tandem: "hera", patch: { ipfail: told.ipfail } });
    story.open(JOIN_OWNER).they("repnodes").they("resource all 1").said();
    story.open("16-clientstatus-query.jsonl.gz").they("query-cstatus");
    const answer = () => {
      const fields = story.word("respond-cstatus")?.fields ?? [];
      return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    };
    const common = { dest: "zeus.example.com", t: "respond-cstatus", result: "OK" };
    expect(answer()).toEqual({ ...common, cn: "ccm", to_id: "8990", cs: "offline" });
    story.they("query-cstatus");
    expect(answer()).toEqual({ ...common, cn: "ipfail", to_id: "9000", cs: told.status });
  });
});

describe("what a peer does not say", () => {
  it("its holdings: it is asked again by `starting`, as long as it lives", () => {
    const story = new HeartbeatStory({ tandem: "hera" }).open(JOIN_OWNER);
    story.theyBeat().they("repnodes").said();
    story.run(25_000);
    expect(story.said()).toEqual(["starting", "starting"]);
    expect(story.operations).not.toContain("start httpd");
  });

  it("anything, and then it dies: the group is taken once the address is silent", () => {
    const story = new HeartbeatStory({ tandem: "hera" }).open(JOIN_OWNER);
    story.theyBeat().they("repnodes").they("resource all 1");
    story.theyAre("silent").run(500);
    expect(story.phase).toBe("holding");
  });
});
