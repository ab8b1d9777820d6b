import { beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./netns.ts";

interface Found {
  readonly sideBySide: readonly string[];
  readonly withoutLoop: string;
  readonly onlyOurselves: string;
  readonly both: string;
  readonly unknownName: string;
  readonly oneUnknownName: string;
  readonly rejoined: string;
}

let found: Found;

beforeAll(async () => {
  found = await runScenario(new URL("./linux/udp-kinds-agent.ts", import.meta.url));
});

describe("UDP to a group", () => {
  it("shares interface and port with a broadcast, and neither hears the other's", () => {
    expect(found.sideBySide).toEqual(["to the group;", "to all;"]);
  });

  it("does not hear itself without loop", () => {
    expect(found.withoutLoop).toBe("");
  });

  it("joins again on an interface that was made anew", () => {
    expect(found.rejoined).toBe("after;");
  });
});

describe("UDP to some hosts", () => {
  it("leaves this machine's own address out: what it hears itself say proves nothing", () => {
    expect(found.both).toBe("eth1: 10.10.10.2:694");
    expect(found.onlyOurselves).toBe("eth1: no address but our own");
  });

  it("says which name it cannot look up, and goes on with the others", () => {
    expect(found.unknownName).toMatch(/^eth1: no-such-host.invalid: no address for this name \(/);
    expect(found.oneUnknownName).toMatch(
      /^eth1: 10.10.10.2:694, no-such-host.invalid: no address for this name \(/,
    );
  });
});
