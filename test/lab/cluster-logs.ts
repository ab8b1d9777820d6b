import type { Cluster } from "../../src/lab/story/cluster.ts";

/** The end of both nodes' logs, for whoever reads a failure. */
export function logsOf({ nodes }: Cluster): string {
  return [nodes.zeus, nodes.hera]
    .flatMap(({ name, log }) =>
      log.slice(-40).map(({ at, level, text }) => `${name} ${Math.round(at)} ${level}: ${text}`),
    )
    .join("\n");
}
