import { nodeName } from "../../base/names.ts";
import type { ConfigFile } from "../files.ts";
import { nearest } from "../nearest.ts";
import { quoted, wordsOf } from "../source.ts";
import { BLANKS, rawLines } from "./lines.ts";
import { type Report, reasonOf } from "./report.ts";
import type { State } from "./rule.ts";

/**
 * What the daemon says of haresources at its start: it looks at the node of each group and at nothing
 * else. (The rest its script reads at each action, and says then.)
 */
export function judgeHaResources(
  file: ConfigFile,
  { nodes, pingNodes, pacemaker }: State,
  report: Report,
): void {
  if (pacemaker === "instead") return;
  if (file.kind !== "text") {
    report.refuse(undefined, reasonOf(file), "Write it; an empty one will do.");
    return;
  }
  let goesOn = false;
  for (const line of rawLines(file.text)) {
    const [first] = wordsOf(line, BLANKS);
    const isGroup: boolean = !goesOn && first !== undefined && !first.text.startsWith("#");
    // A comment goes on only as part of a group that does.
    goesOn = line.text.endsWith("\\") && (goesOn || isGroup);
    if (!isGroup || first === undefined) continue;
    const name = nodeName(first.text);
    if (nodes.has(name) || pingNodes.has(name)) continue;
    const near = nearest(name, nodes.keys());
    const mend = near === undefined ? "Write a node of ha.cf." : `Write \`${near}\`.`;
    report.refuse(first, `${quoted(first.text)} is not a node of ha.cf, in its full name`, mend);
  }
}
