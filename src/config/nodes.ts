import { type NodeName, nodeName } from "../base/names.ts";
import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import type { Located } from "./source.ts";

/** Tandem keeps a pair. */
const NODES_MAX = 2;

/** The nodes in the order of the file: one or two, different, `own` among them when it is known. */
export function nodesOf(
  named: readonly Located<NodeName>[],
  own: string | undefined,
  findings: Findings,
): readonly NodeName[] {
  const byName = new Map<NodeName, Located<NodeName>>();
  for (const node of named) {
    const first = byName.get(node.value);
    if (first === undefined) byName.set(node.value, node);
    else
      findings.error(
        node.at,
        "duplicate-node",
        `${node.value} is named in line ${first.at.line} already`,
      );
  }
  const nodes = [...byName.values()];
  for (const node of nodes.slice(NODES_MAX))
    findings.error(node.at, "too-many-nodes", `${node.value} is one node more than a pair has`);
  const [only, second] = nodes;
  if (only === undefined) findings.error(undefined, "no-nodes", "no line names a node");
  else if (second === undefined && named.length === 1)
    findings.hint(only.at, "one-node", `${only.value} is the only node: nobody can take over`);
  const names = nodes.map((node) => node.value);
  if (own !== undefined && only !== undefined) checkOwn(own, names, only, findings);
  return names;
}

function checkOwn(
  own: string,
  names: readonly NodeName[],
  first: Located<NodeName>,
  findings: Findings,
): void {
  if (names.includes(nodeName(own))) return;
  const near = nearest(own, names);
  const mend =
    near === undefined
      ? `Write \`node ${own}\` on both machines, or use one of these names as this machine's.`
      : `Write \`node ${own}\` for \`node ${near}\` on both machines, or here \`hostnamectl set-hostname ${near}\`.`;
  findings.error(
    first.at,
    "own-node-missing",
    `this machine is ${own} (uname -n); the nodes are ${names.join(", ")}`,
    mend,
  );
}
