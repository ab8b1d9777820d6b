import { groupName, mediumName, nodeName } from "../base/names.ts";
import type {
  AddressConfig,
  AuthMethod,
  ClusterConfig,
  GroupConfig,
  MediumConfig,
  ResourceConfig,
  Timers,
} from "../config/types.ts";
import type { Chance } from "./chance.ts";

/**
 * A pair as somebody might have configured it: timers, media, groups and policies from the dice. What is
 * rare has dice of its own, so that everything else falls as it would without.
 */
export function drawConfig(chance: Chance, rareDice?: Chance): ClusterConfig {
  const timers = drawTimers(chance);
  return {
    nodes: [ZEUS, HERA],
    timers,
    media: drawMedia(chance, timers),
    // They have dice of their own (draw-pings.ts): drawn here they would reshuffle every seed.
    pings: { nodes: [], deadMs: timers.deadtimeMs },
    autoFailback: chance.pick(["on", "on", "off", "legacy"]),
    groups: drawGroups(chance).map((group) => withDisk(group, rareDice)),
    keys: drawKeys(chance),
    watchdog: undefined,
    respawn: [],
    ipfail: false,
    notRun: [],
    log: { logfile: undefined, debugfile: undefined, logfacility: undefined },
    hopfudge: 1,
    msgfmt: chance.happens(0.3) ? "netstring" : "classic",
    realtime: true,
    tandem: {
      mode: chance.happens(0.12) ? "safety" : "availability",
      autoFailbackNow: chance.happens(0.2),
      onProbeAnswer: "check",
    },
  };
}

const ZEUS = nodeName("zeus.example.com");
const HERA = nodeName("hera.example.com");

/** Keepalive between 50 ms and 2 s; deadtime at least three keepalives and the floor of platform.md 4. */
function drawTimers(chance: Chance): Timers {
  const keepaliveMs = Math.round(chance.betweenMagnitudes(50, 2_000));
  const beats = chance.betweenMagnitudes(3, 10);
  const deadtimeMs = Math.round(Math.max(500, keepaliveMs * beats));
  const warntimeMs = Math.round(chance.between(keepaliveMs * 1.2, deadtimeMs * 0.8));
  const initdeadMs = Math.round(deadtimeMs * chance.between(2, 4));
  return { keepaliveMs, warntimeMs, deadtimeMs, initdeadMs };
}

function drawMedia(chance: Chance, timers: Timers): readonly MediumConfig[] {
  const lan = bcast("eth0");
  const crossover = bcast("eth1");
  const sets: (readonly MediumConfig[])[] = [
    [crossover, NULL_MODEM],
    [NULL_MODEM, crossover],
    [crossover],
    [crossover, lan],
    [crossover, lan, NULL_MODEM],
    [lan],
  ];
  if (timers.keepaliveMs >= 1_000) sets.push([NULL_MODEM]);
  return chance.pick(sets);
}

function bcast(name: string): MediumConfig {
  return { kind: "bcast", name: mediumName(name), interface: name, port: 694 };
}

const NULL_MODEM: MediumConfig = {
  kind: "serial",
  name: mediumName("/dev/ttyS1"),
  device: "/dev/ttyS1",
  baud: 9600,
};

function drawGroups(chance: Chance): readonly GroupConfig[] {
  const count = chance.pick([1, 1, 1, 2, 3]);
  return Array.from({ length: count }, (_, index) => {
    const preferred = index === 0 ? ZEUS : chance.pick([ZEUS, HERA]);
    const address = addressAt(`192.168.43.${53 + index}`);
    const scripts = Array.from({ length: chance.integer(0, 2) }, (_unused, n) =>
      scriptOf(`service${index}${n}`),
    );
    const resources: readonly ResourceConfig[] = [address, ...scripts];
    return { name: groupName(address.name), preferred, resources };
  });
}

/** Now and then the first service of a group is a filesystem, which may be mounted on one machine only. */
function withDisk(group: GroupConfig, dice: Chance | undefined): GroupConfig {
  if (dice?.happens(0.25) !== true) return group;
  const [address, , ...behind] = group.resources;
  if (address === undefined || group.resources.length < 2) return group;
  const { name } = group;
  const disk: ResourceConfig = {
    kind: "script",
    name: `disk of ${name}`,
    script: "Filesystem",
    args: [],
  };
  return { ...group, resources: [address, disk, ...behind] };
}

function addressAt(address: string): AddressConfig {
  const unset = { prefix: undefined, interface: undefined, label: undefined, broadcast: undefined };
  return { kind: "address", name: address, address, ...unset };
}

function scriptOf(name: string): ResourceConfig {
  return { kind: "script", name, script: name, args: [] };
}

function drawKeys(chance: Chance): ClusterConfig["keys"] {
  const method = chance.pick<AuthMethod>(["crc", "md5", "sha1", "sha256"]);
  return { active: 1, keys: [{ number: 1, method, key: method === "crc" ? "" : "secret" }] };
}
