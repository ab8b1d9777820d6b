import { outermost, startAgent } from "../lab/netns.ts";
import { behavesAsMedium } from "./medium.ts";
import { remoteEnd } from "./medium-rpc.ts";

for (const kind of ["bcast", "ucast", "ucast6", "mcast", "mcast6"] as const) {
  behavesAsMedium(`UDP ${kind} between two network namespaces`, async () => {
    const agent = await startAgent(new URL("./ip-medium-agent.ts", import.meta.url), {
      flags: outermost,
      args: [kind],
    });
    return {
      left: remoteEnd(agent.process, "left"),
      right: remoteEnd(agent.process, "right"),
      close: () => agent.stop(),
    };
  });
}
