import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceAddress } from "../../src/lab/layout.ts";
import { tandem, tandemd } from "../../src/lab/paths.ts";
import { Cluster } from "../../src/lab/story/cluster.ts";
import {
  agreeMs,
  isAgreed,
  isBack,
  isServedBy,
  untilAtRest,
} from "../../src/lab/story/conditions.ts";
import { type Measured, measureDuring } from "../../src/lab/story/measure.ts";
import { playStory } from "../../src/lab/story/play.ts";
import { type StepName, steps } from "../../src/lab/story/steps.ts";
import { logsOf } from "./cluster-logs.ts";
import { addressScript } from "./lab-scripts.ts";

/**
 * End to end: real daemons on the lab's hosts, seen by a client. Behaviour and counts are asserted, never
 * times: those are what `npm run acceptance` measures.
 */

/** Longer than the bounds of what a test waits for: the test itself says what did not come. */
const testMs = 180_000;

/** An address lives for six seconds here: longer than any restart. */
const slowTimers = { keepaliveMs: 1000, warntimeMs: 3000, deadtimeMs: 8000, initdeadMs: 10_000 };

/** What the daemon writes to its terminal: the pulse's words while no tandemd keeps the log. */
const outputFile = "/var/log/tandemd.out";

/** As where a directory of users does not answer. */
const hangingGetent = `
printf '#!/bin/sh\\nexec sleep 60\\n' > /run/getent
chmod 755 /run/getent
mount --bind /run/getent /usr/bin/getent
`;

let cluster: Cluster;

const open = async (): Promise<void> => {
  cluster = await Cluster.start();
};
const close = () => cluster.close();

/** Plays one step of the demo's story. */
async function play(name: StepName): Promise<Measured> {
  const step = steps.filter((one) => one.name === name);
  const [result] = await playStory(cluster, step, {
    begins: () => {},
    settles: () => {},
    ended: () => {},
  });
  expect(result?.problem, logsOf(cluster)).toBeUndefined();
  if (result?.measured === undefined) throw new Error(`${name} was not played`);
  return result.measured;
}

/** Nothing of it was noticed by the client, and it never was with hera. */
function expectUndisturbed(measured: Measured): void {
  expect(measured, logsOf(cluster)).toMatchObject({ lost: 0, doubled: [], servedBy: ["zeus"] });
}

describe("the story of the demo", () => {
  beforeAll(open);
  afterAll(close);

  test("both start: zeus serves, hera does not", () => play("start"), testMs);
  test("what the tutorial's files ask for and nobody runs is named by log, status and check", async () => {
    const { log } = cluster.nodes.zeus;
    const status = await cluster.lab.host("zeus").run([tandem, "status", "--json"]);
    const { notRun } = JSON.parse(status.stdout) as { notRun: readonly string[] };
    const check = await cluster.lab.host("zeus").run([tandem, "check"]);
    expect(check.code, check.stdout).toBe(0);
    for (const line of ["watchdog /dev/watchdog", "respawn hacluster /usr/lib/heartbeat/ccm"]) {
      const [directive = ""] = line.split(" ");
      const sentence = `${directive} is not run by this version`;
      expect(log.map(({ text }) => text).join("\n")).toContain(sentence);
      expect(notRun).toContain(`${line}: not run by this version`);
      expect(check.stdout).toContain(sentence);
    }
  });
  test("zeus loses its power: hera serves", () => play("power-cut"), testMs);
  test("zeus returns and takes its address back without a lost ping", () => play("return"), testMs);
  test("standby moves without a lost ping", () => play("standby"), testMs);
  test("takeover moves back without a lost ping", () => play("takeover"), testMs);
  test("one heartbeat cable is pulled: nothing moves", () => play("heartbeat-cable"), testMs);
  test("the owner's LAN cable is pulled: hera serves by consent", () => play("lan-cable"), testMs);
  test("the LAN cable is plugged in: it comes home unharmed", () => play("lan-return"), testMs);
});

