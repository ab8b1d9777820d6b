import type { Status } from "../../control/client/index.ts";
import type { NodeHost } from "../layout.ts";
import { type Cluster, nodeHosts } from "./cluster.ts";
import { servingNode } from "./measure.ts";

/** What the nodes call the cables between them. */
export const crossover = "eth1";
export const nullModem = "/dev/ttyS1";
const allMedia: readonly string[] = [crossover, nullModem];

/** How long the pair may take to agree on anything that is not a death. */
export const agreeMs = 20_000;

/** The client is served by this node alone: its ARP, its ping, its page. */
export const isServedBy = (cluster: Cluster, node: NodeHost, since = 0): boolean =>
  servingNode(cluster, since) === node;

/** Every node that runs says that this one owns the group, and is done with moving it. */
export function isAgreed(
  cluster: Cluster,
  owner: NodeHost,
  who: readonly NodeHost[] = nodeHosts,
): boolean {
  return who.every((name) => {
    const { group } = cluster.nodes[name];
    const rests = name === owner ? "holding" : "free";
    return group?.owner === cluster.nodes[owner].fullName && group.state === rests;
  });
}

/** Both nodes hear each other, both ways, over these media. */
export function isHeardOver(cluster: Cluster, media: readonly string[] = allMedia): boolean {
  return nodeHosts.every((name) =>
    media.every((medium) => linkStatus(cluster, name, medium) === "up"),
  );
}

/** How a node finds the other one over a medium. */
export function linkStatus(cluster: Cluster, name: NodeHost, medium: string): string | undefined {
  const { status } = cluster.nodes[name];
  const links = (status === undefined ? undefined : peerOf(status))?.links ?? [];
  return links.find((link) => link.medium === medium)?.status;
}

/** What a status says of the other node. */
export const peerOf = (status: Status): Status["nodes"][number] | undefined =>
  status.nodes.find((node) => node.name !== status.node);

/** The daemon of a node was gone after `since`, and one runs again. */
export function isBack(cluster: Cluster, node: NodeHost, since: number): boolean {
  const { goneAt, status } = cluster.nodes[node];
  return goneAt >= since && status !== undefined;
}

/** Waits until the pair is as it should be at rest, with this owner. */
export async function untilAtRest(
  cluster: Cluster,
  owner: NodeHost,
  media: readonly string[] = allMedia,
): Promise<void> {
  await cluster.until(
    `the pair at rest, ${owner} serving`,
    () => isAgreed(cluster, owner) && isHeardOver(cluster, media) && isServedBy(cluster, owner),
    agreeMs + cluster.timers.initdeadMs,
  );
}
