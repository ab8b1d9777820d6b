import { describe, expect, it } from "vitest";
import { HeartbeatStory, type StoryOptions } from "./heartbeat-story.ts";

/** Death, clean stop, return and partition opposite what a real Heartbeat 3.0.6 said (protocol.md 5). */

const RETURN = "05-crashed-node-returns-auto-failback-on.jsonl.gz";
const STOP = "08-clean-shutdown-of-owner.jsonl.gz";
const REJOIN = "09-rejoin-after-clean-shutdown.jsonl.gz";
const STANDBY = "06-hb_standby-all.jsonl.gz";
const JOIN = "02-second-node-joins-running-node.jsonl.gz";
const PARTITION = "10-partition-and-heal.jsonl.gz";

/** Tandem is hera; the real zeus serves. */
function standingBy(patch: StoryOptions["patch"] = {}): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "hera", patch });
  story.open(JOIN).they("repnodes");
  story.they("resource all 1").they("resource all 1").they("ask_resources foreign me");
  story
    .they("resource local 0 standby")
    .they("ask_resources foreign done")
    .they("resource local 1");
  story.said();
  story.operations.length = 0;
  return story;
}

/** Tandem is zeus and serves; the real hera has joined. */
function serving(patch: StoryOptions["patch"] = {}): HeartbeatStory {
  const story = new HeartbeatStory({ tandem: "zeus", patch });
  story.open(JOIN).theyAre("silent").run(200);
  story.they("reqnodes").they("starting").they("resource none 0").they("resource none 1");
  story.theySay({ t: "resource", rsc_hold: "local", rtype: "full", isstable: "1" });
  story.said();
  story.operations.length = 0;
  return story;
}

const atOnce = {
  tandem: { mode: "availability", autoFailbackNow: true, onProbeAnswer: "check" },
} as const;

describe("the real node stops cleanly (capture 08)", () => {
  it("nothing is taken on its announcement, everything at once on its `shutdone`", () => {
    const story = standingBy().open(STOP);
    expect(story.they("resource none 0 shutdown").run(8_000).operations).toEqual([]);
    story.they("shutdone dead").run(200);
    expect(story.operations).toEqual(["start 192.168.43.53", "start httpd"]);
    expect(story.phase).toBe("holding");
  });

  it("its last beats do not make us join it again", () => {
    const story = standingBy().open(STOP);
    story.they("resource none 0 shutdown").they("shutdone dead").theyBeat();
    expect(story.run(5_000).said()).toEqual([]);
  });

  it("and comes back: it is told what we hold, and given it at once (captures 08, 09)", () => {
    const story = standingBy().open(STOP);
    story.they("resource none 0 shutdown").they("shutdone dead").run(200).theyAre("silent");
    story.open(REJOIN);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("starting").said()).toEqual(["resource all 1"]);
    expect(story.they("resource none 0").said()).toEqual([]);
    expect(story.they("resource none 1").said()).toEqual([
      "resource all 1",
      "ask_resources foreign me",
    ]);
    expect(story.they("ask_resources foreign other").said()).toEqual(["resource local 0 standby"]);
    expect(story.run(200).said()).toEqual(["ask_resources foreign done"]);
    story.they("resource local 1").they("ask_resources foreign done");
    expect(story.said()).toContain("resource local 1");
    expect(story.phase).toBe("free");
  });
});

describe("we stop cleanly (capture 08)", () => {
  it("say so, release, say `shutdone`, and only then end", () => {
    const story = serving();
    expect(story.stop().said()).toEqual(["resource none 0 shutdown"]);
    expect(story.ended).toBe(false);
    expect(story.run(200).said()).toEqual(["shutdone dead"]);
    // As it does, right to left: it takes nothing before `shutdone`, so the address answers until then.
    expect(story.operations).toEqual(["stop httpd", "stop 192.168.43.53"]);
    expect(story.ended).toBe(true);
  });
});

describe("the real node dies (captures 04, 05)", () => {
  it("its groups are taken once the address is silent", () => {
    const story = standingBy();
    story.theyAre("suspect").theyAre("silent").run(200);
    expect(story.phase).toBe("holding");
  });

  it("its kernel still answers for the address, from the hardware that did before: left alone", () => {
    const story = standingBy();
    story.arp = ["02:00:00:00:00:51"];
    story.run(11_000);
    story.theyAre("suspect").theyAre("silent").run(60_000);
    expect(story.operations).toEqual([]);
  });

  it("the same with `on_probe_answer take`: taken, as Heartbeat would", () => {
    const tandem = { ...atOnce.tandem, onProbeAnswer: "take" } as const;
    const story = standingBy({ tandem });
    story.arp = ["02:00:00:00:00:51"];
    story.run(11_000);
    story.theyAre("suspect").theyAre("silent").run(500);
    expect(story.phase).toBe("holding");
  });

  it("and returns: with `auto_failback_now` the holder gives back when it is stable (capture 05)", () => {
    const story = standingBy(atOnce);
    story.theyAre("silent").run(200).open(RETURN);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("starting").said()).toEqual(["resource all 1"]);
    story.they("resource none 0");
    expect(story.they("resource none 1").said()).toEqual([
      "resource all 1",
      "ask_resources foreign me",
    ]);
    expect(story.they("ask_resources foreign other").said()).toEqual(["resource local 0 standby"]);
    expect(story.run(200).said()).toEqual(["ask_resources foreign done"]);
  });

  it("and returns: by itself only when it has been up for 60 s (safety.md 6)", () => {
    const story = standingBy();
    story.theyAre("silent").run(200).open(RETURN);
    story.they("reqnodes").they("starting").they("resource none 0").they("resource none 1");
    expect(story.said()).not.toContain("ask_resources foreign me");
    expect(story.run(50_000).said()).toEqual([]);
    expect(story.run(11_000).said()).toEqual(["ask_resources foreign me"]);
  });

  it("with auto_failback off it stays here", () => {
    const story = standingBy({ ...atOnce, autoFailback: "off" });
    story.theyAre("silent").run(200).open(RETURN);
    story.they("reqnodes").they("starting").they("resource none 0").they("resource none 1");
    story.said();
    expect(story.run(600_000).said()).toEqual([]);
  });
});