describe("the owner's processes", () => {
  beforeAll(async () => {
    await open();
    await play("start");
  }, testMs);
  afterAll(close);

  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    test(
      `the daemon gets ${signal}: another one adopts what runs, nothing moves, no ping is lost`,
      async () => {
        const { daemon } = await cluster.lab.host("zeus").daemonProcesses();
        const measured = await measureDuring(cluster, async () => {
          const from = cluster.now();
          await cluster.lab.host("zeus").killDaemon("daemon", signal);
          await cluster.until("another daemon", () => isBack(cluster, "zeus", from), agreeMs);
          await cluster.untilTime(cluster.now() + cluster.timers.deadtimeMs);
          await untilAtRest(cluster, "zeus");
        });
        expectUndisturbed(measured);
        const now = await cluster.lab.host("zeus").daemonProcesses();
        expect(now.daemon).toBeTypeOf("number");
        expect(now.daemon).not.toBe(daemon);
      },
      testMs,
    );
  }

  test(
    "the daemon is killed while the name service hangs: another one adopts what runs at once",
    async () => {
      const zeus = cluster.lab.host("zeus");
      expect(await zeus.run(["sh", "-ec", hangingGetent])).toMatchObject({ code: 0 });
      const before = (await zeus.readFile(outputFile)).length;
      const measured = await measureDuring(cluster, async () => {
        const from = cluster.now();
        await zeus.killDaemon("daemon");
        await cluster.until("another daemon", () => isBack(cluster, "zeus", from), agreeMs);
        await untilAtRest(cluster, "zeus");
      });
      expectUndisturbed(measured);
      // The pulse would have ended it for its silence, and the next one, until it gave the service up.
      expect((await zeus.readFile(outputFile)).slice(before)).not.toContain("has not answered");
      expect(await zeus.run(["umount", "/usr/bin/getent"])).toMatchObject({ code: 0 });
    },
    testMs,
  );

  test(
    "pulse and daemon are killed together: never do two answer, and it is zeus's again",
    async () => {
      // A lifetime of one second may be over before the next pulse is there: then nobody answers for a while.
      expect(await measureDuring(cluster, killBoth), logsOf(cluster)).toMatchObject({
        doubled: [],
      });
    },
    testMs,
  );

  test(
    "the address is deleted by a program: it is put back, nothing moves",
    async () => {
      const from = cluster.now();
      const measured = await measureDuring(cluster, async () => {
        const dropped = await cluster.lab.host("zeus").run(addressScript(serviceAddress, "drop"));
        expect(dropped).toMatchObject({ code: 0 });
        await cluster.until(
          "zeus says that it put the address back",
          () => cluster.nodes.zeus.said(/deleted by a program/, from) !== undefined,
          agreeMs,
        );
        await untilAtRest(cluster, "zeus");
      });
      expect(measured, logsOf(cluster)).toMatchObject({ doubled: [], servedBy: ["zeus"] });
    },
    testMs,
  );

  test("a second daemon is refused with the pid of the first", async () => {
    const { pulse } = await cluster.lab.host("zeus").daemonProcesses();
    const second = await cluster.lab.host("zeus").run([tandemd]);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain(String(pulse));
  });

  test(
    "a clean stop hands over without a lost ping; the clean return, too",
    async () => {
      const stop = await measureDuring(cluster, async () => {
        await cluster.lab.host("zeus").stopDaemon();
        const since = cluster.now();
        await cluster.until(
          "hera serves",
          () => isServedBy(cluster, "hera", since) && isAgreed(cluster, "hera", ["hera"]),
          agreeMs,
        );
      });
      expect(stop, logsOf(cluster)).toMatchObject({ lost: 0, doubled: [] });
      const back = await measureDuring(cluster, async () => {
        await cluster.lab.host("zeus").startDaemon();
        await untilAtRest(cluster, "zeus");
      });
      expect(back, logsOf(cluster)).toMatchObject({ lost: 0, doubled: [] });
    },
    testMs,
  );
});

/** Both of the owner's processes; its service manager starts them again. */
async function killBoth(): Promise<void> {
  const from = cluster.now();
  await cluster.lab.host("zeus").killDaemon("both", "SIGKILL");
  await cluster.until("another daemon", () => isBack(cluster, "zeus", from), agreeMs);
  await cluster.untilTime(cluster.now() + cluster.timers.deadtimeMs);
  await untilAtRest(cluster, "zeus");
}

describe("with a lifetime that outlasts a restart", () => {
  beforeAll(async () => {
    cluster = await Cluster.start({ timers: slowTimers });
    await play("start");
  }, testMs);
  afterAll(close);

  test(
    "pulse and daemon are killed together: what runs is adopted, nothing moves, no ping is lost",
    async () => {
      const from = cluster.now();
      const measured = await measureDuring(cluster, killBoth);
      expectUndisturbed(measured);
      expect(cluster.nodes.zeus.said(/adopted/, from), logsOf(cluster)).toBeDefined();
    },
    testMs,
  );
});
