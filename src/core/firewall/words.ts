import { unreachable } from "../../base/assert.ts";
import type { NodeName } from "../../base/names.ts";
import type { Obstacle } from "./look.ts";
import { iptablesRule, type Passage } from "./rules.ts";

/** An obstacle in the operator's words: the same sentence in log and status. */
export interface ToldObstacle extends Pick<Obstacle, "medium" | "direction"> {
  readonly text: string;
  /** To be said once when it is gone. */
  readonly over: string;
}

export interface Place extends Omit<Passage, "direction"> {
  readonly peer: NodeName;
}

/** Where the rule is missing: on this machine, or on the peer's. */
export function isHere({ cause }: Obstacle): boolean {
  return cause === "dropped-here" || cause === "refused-here" || cause === "stuck-here";
}

/** `rules`: the commands that let it through on this machine; empty: no rule of it was found. */
export function told(obstacle: Obstacle, place: Place, rules: readonly string[]): ToldObstacle {
  const { medium, direction } = obstacle;
  const sender = direction === "in" ? place.peer : "this node";
  const what = `what ${sender} sends to UDP port ${place.port}`;
  const text = `medium ${medium}: ${what} ${trouble(obstacle, place)}; ${mend(obstacle, place, rules)}`;
  const over = `medium ${medium}: ${what} is no longer kept back, as far as can be seen`;
  return { medium, direction, text, over };
}

function trouble({ cause, medium }: Obstacle, { peer, interface: name }: Place): string {
  switch (cause) {
    case "dropped-here":
      return `comes to ${name} and is dropped on this machine before it is heard`;
    case "nothing-arrives":
      return `does not come to ${name}, though ${peer} hears this node there: it is dropped on ${peer} or on the way`;
    case "refused-here":
      return `is refused by this machine (EPERM)`;
    case "stuck-here":
      return `does not leave ${name}: it is dropped on this machine`;
    case "dropped-there":
      return `leaves ${name} and is not heard on ${medium} of ${peer}: it is dropped there or on the way`;
    default:
      return unreachable(cause);
  }
}

function mend(obstacle: Obstacle, place: Place, rules: readonly string[]): string {
  if (!isHere(obstacle)) {
    const chain = obstacle.direction === "in" ? "OUTPUT" : "INPUT";
    const tool = place.family === 4 ? "iptables" : "ip6tables";
    const rule = iptablesRule(place, { tool, table: "filter", chain });
    return `allow it on ${place.peer}: \`${rule}\`, or what \`tandem status\` names there`;
  }
  if (rules.length > 0) return `allow it here: ${rules.map((rule) => `\`${rule}\``).join(" and ")}`;
  return `no rule of nft or iptables was found that does it: see ${whatElse(obstacle, place).join(" and ")}`;
}

/** What drops without a rule of nft or iptables, and the commands that show it. */
function whatElse({ direction }: Obstacle, { interface: name }: Place): readonly string[] {
  return direction === "in"
    ? [`\`tc filter show dev ${name} ingress\``, "`nstat -az TcpExtIPReversePathFilter`"]
    : [`\`tc filter show dev ${name} egress\``, `\`tc -s qdisc show dev ${name}\``];
}
