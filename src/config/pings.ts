import type { HaCfDraft } from "./draft.ts";
import type { MachineFacts } from "./files.ts";
import type { Findings } from "./findings.ts";
import type { Located } from "./source.ts";
import type { PingConfig, PingNodeConfig, Timers } from "./types.ts";

/** The ping nodes of ha.cf, each once, none called like a node. */
export function pingsOf(
  draft: HaCfDraft,
  timers: Timers,
  facts: MachineFacts | undefined,
  findings: Findings,
): PingConfig {
  const byName = new Map<string, Located<PingNodeConfig>>();
  const nodes = new Set<string>(draft.nodes.map(({ value }) => value));
  for (const ping of draft.pings) {
    const { name } = ping.value;
    const first = byName.get(name);
    if (nodes.has(name)) {
      const message = `${name} is a node of the cluster: whether it answers says nothing of the network`;
      findings.error(ping.at, "ping-of-a-node", message);
    } else if (first !== undefined) {
      const message = `ping node ${name} is named in line ${first.at.line} already`;
      findings.warning(ping.at, "duplicate-ping-node", message);
    } else {
      byName.set(name, ping);
      checkHere(ping, facts, findings);
    }
  }
  return {
    nodes: [...byName.values()].map(({ value }) => value),
    deadMs: draft.times.deadping?.value ?? timers.deadtimeMs,
  };
}

/** This machine answers itself whatever becomes of its cables. */
function checkHere(
  { value, at }: Located<PingNodeConfig>,
  facts: MachineFacts | undefined,
  findings: Findings,
): void {
  const own = facts?.interfaces.flatMap((one) => one.addresses.map(({ address }) => address)) ?? [];
  const ours = value.hosts.filter((host) => own.includes(host));
  if (ours.length > 0)
    findings.warning(at, "only-own-address", `${ours.join(", ")} is this machine itself`);
}
