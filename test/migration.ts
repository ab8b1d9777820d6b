import { mediumName, type NodeName, nodeName } from "../src/base/names.ts";
import type { MigrationFacts } from "../src/cli/migrate/facts.ts";
import { type MigrationReport, reportOf } from "../src/cli/migrate/report.ts";
import type { Way } from "../src/cli/migrate/situation.ts";
import type { Step } from "../src/cli/migrate/step.ts";
import type { ConfigFiles, MachineFacts } from "../src/config/files.ts";
import type { NodeStatus, Status } from "../src/control/client/index.ts";

/** What `tandem migrate` may find on a machine of the tutorial's pair; hera, unless told otherwise. */
export const ZEUS: NodeName = nodeName("zeus.example.com");
export const HERA: NodeName = nodeName("hera.example.com");
export const ADDRESS = "192.168.43.53";

/** What 3.0.6 runs with. */
export const HA_CF = `keepalive 2
deadtime 12
initdead 30
auto_failback on
bcast eth1
node zeus.example.com hera.example.com
`;

export interface Given {
  readonly own?: NodeName;
  readonly hacf?: string;
  readonly haresources?: string;
  readonly authkeys?: string;
  /** Service addresses on this machine now. */
  readonly present?: readonly string[];
  readonly heartbeat?: Partial<MigrationFacts["heartbeat"]>;
  readonly tandem?: Partial<MigrationFacts["tandem"]>;
  readonly daemon?: MigrationFacts["daemon"];
  readonly init?: MigrationFacts["init"];
  readonly home?: string;
  readonly configDir?: string;
  readonly scripts?: MachineFacts["scripts"];
}

/** Heartbeat runs. */
export const RUNS = { pid: 28 };
/** It is stopped, and out of the boot. */
export const GONE = {
  pid: undefined,
  start: { service: { kind: "init-script", path: "/etc/init.d/heartbeat" }, atBoot: false },
} as const;

export function factsOf(given: Given): MigrationFacts {
  const { own = HERA, present = [] } = given;
  const eth = (name: string, ...addresses: readonly string[]) => ({
    name,
    isLoopback: false,
    addresses: addresses.map((address) => ({ address, prefix: 24 })),
  });
  const interfaces = [eth("eth0", "192.168.43.52", ...present), eth("eth1", "10.10.10.2")];
  return {
    configDir: given.configDir ?? "/etc/ha.d",
    own,
    files: filesOf(given),
    machine: {
      nodeName: own,
      interfaces,
      devices: new Map(),
      scripts:
        given.scripts ??
        new Map([
          ["httpd", { found: true, via: "httpd", where: "/etc/init.d/httpd", atBoot: false }],
        ]),
      programs: new Map(),
    },
    forHeartbeat: { nodeName: own, interfaces, answers: [] },
    heartbeat: {
      program: "/usr/libexec/heartbeat/heartbeat",
      pid: undefined,
      start: { service: { kind: "init-script", path: "/etc/init.d/heartbeat" }, atBoot: true },
      nodeInfo: undefined,
      identity: { uuid: "00112233445566778899aabbccddeeff", generation: 1_795_342_362 },
      ...given.heartbeat,
    },
    tandem: {
      start: { service: { kind: "none" }, atBoot: false },
      identity: { uuid: undefined, generation: undefined },
      ...given.tandem,
    },
    daemon: given.daemon ?? { kind: "stopped" },
    init: given.init ?? { hasSystemd: false, bootTool: "update-rc.d" },
    home: given.home ?? "/opt/tandem",
  };
}

function filesOf(given: Given): ConfigFiles {
  const text = (name: string, content: string, mode: number) =>
    ({ kind: "text", name: `/etc/ha.d/${name}`, text: content, mode }) as const;
  return {
    hacf: text("ha.cf", given.hacf ?? HA_CF, 0o644),
    haresources: text("haresources", given.haresources ?? `${ZEUS} ${ADDRESS} httpd\n`, 0o644),
    authkeys: text("authkeys", given.authkeys ?? "auth 1\n1 sha1 Tr0ub4dor\n", 0o600),
    tandemcf: { kind: "missing", name: "/etc/ha.d/tandem.cf" },
  };
}

/** Tandem runs on hera, and sees zeus so. */
export function running(
  owner: string | undefined,
  peer: Partial<NodeStatus>,
  more: Partial<Status> = {},
): Extract<MigrationFacts["daemon"], { readonly kind: "status" }> {
  const links = [{ medium: mediumName("eth1"), status: "up", ageMs: 10 }] as const;
  const self = { name: HERA, status: "active", dialect: "self", heardAtMs: undefined, links: [] };
  const zeus = { name: ZEUS, status: "active", dialect: "plain", heardAtMs: 1, links, ...peer };
  const group = {
    ...{ name: ADDRESS, preferred: ZEUS, owner, state: "free", sinceMs: 0, since: 0 },
    ...{ reason: "", epoch: 1, resources: [] },
  };
  const status = {
    ...{ schema: "tandem.status/1", node: HERA, state: "active", verdict: "", health: "healthy" },
    ...{ degraded: [], nodes: [zeus, self], groups: [group], media: [], pings: [] },
    ...{ discarded: {}, realtime: "", notRun: [], ...more },
  };
  return { kind: "status", status: status as unknown as Status };
}

/** Of all that was found. */
export function reported(given: Given, way: Way = "to-tandem"): MigrationReport {
  return reportOf(factsOf(given), way);
}

/** The step whose turn has come. */
export function nextOf({ steps }: MigrationReport): Step | undefined {
  return steps.find(({ state }) => state === "next");
}
