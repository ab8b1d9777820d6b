import { expect, test } from "vitest";
import { HERA, Pair, served, tutorialConfig, WWW } from "../../../test/pair.ts";
import { crc32 } from "../../base/crc.ts";
import { groupName } from "../../base/names.ts";

/** Of the tutorial's one group. */
const GROUPS = crc32(new TextEncoder().encode(WWW)).toString(16);

/** What zeus knows of hera after hera has said this. */
function told(values: Readonly<Record<string, string>>) {
  const pair = new Pair();
  pair.start("zeus");
  pair.report("zeus", "up");
  const strings = { t: "tandem", step: "info", ...values };
  const fields = Object.entries(strings).map(([name, value]) => ({
    kind: "string" as const,
    name,
    value,
  }));
  pair.event("zeus", { kind: "message", from: HERA, fresh: true, message: { fields } });
  return { peer: pair.hosts.zeus.state?.peer, log: pair.hosts.zeus.log.join("\n") };
}

test("each tells the other its address on the service interface and all its MACs", () => {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(10);
  expect(pair.hosts.zeus.state?.peer).toMatchObject({
    faces: ["192.168.43.52"],
    macs: ["02:00:00:00:00:52"],
    differs: false,
  });
});

test("many groups and cards are told in words that a serial line carries", () => {
  const [www] = tutorialConfig().groups;
  if (www === undefined) throw new Error("the tutorial has a group");
  const names = Array.from({ length: 9 }, (_, at) => groupName(`192.168.43.${150 + at}`));
  const groups = names.map((name) => ({ ...www, name }));
  const pair = new Pair(tutorialConfig({ groups }));
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  const macs = Array.from({ length: 12 }, (_, at) => `02:00:00:00:02:${at + 10}`);
  for (const [at, group] of names.entries()) {
    const ownAddress = at < 6 ? "192.168.43.152" : "192.168.143.152";
    const face = { interface: "eth0", carrier: true, ownAddress, machineMacs: macs };
    pair.event("hera", { kind: "service-interface", group, face });
  }
  pair.run(100);
  const { peer } = pair.hosts.zeus.state ?? {};
  expect(peer?.macs.toSorted()).toEqual(macs);
  expect(peer?.faces).toEqual([
    ...Array(6).fill("192.168.43.152"),
    ...Array(3).fill("192.168.143.152"),
  ]);
  expect(peer?.differs).toBe(false);
  expect(pair.longestSent).toBeLessThan(200);
});

test("a daemon that was started again asks the peer, which has told everything already", () => {
  const pair = served();
  pair.start("zeus");
  pair.report("zeus", "up");
  pair.run(1_900);
  pair.tick("zeus");
  pair.run(10);
  expect(pair.hosts.zeus.state?.peer?.faces).toEqual([]);
  pair.run(100);
  pair.tick("zeus");
  pair.run(10);
  expect(pair.hosts.zeus.state?.peer?.faces).toEqual(["192.168.43.52"]);
  expect(pair.sent.hera.filter((step) => step === "info")).toHaveLength(2);
});

test("what is no address and no MAC counts as none", () => {
  const { peer } = told({ groups: GROUPS, faces: "10.0.0.1;reboot", macs: "02:00:00:00:00:5 x" });
  expect(peer).toMatchObject({ faces: [""], macs: [] });
});

test("MACs are kept beside those of a card that was replaced, and bounded", () => {
  const macs = Array.from(
    { length: 40 },
    (_, index) => `02:00:00:00:01:${(16 + index).toString(16)}`,
  );
  const { peer } = told({ groups: GROUPS, faces: "-", macs: macs.join(" ") });
  expect(peer?.macs).toEqual(macs.slice(0, 16));
});

test("other groups than ours are said once, and end all agreements", () => {
  const { peer, log } = told({ groups: "0", faces: "-", macs: "" });
  expect(peer?.differs).toBe(true);
  expect(log).toContain("make the files the same on both nodes");
});
