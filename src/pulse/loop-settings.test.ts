import { expect, test } from "vitest";
import { type PulseHost, Wire } from "../../test/pulse/two-loops.ts";
import { byteStringOf } from "../wire/bytes.ts";
import type { PulseSettings } from "./link.ts";

/** One pulse with settings of ha.cf, after a second alone. */
function started(settings: Partial<PulseSettings>): PulseHost {
  const wire = new Wire();
  const zeus = wire.host("zeus", settings).start();
  wire.run(1000);
  return zeus;
}

const sentBy = (settings: Partial<PulseSettings>) => started(settings).sent.map(byteStringOf);

test("hopfudge is added to the nodes for the ttl", () => {
  expect(sentBy({ hopfudge: 1 })[0]).toContain("(0)ttl=3,");
  expect(sentBy({ hopfudge: 5 })[0]).toContain("(0)ttl=7,");
});

test("msgfmt says whether the message is signed inside too", () => {
  expect(sentBy({ msgfmt: "classic" })[0]).toContain("(0)auth=");
  expect(sentBy({ msgfmt: "netstring" })[0]).not.toContain("(0)auth=");
});

test("realtime off asks for no priority", () => {
  const asked = (realtime: boolean) => started({ realtime }).askedRealtime;
  expect(asked(true)).toEqual([true]);
  expect(asked(false)).toEqual([false]);
});
