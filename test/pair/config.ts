import { type GroupName, groupName, type NodeName, nodeName } from "../../src/base/names.ts";
import type { ClusterConfig } from "../../src/config/types.ts";

export const ZEUS: NodeName = nodeName("zeus.example.com");
export const HERA: NodeName = nodeName("hera.example.com");
export const WWW: GroupName = groupName("192.168.43.53");

/** The pair of the tutorial, with timers that keep a test short. */
export function tutorialConfig(patch: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    nodes: [ZEUS, HERA],
    timers: { keepaliveMs: 200, warntimeMs: 600, deadtimeMs: 3000, initdeadMs: 10_000 },
    media: [],
    autoFailback: "on",
    groups: [
      {
        name: WWW,
        preferred: ZEUS,
        resources: [
          {
            kind: "address",
            name: WWW,
            address: WWW,
            prefix: undefined,
            interface: undefined,
            label: undefined,
            broadcast: undefined,
          },
          { kind: "script", name: "httpd", script: "httpd", args: [] },
        ],
      },
    ],
    pings: { nodes: [], deadMs: 12_000 },
    keys: { active: 1, keys: [{ number: 1, method: "crc", key: "" }] },
    watchdog: undefined,
    respawn: [],
    ipfail: false,
    notRun: [],
    log: { logfile: undefined, debugfile: undefined, logfacility: undefined },
    hopfudge: 1,
    msgfmt: "classic",
    realtime: true,
    tandem: { mode: "availability", autoFailbackNow: false, onProbeAnswer: "check" },
    ...patch,
  };
}
