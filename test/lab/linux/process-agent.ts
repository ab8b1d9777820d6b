import { execFileSync } from "node:child_process";
import { requestRealtime } from "../../../src/linux/scheduling.ts";
import { report } from "../netns.ts";

/** What it says about real-time scheduling, and what its child is told by the kernel. */
await report(() => {
  const answer = requestRealtime(10);
  const childsPolicy = execFileSync("cat", ["/proc/self/stat"], { encoding: "utf8" });
  // proc(5): the policy is field 41; the second field may hold spaces, so count after its bracket.
  const policy = childsPolicy.slice(childsPolicy.lastIndexOf(")") + 2).split(" ")[38];
  return { answer, childsPolicy: policy };
});
