import type { PingReport } from "../channel/report.ts";

/**
 * What this node reaches outside the pair. So far it is known and shown; a node that sees fewer ping
 * nodes than the other one will give its groups from here.
 */
export function withPing(pings: readonly PingReport[], report: PingReport): readonly PingReport[] {
  const isKnown = pings.some((ping) => ping.node === report.node);
  return isKnown
    ? pings.map((ping) => (ping.node === report.node ? report : ping))
    : [...pings, report];
}