describe("the real node starts anew before its dead time is over (protocol.md 5.3)", () => {
  it("nothing moves: it joins us again, and we keep what we serve", () => {
    const story = standingBy();
    story.open(STANDBY).they("ask_resources all me").they("resource none 0 standby");
    story.they("ask_resources all done").run(200).they("resource none 1");
    expect(story.phase).toBe("holding");
    story.said();
    story.operations.length = 0;
    story.open(REJOIN);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("starting").said()).toEqual(["resource all 1"]);
    story.they("resource none 0");
    expect(story.they("resource none 1").said()).toEqual(["resource all 1"]);
    expect(story.run(60_000).operations).toEqual([]);
    expect(story.phase).toBe("holding");
  });

  /** The real hera has begun a new life, and has said `starting`; it served before, and answers on. */
  function reborn(): HeartbeatStory {
    const story = serving();
    story
      .open(STANDBY)
      .asked("standby")
      .theySay({ t: "ask_resources", rsc_hold: "all", info: "other" });
    story.run(200).theySay({ t: "ask_resources", rsc_hold: "all", info: "done" });
    story.theySay({ t: "resource", rsc_hold: "all", rtype: "full", isstable: "1" });
    story.arp = ["02:00:00:00:00:52"];
    story.run(11_000).said();
    expect(story.phase).toBe("free");
    story.operations.length = 0;
    story.open(JOIN).theyBeat().they("reqnodes").they("starting");
    return story;
  }

  it("with resources kept: nothing is asked or taken before it has said what it holds", () => {
    const story = reborn().run(1_000);
    expect(story.said()).toEqual(["repnodes", "resource none 1"]);
    expect(story.phase).toBe("free");
    story.theySay({ t: "resource", rsc_hold: "all", rtype: "full", isstable: "1" });
    expect(story.said()).toEqual(["resource none 1"]);
    story.arp = [];
    expect(story.run(60_000).operations).toEqual([]);
    expect(story.phase).toBe("free");
  });

  it("killed, its services not: it is given what it runs and does not know of, so that nothing moves", () => {
    const story = reborn().they("resource none 0").they("resource none 1").run(6_000);
    expect(story.said()).toEqual([
      "repnodes",
      "resource none 1",
      "resource local 1",
      "resource local 1",
      "ask_resources local me",
    ]);
    story.theySay({ t: "ask_resources", rsc_hold: "local", info: "other" });
    expect(story.said()).toEqual(["resource none 0 standby", "ask_resources local done"]);
    expect(story.phase).toBe("free");
    story.theySay({ t: "resource", rsc_hold: "foreign", rtype: "full", isstable: "1" });
    story.theySay({ t: "ask_resources", rsc_hold: "local", info: "done" });
    expect(story.run(60_000).operations).toEqual([]);
    expect(story.phase).toBe("free");
  });
});

describe("a partition heals (capture 10)", () => {
  it("Tandem keeps the group and never takes a step; the real node gives up and joins anew", () => {
    const story = serving().open(PARTITION).theyBeat();
    story.theyAre("silent").run(20_000);
    story.missed("resource foreign mach_down");
    story.they("resource none 0 shutdown").they("shutdone dead").theyBeat();
    expect(story.said()).toEqual([]);
    story.theyAre("silent").run(13_000);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    story.they("repnodes");
    expect(story.they("starting").said()).toEqual(["resource local 1"]);
    expect(story.they("resource none 0").said()).toEqual([]);
    expect(story.operations).toEqual([]);
    expect(story.phase).toBe("holding");
  });

  /** We are heard again, and get what we missed: that it took everything. */
  function healed(): HeartbeatStory {
    const story = serving().open(PARTITION).theyBeat();
    story.theyAre("silent").run(20_000).theyAre("up");
    expect(story.said()).toEqual([]);
    return story.they("resource all 1 req_our_resources()");
  }

  it("what was missed comes late: a real node that is about to go is not told what we hold", () => {
    const story = healed().they("resource foreign mach_down");
    expect(story.run(3_000).said()).toEqual([]);
    story.they("resource none 0 shutdown").they("shutdone dead");
    expect(story.said()).toEqual([]);
  });

  it("what was missed comes late: a real node that stays is told what we hold in the end", () => {
    expect(healed().run(20_000).said()).toEqual(["resource all 1"]);
  });

  it("it took what we serve because it did not hear us: we keep, and say that there are two", () => {
    const story = serving();
    story.theySay({ t: "resource", rsc_hold: "all", rtype: "full", isstable: "1" });
    expect(story.operations).toEqual([]);
    expect(story.phase).toBe("holding");
    expect(story.log.filter((line) => line.startsWith("CRIT"))).toHaveLength(1);
  });
});
