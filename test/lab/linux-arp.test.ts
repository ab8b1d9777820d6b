import { beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./netns.ts";

interface Found {
  readonly heraMac: string;
  readonly zeusMac: string;
  readonly probes: object;
  readonly muting: object;
  readonly announced: readonly string[];
  readonly refusals: object;
}

let found: Found;
let hera: readonly string[];

beforeAll(async () => {
  found = await runScenario(new URL("./linux/arp-agent.ts", import.meta.url));
  hera = [found.heraMac];
});

describe("an ARP probe", () => {
  it("names the MAC that answers, for a probe and for a question in our own name", () => {
    expect(found.heraMac).toMatch(/^(..:){5}..$/);
    expect(found.probes).toEqual({ service: hera, path: hera, unused: [], own: [] });
  });

  it("rejects where it cannot ask", () => {
    expect(found.refusals).toEqual({
      loopback: "EOPNOTSUPP",
      missing: "ENODEV",
      goesDownMeanwhile: "ENETDOWN",
      down: "ENETDOWN",
      announceDown: "ENETDOWN",
    });
  });
});

describe("a muted address", () => {
  it("is neither answered for nor named, and the machine's others are", () => {
    expect(found.muting).toMatchObject({
      muted: [],
      otherStillAnswers: hera,
      asService: [],
      asReplacement: hera,
    });
  });

  it("is one of the last list alone", () => {
    expect(found.muting).toMatchObject({ replacedByAnother: hera, mutedAgain: [], unmuted: hera });
  });
});

describe("an announcement", () => {
  it("is heard by the whole segment", () => {
    expect(found.announced).toEqual([found.zeusMac]);
  });
});
