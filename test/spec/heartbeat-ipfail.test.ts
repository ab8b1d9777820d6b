import { describe, expect, it } from "vitest";
import { fieldOf } from "../../src/wire/message.ts";
import { HeartbeatStory, type StoryOptions } from "./heartbeat-story.ts";

/** Tandem beside a real Heartbeat 3.0.6 that runs ipfail (protocol.md 9, capture 32). */

const CAPTURE = "32-ipfail.jsonl.gz";
/** Two keepalives, at least a second, and what a move takes here. */
const GIVE_UP_MS = 1_300;

type Patch = NonNullable<StoryOptions["patch"]>;

function ipfail(patch: Patch = {}): Patch {
  const node = { name: "192.168.43.200", kind: "ping", hosts: ["192.168.43.200"] } as const;
  return { ipfail: true, pings: { nodes: [node], deadMs: 3000 }, ...patch };
}

/** Tandem is hera and stands by; the real zeus serves. Both reach the one ping node. */
function standingBy(patch: Patch = {}): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "hera", patch: ipfail(patch) }).reaches(1);
  story.open(CAPTURE);
  for (const word of ["reqnodes", "repnodes", "starting", "resource none 0"]) story.they(word);
  return story;
}

/** Tandem is zeus and serves; the real hera stands by. Both reach the one ping node. */
function serving(patch: Patch = {}): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "zeus", patch: ipfail(patch) }).reaches(1);
  story.open(CAPTURE);
  for (const word of ["reqnodes", "repnodes", "starting", "resource none 0"]) story.they(word);
  story.run(500).they("num_ping_nodes 1").they("resource local 1").they("resource local 1");
  story.they("resource local 1 req_our_resources()").run(500);
  return story;
}

/** Up to where the real zeus has given all to Tandem, since it reaches fewer. */
function servingForZeus(patch: Patch = {}): HeartbeatStory {
  const story = standingBy(patch).they("abort_giveup").they("resource none 0");
  story.they("resource local 1").they("resource local 1 req_our_resources()").said();
  story.they("num_ping_nodes 0");
  for (const word of [
    "ask_resources all me",
    "resource none 0 standby",
    "ask_resources all done",
    "resource none 1",
    "resource none 1",
  ])
    story.they(word).run(200);
  return story;
}

describe("how many ping nodes each reaches", () => {
  it("is told once both are stable, to the other's client, as ipfail tells it", () => {
    const story = standingBy();
    expect(story.said()).not.toContain("num_ping_nodes 1");
    story.they("abort_giveup").they("resource none 0").they("resource local 1").run(200);
    const word = story.word("num_ping_nodes");
    expect(word && ["dest", "from_id", "to_id"].map((name) => fieldOf(word, name))).toEqual([
      "zeus.example.com",
      "ipfail",
      "ipfail",
    ]);
    expect(story.said().filter((one) => one.startsWith("num_ping"))).toEqual(["num_ping_nodes 1"]);
    expect(
      story
        .run(30_000)
        .said()
        .filter((one) => one.startsWith("num_ping")),
    ).toEqual([]);
  });

  it("is answered by `abort_giveup` where it is as many, and nothing moves", () => {
    const story = serving();
    expect(story.said()).toContain("abort_giveup");
    expect(story.run(30_000).phase).toBe("holding");
    expect(story.said()).toEqual([]);
  });

  it("is told again to an ipfail that was started anew", () => {
    const story = serving();
    story.said();
    story.theySay({ t: "hbapi-clstat", st: "join", from_id: "ipfail", to_id: "ipfail" });
    expect(story.run(200).said()).toEqual(["num_ping_nodes 1"]);
  });

  it.each(["", "-1", "many", "1000", "2"])(
    "%j is no count of one ping node: ignored, and said",
    (count) => {
      const story = serving();
      story.said();
      story.theySay({ t: "num_ping_nodes", num_ping: count });
      expect(story.said()).toEqual([]);
      expect(story.log.at(-1)).toContain("ignored");
    },
  );

  it.each([
    ["without `respawn … ipfail`", { ipfail: false }],
    ["without ping nodes", { pings: { nodes: [], deadMs: 3000 } }],
  ])("%s nothing is said of it, and nothing moved", (_, patch) => {
    const story = serving(patch);
    story.reaches(0).theySay({ t: "you_are_dead" }).theySay({ t: "num_ping_nodes", num_ping: "1" });
    story.run(30_000);
    expect(story.said().filter((one) => /ping|giveup|dead|ask/.test(one))).toEqual([]);
    expect(story.phase).toBe("holding");
  });

  it("with auto_failback legacy nothing is said: there ipfail ends itself", () => {
    const story = new HeartbeatStory({
      tandem: "zeus",
      patch: ipfail({ autoFailback: "legacy" }),
    }).reaches(1);
    story.open("31-auto_failback-legacy.jsonl.gz").theyBeat();
    story.run(30_000).theySay({ t: "num_ping_nodes", num_ping: "0" });
    expect(story.said().filter((one) => /ping|giveup|dead/.test(one))).toEqual([]);
  });
});

