import { hostLayouts, type NodeHost } from "../../layout.ts";
import { bothStart, type PeerEvent, usual } from "./event.ts";
import type { Pair } from "./pair.ts";

/** The owner loses a ping node, and reaches it again. */

const pingNode = "192.168.43.201";

export const ipfail: PeerEvent = {
  ...usual,
  name: "ipfail",
  settings: {
    autoFailback: "on",
    lines: `deadping 2\nping ${pingNode}\nrespawn hacluster /usr/libexec/heartbeat/ipfail`,
  },
  begin: async (pair) => {
    await onClient(pair, "address", "add", `${pingNode}/24`, "dev", "eth0");
    await bothStart(pair);
    await untilCompared(pair);
  },
  play: async (pair, step) => {
    await step("cut-off", async () => {
      await onClient(pair, "neigh", "replace", ...neighbour("zeus"), "lladdr", "02:00:00:00:99:99");
      await pair.untilRest("hera");
    });
    await step("back", async () => {
      await onClient(pair, "neigh", "del", ...neighbour("zeus"));
      await pair.untilRest("zeus");
    });
  },
};

/** A real node's ipfail has compared its count with the other's, and has nothing left to give up. */
async function untilCompared(pair: Pair): Promise<void> {
  const { cluster } = pair;
  const compared = /^(Ping node count is balanced|No giveup timer to abort)/;
  await cluster.until(
    "ipfail has compared",
    () => pair.of("heartbeat").some((node) => cluster.nodes[node].said(compared, 0) !== undefined),
    comparedMs,
  );
  await cluster.untilTime(cluster.now() + 2 * cluster.timers.deadtimeMs);
}

const comparedMs = 60_000;

/** The ping node sends its answers to that host to nobody; clients of the service notice nothing. */
async function onClient(pair: Pair, ...words: readonly string[]): Promise<void> {
  const { code, stderr } = await pair.cluster.lab.host("client").run(["ip", ...words]);
  if (code !== 0) throw new Error(`ip ${words.join(" ")}: ${stderr}`);
}

const neighbour = (node: NodeHost): readonly string[] => [
  hostLayouts[node].interfaces[0]?.address ?? "",
  "dev",
  "eth0",
];
