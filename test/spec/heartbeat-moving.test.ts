import { describe, expect, it } from "vitest";
import { HeartbeatStory, type StoryOptions } from "./heartbeat-story.ts";

/** Moves on request between Tandem and what a real Heartbeat 3.0.6 said (protocol.md 6). */

const STANDBY = "06-hb_standby-all.jsonl.gz";
const TAKEOVER = "07-hb_takeover.jsonl.gz";

/** Tandem is zeus and serves; the real hera has joined it. */
function serving(patch: StoryOptions["patch"] = {}): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "zeus", patch });
  story.open("02-second-node-joins-running-node.jsonl.gz").theyAre("silent").run(200);
  story.they("reqnodes").they("starting").they("resource none 0").they("resource none 1");
  story.theySay({ t: "resource", rsc_hold: "local", rtype: "full", isstable: "1" });
  story.said();
  story.operations.length = 0;
  return story;
}

/** Tandem is hera and stands by; the real zeus serves. */
function standingBy(): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "hera" });
  story.open("02-second-node-joins-running-node.jsonl.gz");
  for (const word of [
    "repnodes",
    "resource all 1",
    "resource all 1",
    "ask_resources foreign me",
    "resource local 0 standby",
    "ask_resources foreign done",
    "resource local 1",
  ])
    story.they(word);
  story.said();
  story.operations.length = 0;
  return story;
}

/** Tandem is hera and serves zeus's group, which the real zeus has given it (capture 06). */
function servingForZeus(): HeartbeatStory {
  const story = standingBy().open(STANDBY);
  story.they("ask_resources all me").they("resource none 0 standby").they("ask_resources all done");
  story.run(200).they("resource none 1");
  story.said();
  story.operations.length = 0;
  return story;
}

describe("`hb_standby` on the real node (capture 06)", () => {
  it("we answer `other`, wait for its `done`, start left to right, and say done and what we hold", () => {
    const story = standingBy().open(STANDBY);
    expect(story.they("ask_resources all me").said()).toEqual(["ask_resources all other"]);
    expect(story.they("resource none 0 standby").run(5_000).said()).toEqual([]);
    expect(story.operations).toEqual([]);
    story.they("ask_resources all done");
    expect(story.run(200).said()).toEqual(["ask_resources all done", "resource all 1"]);
    expect(story.operations).toEqual(["start 192.168.43.53", "start httpd"]);
    expect(story.they("resource none 1").said()).toEqual(["resource all 1"]);
    expect(story.phase).toBe("holding");
  });

  it("a start that fails here is undone, told, and the group offered back", () => {
    const story = standingBy().open(STANDBY);
    story.failing.add("httpd");
    story
      .they("ask_resources all me")
      .they("resource none 0 standby")
      .they("ask_resources all done");
    story.said();
    story.run(500);
    expect(story.said()).toEqual(["ask_resources all done", "resource local 1"]);
    expect(story.phase).toBe("unable");
    expect(story.they("resource none 1").said()).toEqual([
      "resource local 1",
      "ask_resources foreign me",
    ]);
  });

  it("the real node has refused its own request: called off after 10 s, and the next one is taken", () => {
    const story = standingBy().open(STANDBY);
    story.they("ask_resources all me").run(10_001);
    story.theySay({ t: "ask_resources", rsc_hold: "all", info: "me" });
    expect(story.said()).toEqual([
      "ask_resources all other",
      "resource local 1",
      "ask_resources all other",
    ]);
  });

  it("its scripts may take long once it has begun", () => {
    const story = standingBy().open(STANDBY);
    story.they("ask_resources all me").they("resource none 0 standby").run(1_200_000);
    story.said();
    story.they("ask_resources all done").run(200);
    expect(story.phase).toBe("holding");
  });

  it("is refused while we stop", () => {
    const story = servingForZeus().open(STANDBY);
    story.stop();
    story.said();
    expect(story.they("ask_resources all me").said()).not.toContain("ask_resources all other");
  });
});