describe("Tandem reaches fewer than the real node", () => {
  it("tells it, is told `you_are_dead`, and gives all by a standby a second later", () => {
    const story = serving();
    story.said();
    expect(story.reaches(0).said()).toEqual(["num_ping_nodes 0"]);
    expect(story.they("you_are_dead").run(900).said()).toEqual([]);
    expect(story.run(200).said()).toEqual(["ask_resources all me"]);
    story.they("ask_resources all other").run(200);
    expect(story.said()).toEqual(["resource none 0 standby", "ask_resources all done"]);
    story.they("resource all 1").they("ask_resources all done").run(200);
    expect(story.phase).toBe("free");
  });

  it("takes it back when the real node brings it home, both reaching as many", () => {
    const story = serving();
    story.reaches(0).they("you_are_dead").run(GIVE_UP_MS).they("ask_resources all other").run(200);
    story.they("resource all 1").they("ask_resources all done").they("resource all 1").said();
    expect(story.reaches(1).said()).toEqual(["num_ping_nodes 1"]);
    story.they("abort_giveup").they("ask_resources foreign me");
    story.they("resource local 0 standby").they("ask_resources foreign done").run(500);
    expect(story.phase).toBe("holding");
  });

  it("a count that has risen meanwhile calls the giving off", () => {
    const story = serving();
    story.reaches(0).they("you_are_dead").run(100).said();
    expect(story.reaches(1).said()).toEqual(["num_ping_nodes 1"]);
    expect(story.run(5_000).said()).toEqual([]);
    expect(story.phase).toBe("holding");
  });

  it("`you_are_dead` for a count that we no longer have moves nothing", () => {
    const story = serving();
    story.reaches(0);
    story.reaches(1).they("you_are_dead");
    expect(story.run(5_000).said()).not.toContain("ask_resources all me");
  });

  it("the other's larger count alone is enough, as for ipfail", () => {
    const story = serving();
    story.reaches(0).said();
    story.theySay({ t: "num_ping_nodes", num_ping: "1" }).run(GIVE_UP_MS);
    expect(story.said()).toEqual(["ask_resources all me"]);
  });

  it("gives no more often than the budget allows, and says why it stays", () => {
    const story = serving();
    let given = 0;
    for (let times = 0; times < 6; times += 1) {
      story.reaches(0).theySay({ t: "you_are_dead" }).run(GIVE_UP_MS);
      given += story.said().includes("ask_resources all me") ? 1 : 0;
      // It does not answer: called off after ten seconds.
      story.run(11_000).reaches(1).theySay({ t: "abort_giveup" }).run(200);
    }
    expect(given).toBe(3);
    expect(story.log.join("\n")).toContain("it was moved too often lately");
    expect(story.phase).toBe("holding");
  });
});

describe("the real node reaches fewer than Tandem", () => {
  it("is told `you_are_dead`, gives all, and Tandem serves", () => {
    const story = standingBy()
      .they("abort_giveup")
      .they("resource none 0")
      .they("resource local 1");
    story.they("resource local 1 req_our_resources()").run(200).said();
    expect(story.they("num_ping_nodes 0").said()).toEqual(["you_are_dead"]);
    expect(story.they("ask_resources all me").said()).toEqual(["ask_resources all other"]);
    expect(servingForZeus().phase).toBe("holding");
  });

  it("gets them back two keepalives after both reach as many", () => {
    const story = servingForZeus();
    story.said();
    expect(story.they("num_ping_nodes 1").said()).toEqual(["abort_giveup"]);
    expect(story.run(GIVE_UP_MS).said()).toEqual(["ask_resources foreign me"]);
    story.they("ask_resources foreign other").run(200);
    expect(story.said()).toEqual(["resource local 0 standby", "ask_resources foreign done"]);
    story.they("resource local 1").they("ask_resources foreign done").run(200);
    expect(story.phase).toBe("free");
  });

  it("with auto_failback off they stay", () => {
    const story = servingForZeus({ autoFailback: "off" });
    story.said();
    story.they("num_ping_nodes 1").run(30_000);
    expect(story.said()).toEqual(["abort_giveup"]);
    expect(story.phase).toBe("holding");
  });
});
