import { ClusterNode } from "../daemon/node.ts";
import { PulseLoop } from "../pulse/loop.ts";
import type { Programs } from "./programs.ts";

/** The loops that run on real machines. */
export const SHIPPED: Programs = {
  pulse: (environment) => new PulseLoop(environment),
  node: (environment) => new ClusterNode(environment),
};