describe("`tandem standby` opposite the real node (capture 06)", () => {
  it("we ask, stop right to left when it agrees, say done, and answer when it holds them", () => {
    const story = serving().open(STANDBY);
    expect(story.asked("standby").said()).toEqual(["ask_resources all me"]);
    expect(story.operations).toEqual([]);
    expect(story.they("ask_resources all other").said()).toEqual(["resource none 0 standby"]);
    expect(story.run(200).said()).toEqual(["ask_resources all done"]);
    expect(story.operations).toEqual(["stop httpd", "stop 192.168.43.53"]);
    expect(story.answers).toEqual([]);
    story.they("resource all 1").they("ask_resources all done");
    expect(story.said()).toContain("resource none 1");
    expect(story.answers).toMatchObject([{ ok: true }]);
    expect(story.run(60_000).operations).toHaveLength(2);
  });

  it("no answer within 10 s: called off, the group stays, and the person is told", () => {
    const story = serving();
    story.asked("standby").run(10_001);
    expect(story.phase).toBe("holding");
    expect(story.operations).toEqual([]);
    expect(story.answers).toMatchObject([{ ok: false }]);
    story.said();
    story.asked("standby");
    expect(story.said()).toEqual(["ask_resources all me"]);
  });

  it("is refused at once while another move is under way", () => {
    const story = serving();
    story.asked("standby").asked("standby");
    expect(story.answers).toMatchObject([{ ok: false, text: "another move is under way" }]);
  });

  it("the real node dies after it has agreed: the group is taken again", () => {
    const story = serving().open(STANDBY);
    story.asked("standby").they("ask_resources all other").run(200);
    expect(story.phase).toBe("free");
    story.theyAre("silent").run(500);
    expect(story.phase).toBe("holding");
  });
});

describe("`hb_takeover` on the real node (capture 07)", () => {
  it("we give what it names, as its own hook would on the other node", () => {
    const story = servingForZeus().open(TAKEOVER);
    expect(story.they("hb_takeover all").said()).toEqual(["ask_resources all me"]);
    expect(story.they("ask_resources all other").said()).toEqual(["resource none 0 standby"]);
    expect(story.run(200).said()).toEqual(["ask_resources all done"]);
    story.they("resource all 1").they("ask_resources all done");
    expect(story.said()).toContain("resource none 1");
    expect(story.phase).toBe("free");
  });

  it("names sets as it sees them: its local is our foreign", () => {
    const story = servingForZeus();
    story.theySay({ t: "hb_takeover", rsc_hold: "local" });
    expect(story.said()).toEqual(["ask_resources foreign me"]);
  });
});

describe("`tandem takeover` opposite the real node (capture 07)", () => {
  it("we ask by `hb_takeover`; its hook begins the exchange", () => {
    const zeus = serving().open(STANDBY);
    zeus.asked("standby").they("ask_resources all other").run(200);
    zeus.they("resource all 1").they("ask_resources all done").they("resource all 1");
    zeus.said();
    zeus.operations.length = 0;
    zeus.open(TAKEOVER);
    expect(zeus.asked("takeover").said()).toEqual(["hb_takeover all"]);
    expect(zeus.they("ask_resources all me").said()).toEqual(["ask_resources all other"]);
    expect(zeus.they("resource none 0 standby").said()).toEqual([]);
    zeus.they("ask_resources all done");
    expect(zeus.run(200).said()).toEqual(["ask_resources all done", "resource all 1"]);
    expect(zeus.operations).toEqual(["start 192.168.43.53", "start httpd"]);
    expect(zeus.answers.at(-1)).toMatchObject({ ok: true });
  });
});

describe("a word that was lost and comes again out of order", () => {
  it("does not undo a newer one about holdings", () => {
    const story = serving().open(STANDBY);
    story.asked("standby").they("ask_resources all other").run(200);
    story.they("resource all 1").they("ask_resources all done");
    story.said();
    story.theySay({ t: "resource", rsc_hold: "none", rtype: "full", isstable: "0", seq: "2" });
    expect(story.said()).toEqual([]);
    expect(story.asked("takeover").said()).toEqual(["hb_takeover all"]);
  });
});

describe("`tandem takeover` that the real node's hook loses", () => {
  function standby(): HeartbeatStory {
    const story = serving().open(STANDBY);
    story.asked("standby").they("ask_resources all other").run(200);
    story.they("resource all 1").they("ask_resources all done").they("resource all 1");
    story.said();
    return story;
  }

  it("is sent again every 10 s, and no more when it has begun", () => {
    const story = standby();
    story.asked("takeover").run(10_001);
    expect(story.said()).toEqual(["hb_takeover all", "hb_takeover all"]);
    story.open(TAKEOVER).they("ask_resources all me");
    expect(story.run(9_000).said()).toEqual(["ask_resources all other"]);
  });

  it("is given up within 90 s, and the person is told", () => {
    const story = standby();
    story.asked("takeover").run(90_001);
    expect(story.said()).toHaveLength(6);
    expect(story.answers.at(-1)).toMatchObject({ ok: false });
    expect(story.run(600_000).said()).toEqual([]);
  });
});

describe("what cannot run here", () => {
  it("carrier lost on the service interface: the real node is asked to take it", () => {
    const story = serving();
    story.carrier(true);
    story.said();
    expect(story.carrier(false).said()).toEqual(["ask_resources local me"]);
  });
});
