import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Status } from "../../src/control/client/index.ts";
import { tandem } from "../../src/lab/paths.ts";
import { peerOf } from "../../src/lab/story/conditions.ts";
import { MixedCluster } from "./mixed-cluster.ts";

/**
 * A firewall on Tandem's machine drops UDP 694, beside a real Heartbeat. That node does not say whom it
 * hears: all there is to go by is what comes to the interface, and what the kernel refuses to send.
 */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

const media = `bcast eth1
baud 9600
serial /dev/ttyS1`;
/** The bound of the promise. */
const foundMs = 30_000;

const onTandem = (argv: readonly string[]) => cluster.lab.host(cluster.tandem).run(argv);

async function status(): Promise<Status> {
  return JSON.parse((await onTandem([tandem, "status", "--json"])).stdout) as Status;
}

const linksOf = (now: Status) =>
  Object.fromEntries((peerOf(now)?.links ?? []).map((link) => [link.medium, link.status]));

test.each([
  {
    way: "inward",
    chain: 'hook input priority 0; iifname "eth1" udp dport 694 drop;',
    words:
      /what hera\.example\.com sends to UDP port 694 comes to eth1 and is dropped on this machine/,
    link: "dead",
  },
  {
    way: "outward",
    chain: 'hook output priority 0; oifname "eth1" udp dport 694 drop;',
    words: /what this node sends to UDP port 694 is refused by this machine/,
    link: "up",
  },
])("$way: the rule is named, what is named mends it, and nothing moves", async (trouble) => {
  cluster = await MixedCluster.start("zeus", { media });
  const { heartbeat, tandemLog } = cluster;
  await Promise.all([heartbeat.start(), cluster.startTandem()]);
  await cluster.servedBy("zeus");
  await heartbeat.log.line(/remote resource transition completed/);
  await tandemLog.line(/is stable/);

  const rule = `table inet lab { chain c { type filter ${trouble.chain} }; }`;
  expect(await onTandem(["nft", rule])).toMatchObject({ code: 0 });
  const tooLate = sleep(foundMs, "nothing was said", { ref: false });
  const said = await Promise.race([tandemLog.line(/UDP port 694/), tooLate]);
  expect(said).toMatch(trouble.words);
  if (trouble.link === "dead") await tandemLog.line(/Link hera\.example\.com:eth1 dead/);
  else await heartbeat.log.line(/Link zeus\.example\.com:eth1 dead/);
  const now = await status();
  expect(now.verdict).toContain("degraded: 192.168.43.53 on zeus.example.com");
  expect(now.degraded.filter((text) => trouble.words.test(text))).toHaveLength(1);
  expect(linksOf(now)).toEqual({ eth1: trouble.link, "/dev/ttyS1": "up" });

  const [, mend = "false"] = /allow it here: `(.*)`/.exec(said) ?? [];
  await Promise.all([tandemLog.mark(), heartbeat.log.mark()]);
  expect(await onTandem(["sh", "-c", mend])).toMatchObject({ code: 0 });
  await tandemLog.line(/UDP port 694 is no longer kept back/);
  if (trouble.link === "dead") await tandemLog.line(/Link hera\.example\.com:eth1 up/);
  else await heartbeat.log.line(/Link zeus\.example\.com:eth1 up/);
  await cluster.keptBy("zeus", 1_000);
  for (const log of [tandemLog, heartbeat.log])
    expect(await log.whole()).not.toMatch(/node (zeus|hera)\.example\.com: is dead/);
  expect(cluster.doubles()).toEqual([]);
});
