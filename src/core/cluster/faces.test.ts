import { expect, test } from "vitest";
import { HERA, Pair, served, WWW } from "../../../test/pair.ts";

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
  const { peer } = told({ groups: WWW, faces: "10.0.0.1;reboot", macs: "02:00:00:00:00:5 x" });
  expect(peer).toMatchObject({ faces: [""], macs: [] });
});

test("MACs are kept beside those of a card that was replaced, and bounded", () => {
  const macs = Array.from(
    { length: 40 },
    (_, index) => `02:00:00:00:01:${(16 + index).toString(16)}`,
  );
  const { peer } = told({ groups: WWW, faces: "-", macs: macs.join(" ") });
  expect(peer?.macs).toEqual(macs.slice(0, 16));
});

test("other groups than ours are said once, and end all agreements", () => {
  const { peer, log } = told({ groups: "10.0.0.9", faces: "-", macs: "" });
  expect(peer?.differs).toBe(true);
  expect(log).toContain("make the files the same on both nodes");
});
