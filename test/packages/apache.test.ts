import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { projectRoot } from "../../src/lab/paths.ts";
import { doublyAnswered } from "../../src/lab/probe/outage.ts";
import { type Probe, startProbe } from "../../src/lab/probe/probe.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";

/** The tutorial's three files as printed, on both nodes, with the real Apache as httpd. */
let lab: Lab;
let probe: Probe;

const printed = (name: string): string =>
  readFileSync(new URL(`../tutorial/${name}`, import.meta.url), "utf8");

beforeAll(async () => {
  lab = await startLab({
    files: {
      "ha.cf": printed("ha.cf"),
      haresources: printed("haresources"),
      authkeys: printed("authkeys"),
    },
    web: "apache2",
    onComplaint: (text) => console.error(text),
  });
  probe = await startProbe(lab.host("client"), { kinds: ["arp", "pages"] });
});
afterAll(async () => {
  await probe?.stop().catch(() => {});
  await lab?.close();
});

test("both start, and zeus serves its page", async () => {
  await Promise.all([lab.host("zeus").startDaemon(), lab.host("hera").startDaemon()]);
  await servedBy("zeus");
  expect(await apacheRuns("zeus")).toBe(true);
  expect(await apacheRuns("hera")).toBe(false);
});

test("hera takes over on request: its own page, and Apache runs there alone", async () => {
  await move("hera", "takeover");
  await servedBy("hera");
  await apacheGone("zeus");
  expect(await apacheRuns("hera")).toBe(true);
});

test("hera gives it back by standby", async () => {
  await move("hera", "standby");
  await servedBy("zeus");
  await apacheGone("hera");
});

test("zeus loses its power: hera serves, after the tutorial's dead time", async () => {
  await lab.powerCut("zeus");
  await servedBy("hera");
  expect(await apacheRuns("hera")).toBe(true);
});

test("and there were never two that answered", () => {
  expect(doublyAnswered(probe.arp)).toEqual([]);
});

async function move(host: NodeHost, command: "standby" | "takeover"): Promise<void> {
  const argv = [`${projectRoot}bin/tandem`, command];
  const done = await lab.host(host).run(argv, { timeoutMs: 100_000 });
  expect(done, done.stderr).toMatchObject({ code: 0 });
}

/** Resolves once this host alone answers for the address and its own page comes from it. */
function servedBy(host: NodeHost): Promise<void> {
  const from = bootTimeMs();
  const { fullName, interfaces } = hostLayouts[host];
  return probe.until(
    ({ arp, pages }) =>
      arp.some(
        ({ askedAt, answers }) =>
          askedAt > from &&
          answers.length > 0 &&
          answers.every((answer) => answer.mac === interfaces[0]?.mac),
      ) && pages.some(({ at, server }) => at > from && server === fullName),
  );
}

async function apacheRuns(host: NodeHost): Promise<boolean> {
  const { stdout } = await lab.host(host).run(["pgrep", "-x", "apache2"]);
  return stdout !== "";
}

/** The giver stops its part after the grace for packets under way. */
async function apacheGone(host: NodeHost): Promise<void> {
  const status = ["sh", "-c", "while pgrep -x apache2 >/dev/null; do sleep 0.1; done"];
  expect(await lab.host(host).run(status, { timeoutMs: 30_000 })).toMatchObject({ code: 0 });
}
