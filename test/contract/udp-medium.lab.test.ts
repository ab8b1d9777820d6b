import { outermost, startAgent } from "../lab/netns.ts";
import { behavesAsMedium } from "./medium.ts";
import { remoteEnd } from "./medium-rpc.ts";

behavesAsMedium("UDP broadcast between two network namespaces", async () => {
  const agent = await startAgent(new URL("./udp-medium-agent.ts", import.meta.url), {
    flags: outermost,
  });
  return {
    left: remoteEnd(agent.process, "left"),
    right: remoteEnd(agent.process, "right"),
    close: () => agent.stop(),
  };
});
