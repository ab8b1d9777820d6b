import type { Chance } from "./chance.ts";
import type { Fault } from "./fault-words.ts";
import { cableOf } from "./network.ts";
import { SIDES, type Side } from "./station.ts";
import { USUAL_JITTER_MS } from "./way.ts";
import type { World } from "./world.ts";

/** What goes wrong together, and what repairs it after some time; no repairs for what is over at once. */
export interface Harm {
  readonly faults: readonly Fault[];
  readonly repairs: readonly Fault[];
}

/** What may go wrong next. Kinds are weighed by how much they can teach, not by how often they happen. */
export function drawHarm(world: World, chance: Chance): Harm {
  const side = chance.pick(SIDES);
  const draws = WEIGHTED[Math.floor(chance.next() * WEIGHTED.length)] ?? cableHarm;
  return draws(world, chance, side);
}

type Draw = (world: World, chance: Chance, side: Side) => Harm;

function cableHarm(world: World, chance: Chance, side: Side): Harm {
  const medium = chance.pick([...world.network.segments, ...world.network.serials]).name;
  switch (chance.integer(0, 3)) {
    case 0:
      return both({ kind: "cut-cable", medium, side }, { kind: "mend-cable", medium, side });
    case 1:
      return both({ kind: "cut-way", medium, side }, { kind: "mend-way", medium, side });
    case 2:
      return both({ kind: "block", medium, side }, { kind: "unblock", medium, side });
    default:
      return both({ kind: "split-lan" }, { kind: "join-lan" });
  }
}

/** Every medium at once, and often the LAN too: what two machines cannot tell from a death. */
function partitionHarm(world: World, chance: Chance, side: Side): Harm {
  const names = [...new Set(world.config.media.map(cableOf))];
  const hidesArp = chance.happens(0.6);
  const media = hidesArp ? [...new Set([...names, "eth1"])] : names;
  const how = chance.pick([CABLE, ONE_WAY, ...(hidesArp ? [] : [FIREWALL])]);
  const faults: Fault[] = media.map((medium) => ({ kind: how[0], medium, side }));
  const repairs: Fault[] = media.map((medium) => ({ kind: how[1], medium, side }));
  if (!hidesArp) return { faults, repairs };
  return {
    faults: [...faults, { kind: "split-lan" }],
    repairs: [...repairs, { kind: "join-lan" }],
  };
}

const CABLE = ["cut-cable", "mend-cable"] as const;
const ONE_WAY = ["cut-way", "mend-way"] as const;
const FIREWALL = ["block", "unblock"] as const;

/** Loss, duplication, jitter. */
function lineHarm(world: World, chance: Chance): Harm {
  const medium = chance.pick([...world.network.segments, ...world.network.serials]).name;
  switch (chance.integer(0, 2)) {
    case 0: {
      const rates = medium.startsWith("/") ? [0.01, 0.1, 0.3] : [0.05, 0.2, 0.35, 0.9];
      const amount = chance.pick(rates);
      return both({ kind: "loss", medium, amount }, { kind: "loss", medium, amount: 0 });
    }
    case 1: {
      const amount = chance.pick([0.1, 0.5, 1]);
      return both(
        { kind: "duplication", medium, amount },
        { kind: "duplication", medium, amount: 0 },
      );
    }
    default: {
      const amount = Math.round(chance.betweenMagnitudes(2, world.config.timers.keepaliveMs));
      return both(
        { kind: "jitter", medium, amount },
        { kind: "jitter", medium, amount: USUAL_JITTER_MS },
      );
    }
  }
}

function processHarm(world: World, chance: Chance, side: Side): Harm {
  const process = chance.pick(["pulse", "daemon", "both"] as const);
  switch (chance.integer(0, 2)) {
    case 0:
      return once({ kind: "kill", process, side });
    case 1:
      return both({ kind: "stop", process, side }, { kind: "cont", process, side });
    default: {
      const longest = world.config.timers.deadtimeMs * 1.5;
      const amount = Math.round(chance.betweenMagnitudes(20, longest));
      return once({ kind: "stall", process, side, amount });
    }
  }
}

function powerHarm(_world: World, chance: Chance, side: Side): Harm {
  switch (chance.integer(0, 3)) {
    case 0:
      return both({ kind: "freeze", side }, { kind: "thaw", side });
    case 1:
      return once({ kind: "reboot", side });
    default:
      return both({ kind: "power-cut", side }, { kind: "power-on", side });
  }
}

function resourceHarm(_world: World, chance: Chance, side: Side): Harm {
  const op = chance.pick(["start", "stop"] as const);
  switch (chance.integer(0, 3)) {
    case 0:
      return both({ kind: "service-fails", op, side }, { kind: "service-works", op, side });
    case 1:
      return both({ kind: "service-hangs", op, side }, { kind: "service-works", op, side });
    case 2:
      return once({ kind: "service-dies", side });
    default:
      return once({ kind: "delete-address", side });
  }
}

function machineHarm(_world: World, chance: Chance, side: Side): Harm {
  switch (chance.integer(0, 3)) {
    case 0:
      return both({ kind: "disk-fails", side }, { kind: "disk-works", side });
    case 1: {
      const amount = chance.pick([-86_400, -3_600, -5, 5, 3_600, 86_400]);
      return once({ kind: "clock-jump", side, amount });
    }
    case 2:
      return both({ kind: "stranger" }, { kind: "no-stranger" });
    default:
      return both({ kind: "proxy" }, { kind: "no-proxy" });
  }
}

function operatorHarm(_world: World, chance: Chance, side: Side): Harm {
  const set = chance.pick(["all", "local", "foreign"] as const);
  switch (chance.integer(0, 3)) {
    case 0:
      return once({ kind: "takeover", set, side });
    case 1:
      return both({ kind: "clean-stop", side }, { kind: "start", side });
    default:
      return once({ kind: "standby", set, side });
  }
}

function packetHarm(world: World, chance: Chance, side: Side): Harm {
  const medium = chance.pick([...world.network.segments, ...world.network.serials]).name;
  return once({ kind: chance.pick(["replay", "garbage"]), medium, side });
}

/** Each as often as its weight. */
const WEIGHTED: readonly Draw[] = [
  ...Array<Draw>(6).fill(cableHarm),
  ...Array<Draw>(3).fill(partitionHarm),
  ...Array<Draw>(2).fill(lineHarm),
  ...Array<Draw>(6).fill(processHarm),
  ...Array<Draw>(3).fill(powerHarm),
  ...Array<Draw>(3).fill(resourceHarm),
  machineHarm,
  ...Array<Draw>(4).fill(operatorHarm),
  packetHarm,
];

function both(fault: Fault, repair: Fault): Harm {
  return { faults: [fault], repairs: [repair] };
}

function once(fault: Fault): Harm {
  return { faults: [fault], repairs: [] };
}
