import { assert } from "../base/assert.ts";
import type { Fault, FaultDetails, FaultKind } from "./fault-words.ts";
import type { Host } from "./host.ts";
import type { SimProcess } from "./process.ts";
import type { Segment } from "./segment.ts";
import type { SerialLine } from "./serial-line.ts";
import { SIDES, type Side } from "./station.ts";
import { healthyWay } from "./way.ts";
import type { World } from "./world.ts";

/** Does it. What cannot be done at the moment (killing what is dead) does nothing. */
export function applyFault(world: World, fault: Fault): void {
  ACTIONS[fault.kind](world, complete(fault));
  world.disturbed();
}

/** Everything repaired and started; where the services are and what was decided stays. */
export function healAll(world: World): void {
  for (const cable of [...world.network.segments, ...world.network.serials]) healCable(cable);
  world.network.strangers.holder = undefined;
  world.network.strangers.proxyMac = undefined;
  world.network.pingNodes.heal();
  for (const host of world.hosts) healHost(host);
  world.disturbed();
}

type Action = (world: World, details: FaultDetails) => void;

const ACTIONS: Readonly<Record<FaultKind, Action>> = {
  "cut-cable": (world, { medium, side }) => cableOf(world, medium).plug(side, false),
  "mend-cable": (world, { medium, side }) => cableOf(world, medium).plug(side, true),
  "cut-way": (world, { medium, side }) => setWay(world, { medium, side }, { isCut: true }),
  "mend-way": (world, { medium, side }) => setWay(world, { medium, side }, { isCut: false }),
  block: (world, { medium, side }) => setWay(world, { medium, side }, { isBlocked: true }),
  unblock: (world, { medium, side }) => setWay(world, { medium, side }, { isBlocked: false }),
  "split-lan": (world) => world.network.lan.split(true),
  "join-lan": (world) => world.network.lan.split(false),
  loss: (world, { medium, amount }) => setBoth(world, medium, { loss: amount }),
  duplication: (world, { medium, amount }) => setBoth(world, medium, { duplication: amount }),
  jitter: (world, { medium, amount }) => setBoth(world, medium, { jitterMs: amount }),
  replay: (world, { medium, side }) => {
    const cable = cableOf(world, medium);
    for (const bytes of [...cable.overheard]) cable.inject(side, bytes);
  },
  garbage: (world, { medium, side }) => {
    const length = world.chance.integer(1, 1_400);
    const bytes = Uint8Array.from({ length }, () => world.chance.integer(0, 255));
    cableOf(world, medium).inject(side, bytes);
  },
  "power-cut": (world, { side }) => world.hosts[side].powerCut(),
  "power-on": (world, { side }) => world.hosts[side].powerOn(BOOT_MS),
  reboot: (world, { side }) => reboot(world, world.hosts[side]),
  freeze: (world, { side }) => world.hosts[side].running?.clock.freeze(),
  thaw: (world, { side }) => world.hosts[side].running?.clock.thaw(),
  kill: (world, details) => each(world, details, (one) => one.end({ signal: "SIGKILL" })),
  stop: (world, details) => each(world, details, (one) => one.stop()),
  cont: (world, details) => each(world, details, (one) => one.cont()),
  stall: (world, details) => each(world, details, (one) => one.stall(details.amount)),
  "slow-renewal": (world, { side, amount }) => {
    world.hosts[side].nextRenewalMs = amount;
  },
  "lose-questions": (world, { side, amount }) => {
    world.hosts[side].questionsLost = amount;
  },
  "service-fails": (world, { side, op }) => setMoods(world.hosts[side], op, "fails"),
  "service-hangs": (world, { side, op }) => setMoods(world.hosts[side], op, "hangs"),
  "service-works": (world, { side, op }) => setMoods(world.hosts[side], op, "works"),
  "service-dies": (world, { side }) => {
    for (const service of world.hosts[side].running?.services.values() ?? []) service.die();
  },
  "disk-fails": (world, { side }) => {
    world.hosts[side].disk.isFailing = true;
  },
  "disk-works": (world, { side }) => {
    world.hosts[side].disk.isFailing = false;
  },
  "clock-jump": (world, { side, amount }) => {
    world.hosts[side].wallOffsetMs += amount * 1000;
  },
  "delete-address": (world, { side }) => {
    // Nothing runs on a paused machine, no program either.
    const kernel = world.hosts[side].isAwake() ? world.hosts[side].running?.kernel : undefined;
    for (const held of kernel?.all ?? []) kernel?.removeByProgram(held.group);
  },
  stranger: (world) => {
    const address = firstAddress(world);
    world.network.strangers.holder = { address, mac: STRANGER_MAC };
  },
  "no-stranger": (world) => {
    world.network.strangers.holder = undefined;
  },
  proxy: (world) => {
    world.network.strangers.proxyMac = PROXY_MAC;
  },
  "no-proxy": (world) => {
    world.network.strangers.proxyMac = undefined;
  },
  "ping-nodes-off": (world) => {
    world.network.pingNodes.areAllOff = true;
  },
  "ping-nodes-on": (world) => {
    world.network.pingNodes.areAllOff = false;
  },
  "ping-node-off": (world, { node }) => world.network.pingNodes.switch(node, false),
  "ping-node-on": (world, { node }) => world.network.pingNodes.switch(node, true),
  "hide-ping-node": (world, { node, side }) => world.network.pingNodes.hide(node, side),
  "show-ping-node": (world, { node, side }) => world.network.pingNodes.show(node, side),
  standby: (world, { side, set }) =>
    world.hosts[side].running?.daemon?.request({ kind: "standby", set }),
  takeover: (world, { side, set }) =>
    world.hosts[side].running?.daemon?.request({ kind: "takeover", set }),
  "clean-stop": (world, { side }) => {
    world.hosts[side].isClusterWanted = false;
    world.hosts[side].running?.stopCluster();
  },
  start: (world, { side }) => {
    world.hosts[side].isClusterWanted = true;
    world.hosts[side].running?.startCluster();
  },
};

