import { describe, expect, it } from "vitest";
import { HeartbeatStory, type StoryOptions } from "./heartbeat-story.ts";

/** `auto_failback legacy` opposite what a real Heartbeat 3.0.6 said (protocol.md 7, capture 31). */

const LEGACY = "31-auto_failback-legacy.jsonl.gz";
const WWW = "192.168.43.53";
const GIVEN_TO_ZEUS = `ip-request-resp ${WWW} yes zeus.example.com`;

function legacy(tandem: "zeus" | "hera", patch: StoryOptions["patch"] = {}): HeartbeatStory {
  return new HeartbeatStory({ tandem, patch: { autoFailback: "legacy", ...patch } });
}

const atOnce = {
  tandem: { mode: "availability", autoFailbackNow: true, onProbeAnswer: "check" },
} as const;

/** Tandem is hera; the real zeus has started and serves. */
function standingBy(patch: StoryOptions["patch"] = {}): HeartbeatStory {
  const story = legacy("hera", patch).open(LEGACY);
  story.they("reqnodes").they("repnodes").they(GIVEN_TO_ZEUS);
  story.said();
  return story;
}

/** Tandem is zeus and serves beside a real hera that is active. */
function serving(): HeartbeatStory {
  const story = legacy("zeus").open(LEGACY);
  story.they("reqnodes").they("repnodes").run(200).theyBeat();
  story.said();
  story.operations.length = 0;
  return story;
}

describe("both start together", () => {
  it("as the other node: it joins by the list of nodes alone, and leaves the group to its own", () => {
    const story = legacy("hera").open(LEGACY).theyBeat();
    expect(story.said()).toEqual(["reqnodes"]);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they("repnodes").said()).toEqual([]);
    expect(story.st).toBe("active");
    story.they(GIVEN_TO_ZEUS).theyBeat().run(60_000);
    expect(story.said()).toEqual([]);
    expect(story.operations).not.toContain("start httpd");
  });

  it("as the preferred node: its own group is taken, beside a peer that is not active yet", () => {
    const story = legacy("zeus").open(LEGACY).they("reqnodes").they("repnodes").run(200);
    expect(story.said()).toEqual(["reqnodes", "repnodes"]);
    expect(story.phase).toBe("holding");
    expect(story.theyBeat().run(60_000).said()).toEqual([]);
  });
});

describe("the preferred real node dies, returns and asks (capture 31)", () => {
  function tookOver(patch: StoryOptions["patch"] = {}): HeartbeatStory {
    const story = standingBy(patch);
    story.theyAre("silent").run(200);
    expect(story.phase).toBe("holding");
    story.operations.length = 0;
    return story;
  }

  it("with `auto_failback_now`: stopped right to left, and answered only when it has stopped", () => {
    const story = tookOver(atOnce);
    expect(story.they("reqnodes").said()).toEqual(["repnodes"]);
    expect(story.they(`ip-request ${WWW}`).said()).toEqual([]);
    expect(story.run(20).said()).toEqual([]);
    expect(story.run(50).said()).toEqual([GIVEN_TO_ZEUS]);
    expect(story.operations).toEqual(["stop httpd", `stop ${WWW}`]);
    expect(story.theyBeat().run(60_000).operations).toHaveLength(2);
  });

  it("is answered when it has been up for 60 s (safety.md 6)", () => {
    const story = tookOver();
    story.they("reqnodes").they(`ip-request ${WWW}`).theyBeat();
    story.said();
    expect(story.run(50_000).said()).toEqual([]);
    expect(story.run(11_000).said()).toEqual([GIVEN_TO_ZEUS]);
  });

  it("at once when a person wants it", () => {
    const story = tookOver();
    story.they("reqnodes").they(`ip-request ${WWW}`).theyBeat();
    story.said();
    expect(story.asked("standby", "foreign").run(200).said()).toEqual([GIVEN_TO_ZEUS]);
    expect(story.answers).toMatchObject([{ ok: true }]);
  });

  it("its request is lost: it is given all the same", () => {
    const story = tookOver(atOnce);
    story.they("reqnodes").missed(`ip-request ${WWW}`).theyBeat();
    story.said();
    expect(story.run(16_000).said()).toEqual([GIVEN_TO_ZEUS]);
  });

  it("it asks nobody, as one may that starts too soon: we yield at once, addresses first", () => {
    const story = tookOver();
    story.they("reqnodes").theyBeat();
    story.theySay({ t: "ip-request-resp", dest: "zeus.example.com", ipaddr: WWW, ok: "OK" });
    story.run(200);
    expect(story.operations).toEqual([`stop ${WWW}`, "stop httpd"]);
    expect(story.phase).toBe("free");
    expect(story.run(60_000).operations).toHaveLength(2);
  });

  it("what it told itself before a partition makes us yield nothing", () => {
    const story = standingBy();
    story.theyAre("silent").run(200);
    story.theyAre("up");
    story.theySay({ t: "ip-request-resp", dest: "zeus.example.com", ipaddr: WWW, ok: "OK" });
    expect(story.run(5_000).phase).toBe("holding");
  });

  it("stops cleanly: taken on its `shutdone`, which is its only word", () => {
    const story = standingBy();
    story.missed(`ip-request ${WWW}`);
    story.they("shutdone dead").run(200);
    expect(story.phase).toBe("holding");
  });
});

