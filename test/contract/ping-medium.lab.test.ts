import { outermost, startAgent } from "../lab/netns.ts";
import { behavesAsMedium } from "./medium.ts";
import { remoteEnd } from "./medium-rpc.ts";

/**
 * Each end pings the other's machine, whose kernel sends everything back: what one end says is heard
 * where it came from. So the ends listen crosswise.
 */
behavesAsMedium("ICMP echo between two network namespaces", async () => {
  const agent = await startAgent(new URL("./ip-medium-agent.ts", import.meta.url), {
    flags: outermost,
    args: ["ping"],
  });
  const left = remoteEnd(agent.process, "left");
  const right = remoteEnd(agent.process, "right");
  return {
    left: { ...left, heard: right.heard },
    right: { ...right, heard: left.heard },
    close: () => agent.stop(),
  };
});
