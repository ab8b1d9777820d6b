import type { GroupConfig } from "../config/types.ts";
import { isExclusive } from "../core/cluster/exclusive.ts";
import type { Host } from "./host.ts";
import { DEADLINE_MS, type SimService } from "./service.ts";
import type { Side } from "./station.ts";
import type { World } from "./world.ts";

/** May run on one machine only, and would not stop here: nobody else gets it. */
export function isHeldBack(host: Host, group: GroupConfig): boolean {
  if (!isExclusive(group)) return false;
  return group.resources.some((_, index) => {
    const key = `${group.name}/${index}`;
    const resists = (host.moods.get(key)?.stop ?? "works") !== "works";
    return resists || host.running?.services.get(key)?.hasResisted === true;
  });
}

/**
 * Would this machine, which is up and well, take the group if it were given to it now? Not while a script
 * hangs on either, and not for a while after a start has failed here.
 */
export function couldTake(world: World, side: Side, group: GroupConfig): boolean {
  const host = world.hosts[side];
  const startsWork = group.resources.every(
    (_, index) => (host.moods.get(`${group.name}/${index}`)?.start ?? "works") === "works",
  );
  const isFree = !isHeldBack(host, group) && !isStillMounted(host, group);
  const hasPath = world.network.lan.hasCarrier(side);
  if (!startsWork || !isFree || !hasPath) return false;
  const isHanging = world.hosts.some((each) => hangs(each, group));
  return !isHanging && !hasFailedLately(host, group);
}

function isStillMounted(host: Host, group: GroupConfig): boolean {
  return isExclusive(group) && servicesOf(host, group).some(({ isUp }) => isUp);
}

/** No operation that ends of itself takes so long. */
function hangs(host: Host, group: GroupConfig): boolean {
  const now = host.running?.clock.now() ?? 0;
  return servicesOf(host, group).some(({ freeAt }) => freeAt - now > SLOWEST_MS);
}

function hasFailedLately(host: Host, group: GroupConfig): boolean {
  const now = host.running?.clock.now() ?? 0;
  return servicesOf(host, group).some(
    ({ failedStartAt }) => failedStartAt !== undefined && now - failedStartAt < UNABLE_MS,
  );
}

function servicesOf(host: Host, group: GroupConfig): readonly SimService[] {
  return group.resources.flatMap((_, index) => {
    const service = host.running?.services.get(`${group.name}/${index}`);
    return service === undefined ? [] : [service];
  });
}

/** Some operations in line; a deadline is some times as long. */
const SLOWEST_MS = DEADLINE_MS / 4;
/** What had started is stopped again, perhaps only at its deadline; then a pause of 30 s (core/cluster/releasing.ts). */
const UNABLE_MS = DEADLINE_MS + 32_000;