describe("Tandem is the preferred node and returns beside a real node that took its group", () => {
  function returning(): HeartbeatStory {
    const story = legacy("zeus", atOnce);
    story.arp = ["02:00:00:00:00:52"];
    story.open(LEGACY).theyBeat();
    story.said();
    // The real hera was up all the time: it is active when it answers.
    story.theyBeatAs("active").theySay({ t: "repnodes" });
    return story;
  }

  it("asks for it, and takes it when it is given", () => {
    const story = returning();
    expect(story.said()).toEqual([`ip-request ${WWW}`]);
    expect(story.operations).not.toContain("start httpd");
    story.arp = [];
    story.they("reqnodes").they("repnodes");
    story.theySay({ ...answer, weown: "yes" }).run(500);
    expect(story.operations.slice(-2)).toEqual([`start ${WWW}`, "start httpd"]);
    expect(story.phase).toBe("holding");
  });

  it("asks again every 10 s while it is not answered", () => {
    expect(returning().run(20_001).said()).toEqual(Array(3).fill(`ip-request ${WWW}`));
  });

  it("the real node does not run it: taken only if nobody answers for the address", () => {
    // The probe of the start is too old by then.
    const story = returning().run(2_000);
    story.theySay({ ...answer, weown: "no" }).run(3_000);
    expect(story.operations).not.toContain("start httpd");
    story.arp = [];
    expect(story.run(3_000).phase).toBe("holding");
  });

  const answer = { t: "ip-request-resp", dest: "zeus.example.com", ipaddr: WWW, ok: "OK" };
});

describe("moves on request, which the real node has no words for", () => {
  it("`tandem standby`: stopped, then told by an answer that it did not ask for", () => {
    const story = serving();
    expect(story.asked("standby").said()).toEqual([]);
    expect(story.run(200).said()).toEqual([`ip-request-resp ${WWW} yes hera.example.com`]);
    expect(story.operations).toEqual(["stop httpd", `stop ${WWW}`]);
    expect(story.answers).toMatchObject([{ ok: true }]);
    expect(story.run(600_000).operations).toHaveLength(2);
  });

  it("`tandem takeover` brings it back", () => {
    const story = serving();
    story.asked("standby").run(200);
    story.said();
    expect(story.asked("takeover", "local").said()).toEqual([`ip-request ${WWW}`]);
    story.theySay({
      t: "ip-request-resp",
      dest: "zeus.example.com",
      ipaddr: WWW,
      weown: "yes",
      ok: "OK",
    });
    expect(story.run(500).phase).toBe("holding");
  });

  it("`hb_takeover` there: given, though its own hook would do nothing", () => {
    const story = serving();
    story.theySay({ t: "hb_takeover", rsc_hold: "foreign" });
    expect(story.run(200).said()).toEqual([`ip-request-resp ${WWW} yes hera.example.com`]);
  });

  it("`hb_standby` there: ignored, as its own node ignores it", () => {
    const story = standingBy();
    story.theySay({ t: "ask_resources", rsc_hold: "all", info: "me" });
    expect(story.run(5_000).said()).toEqual([]);
    expect(story.log.some((line) => line.includes("tandem takeover"))).toBe(true);
  });

  it("a lost carrier gives it away, and its return brings it home", () => {
    const story = serving();
    story.carrier(true).carrier(false).run(200);
    expect(story.said()).toEqual([`ip-request-resp ${WWW} yes hera.example.com`]);
    story.carrier(true).run(1_000);
    expect(story.said()).toEqual([`ip-request ${WWW}`]);
  });
});

describe("what the two ha.cf do not agree on", () => {
  it("ours says on, the peer asks in the way of legacy: given, and said", () => {
    const story = new HeartbeatStory({ tandem: "hera", patch: atOnce }).open(LEGACY);
    story.theyAre("silent").run(200).theyAre("never-heard").they("reqnodes").theyBeat();
    story.said();
    story.theySay({ t: "ip-request", ipaddr: WWW });
    expect(story.run(200).said()).toEqual([GIVEN_TO_ZEUS]);
    expect(story.log.filter((line) => line.includes("make ha.cf the same"))).toHaveLength(1);
  });

  it("ours says legacy, the peer says `starting`: answered in its way", () => {
    const story = serving();
    story.theySay({ t: "starting" });
    expect(story.said()).toEqual(["resource local 1"]);
  });

  it("a group that only the peer has: answered, or it would never start it", () => {
    const story = serving();
    story.theySay({ t: "ip-request", ipaddr: "10.0.0.9" });
    expect(story.said()).toEqual(["ip-request-resp 10.0.0.9 no hera.example.com"]);
  });
});

describe("Tandem stops beside it", () => {
  it("says `shutdone` alone, when everything has stopped", () => {
    const story = serving();
    expect(story.stop().said()).toEqual([]);
    expect(story.run(200).said()).toEqual(["shutdone dead"]);
    expect(story.ended).toBe(true);
  });
});