function complete(fault: Fault): FaultDetails {
  const unnamed = { medium: "", node: "", side: 0, process: "both", op: "start" } as const;
  return { ...unnamed, set: "all", amount: 0, ...fault };
}

function cableOf(world: World, name: string): Segment | SerialLine {
  const cable = world.network.cable(name);
  assert(cable !== undefined, `the world has a cable ${name}`);
  return cable;
}

function setWay(
  world: World,
  { medium, side }: { medium: string; side: Side },
  knobs: { isCut?: boolean; isBlocked?: boolean },
): void {
  Object.assign(cableOf(world, medium).ways[side], knobs);
}

function setBoth(
  world: World,
  medium: string,
  knobs: { loss?: number; duplication?: number; jitterMs?: number },
): void {
  for (const side of SIDES) Object.assign(cableOf(world, medium).ways[side], knobs);
}

/** A clean stop, then the power goes and comes back. */
function reboot(world: World, host: Host): void {
  const machine = host.running;
  if (machine === undefined) return;
  machine.stopCluster();
  const powerOffWhenStopped = (polls: number): void => {
    if (host.running !== machine) return;
    if (machine.isStopping && polls < REBOOT_POLLS_MAX) {
      machine.clock.after(REBOOT_POLL_MS, () => powerOffWhenStopped(polls + 1));
      return;
    }
    // The rest of the shutdown: file systems are written back before the power goes. A machine that is
    // paused meanwhile does that when it goes on, and comes up again after it.
    machine.clock.after(SHUTDOWN_MS, () => {
      host.powerCut();
      world.queue.after(OFF_MS, () => host.powerOn(BOOT_MS));
    });
  };
  powerOffWhenStopped(0);
}

function each(
  world: World,
  { side, process }: FaultDetails,
  act: (one: Pick<SimProcess<never>, "end" | "stop" | "cont" | "stall">) => void,
): void {
  const machine = world.hosts[side].running;
  const pulse = machine?.pulse?.process;
  const daemon = machine?.daemon?.process;
  if (process !== "daemon" && pulse !== undefined) act(pulse);
  if (process !== "pulse" && daemon !== undefined) act(daemon);
}

function setMoods(host: Host, op: "start" | "stop", how: "works" | "fails" | "hangs"): void {
  for (const mood of host.moods.values()) mood[op] = how;
}

function firstAddress(world: World): string {
  for (const group of world.config.groups) {
    for (const resource of group.resources) {
      if (resource.kind === "address") return resource.address;
    }
  }
  return "192.168.43.53";
}

function healCable(cable: Segment | SerialLine): void {
  for (const side of SIDES) {
    Object.assign(cable.ways[side], healthyWay());
    cable.plug(side, true);
  }
  if ("split" in cable) cable.split(false);
}

function healHost(host: Host): void {
  host.disk.isFailing = false;
  host.nextRenewalMs = 0;
  host.questionsLost = 0;
  host.isClusterWanted = true;
  setMoods(host, "start", "works");
  setMoods(host, "stop", "works");
  host.powerOn(BOOT_MS);
  const machine = host.running;
  machine?.clock.thaw();
  machine?.pulse?.process.cont();
  machine?.daemon?.process.cont();
  machine?.startCluster();
}

/** From power to the start of services: short, for there is nothing to learn from waiting. */
export const BOOT_MS = 3_000;
const SHUTDOWN_MS = 1_500;
const OFF_MS = 1_000;
const REBOOT_POLL_MS = 100;
/** A shutdown that waits longer than this for us goes on without us: three minutes. */
const REBOOT_POLLS_MAX = 1_800;
const STRANGER_MAC = "02:00:00:00:99:00";
const PROXY_MAC = "02:00:00:00:98:00";
