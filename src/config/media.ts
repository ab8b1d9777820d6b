import type { HaCfDraft, MediumDraft } from "./draft.ts";
import type { InterfaceFact, MachineFacts } from "./files.ts";
import type { Findings } from "./findings.ts";
import { joinMedia, MEDIUM_KINDS } from "./join-media.ts";
import { BEAT_BYTES_MAX, BEAT_BYTES_MIN, lineTimeMs } from "./lifetime.ts";
import { nearest } from "./nearest.ts";
import type { Located, Span } from "./source.ts";
import { seconds } from "./timers.ts";
import type { MediumConfig, Timers } from "./types.ts";

/** Registered for ha-cluster, and Heartbeat's default. */
const PORT_DEFAULT = 694;
const BAUD_DEFAULT = 19_200;

/** The media of ha.cf, each once, with the port and the speed that the whole file says. */
export function mediaOf(
  draft: HaCfDraft,
  failed: ReadonlySet<string>,
  findings: Findings,
): readonly Located<MediumConfig>[] {
  const media = joinMedia(withoutRepeats(draft.media, findings), {
    port: draft.udpport?.value ?? PORT_DEFAULT,
    baud: draft.baud?.value ?? BAUD_DEFAULT,
  });
  // A medium that could not be read is reported already.
  if (!["udp", ...MEDIUM_KINDS].some((name) => failed.has(name)))
    checkNumber(media, draft, findings);
  checkOrder(draft, findings);
  checkReach(draft, findings);
  return media;
}

function withoutRepeats(
  drafts: HaCfDraft["media"],
  findings: Findings,
): readonly Located<MediumDraft>[] {
  const byKey = new Map<string, Located<MediumDraft>>();
  for (const medium of drafts) {
    const key = keyOf(medium.value);
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, medium);
    else {
      const message = `${key} is named in line ${first.at.line} already`;
      findings.warning(medium.at, "duplicate-medium", message);
    }
  }
  return [...byKey.values()];
}

/** What makes two lines one, as a person would say it. */
function keyOf(medium: MediumDraft): string {
  switch (medium.kind) {
    case "bcast":
      return medium.interface;
    case "serial":
      return medium.device;
    case "ucast":
    case "ucast6":
      return `${medium.target} on ${medium.interface}`;
    default:
      return `${medium.group} port ${medium.port} on ${medium.interface}`;
  }
}

function checkNumber(
  media: readonly Located<MediumConfig>[],
  draft: HaCfDraft,
  findings: Findings,
): void {
  const [only] = media;
  const cables = new Set(media.map(({ value }) => cableOf(value)));
  if (only === undefined) {
    const message = "no medium: neither serial nor bcast, ucast, mcast, ucast6, mcast6";
    findings.error(undefined, "no-media", message);
  } else if (cables.size === 1 && draft.nodes.length > 1)
    findings.hint(
      only.at,
      "single-medium",
      `${cableOf(only.value)} is the only cable between the nodes`,
    );
}

function cableOf(medium: MediumConfig): string {
  return medium.kind === "serial" ? medium.device : medium.interface;
}

function checkReach({ media }: HaCfDraft, findings: Findings): void {
  for (const { value, at } of media)
    if ("ttl" in value && value.ttl === 0)
      findings.warning(
        at,
        "multicast-stays-here",
        `with TTL 0 nothing of ${value.group} leaves this machine`,
      );
}

/** Heartbeat applies both only to the media below them: worth knowing while a Heartbeat is the peer. */
function checkOrder(draft: HaCfDraft, findings: Findings): void {
  const { baud, udpport, media } = draft;
  const above = (kind: string, at: Span) =>
    media.some((medium) => medium.value.kind === kind && medium.at.line < at.line);
  if (baud !== undefined && baud.value !== BAUD_DEFAULT && above("serial", baud.at))
    findings.hint(
      baud.at,
      "baud-after-serial",
      `the serial line runs at ${baud.value} baud here; a Heartbeat runs it at ${BAUD_DEFAULT}, since baud stands below it`,
    );
  const early = ["bcast", "ucast", "ucast6"].find((kind) => udpport && above(kind, udpport.at));
  if (udpport !== undefined && udpport.value !== PORT_DEFAULT && early !== undefined)
    findings.hint(
      udpport.at,
      "udpport-after-media",
      `${early} uses port ${udpport.value} here; a Heartbeat uses ${PORT_DEFAULT}, since udpport stands below it`,
    );
}

/** How much of a serial line one beat takes, and what that does to keepalive (safety.md 8). */
export function explainLineTime(
  media: readonly Located<MediumConfig>[],
  timers: Timers,
  findings: Findings,
): void {
  for (const { value: medium, at } of media) {
    if (medium.kind !== "serial") continue;
    const shortest = lineTimeMs(BEAT_BYTES_MIN, medium.baud);
    const longest = lineTimeMs(BEAT_BYTES_MAX, medium.baud);
    const everyMs = Math.max(timers.keepaliveMs, 4 * longest);
    const sum = `at ${medium.baud} baud a beat takes ${tenths(shortest)} to ${tenths(longest)}: with this line alone a beat every ${tenths(everyMs)}`;
    if (everyMs * 2 < timers.deadtimeMs) findings.hint(at, "line-time", sum);
    else
      findings.warning(
        at,
        "line-time",
        `${sum}, too slow for deadtime ${seconds(timers.deadtimeMs)}`,
      );
  }
}

function tenths(ms: number): string {
  return seconds(Math.round(ms / 10) * 10);
}

/** What this machine says to the media: interfaces and devices. */
export function checkMediaHere(
  media: readonly Located<MediumConfig>[],
  facts: MachineFacts,
  findings: Findings,
): void {
  for (const { value: medium, at } of media) {
    if (medium.kind === "serial") checkSerial(medium.device, at, facts, findings);
    else checkInterface(medium, at, facts, findings);
    if (medium.kind === "ucast") checkTargets(medium.targets, at, facts, findings);
  }
}

type InterfaceMedium = Exclude<MediumConfig, { kind: "serial" }>;

function checkInterface(
  medium: InterfaceMedium,
  at: Span,
  facts: MachineFacts,
  findings: Findings,
): void {
  const { kind, interface: name } = medium;
  const here = facts.interfaces.find((one) => one.name === name);
  const problem = here === undefined ? undefined : reachesNobody(here, kind);
  const needsIPv4 = kind === "bcast" || kind === "ucast" || kind === "mcast";
  if (here === undefined) reportMissing(name, at, facts, findings);
  else if (problem !== undefined)
    findings.error(at, "interface-without-broadcast", `${name} ${problem}`);
  else if (needsIPv4 && here.addresses.length === 0)
    // A crossover cable whose other end is off has no carrier: no reason to refuse the file.
    findings.warning(
      at,
      "interface-without-address",
      `${name} is down, without carrier or without an IPv4 address now`,
    );
}

/** The daemon starts without it, and looks for it again and again. */
function reportMissing(name: string, at: Span, facts: MachineFacts, findings: Findings): void {
  const names = facts.interfaces.filter((one) => !one.isLoopback).map((one) => one.name);
  const near = nearest(name, names);
  // eth0 is no misspelt eth1: only another spelling is worth suggesting.
  const isTypo = near !== undefined && stem(near) !== stem(name);
  const message = `this machine has no interface ${name}; it has ${names.slice(0, 8).join(", ") || "none"}`;
  const mend = isTypo ? `Write \`${near}\`.` : undefined;
  if (facts.isStarting) findings.warning(at, "no-such-interface", message, mend);
  else findings.error(at, "no-such-interface", message, mend);
}

/** Our own address is left out: something must be left. */
function checkTargets(
  targets: readonly string[],
  at: Span,
  facts: MachineFacts,
  findings: Findings,
): void {
  const own = facts.interfaces.flatMap((one) => one.addresses.map(({ address }) => address));
  if (targets.every((target) => own.includes(target)))
    findings.warning(at, "only-own-address", `${targets.join(", ")} is this machine itself`);
}

function stem(name: string): string {
  return name.replace(/\d+$/, "");
}

function reachesNobody(
  { isLoopback, addresses }: InterfaceFact,
  kind: InterfaceMedium["kind"],
): string | undefined {
  if (isLoopback) return "is the loopback interface: nobody else hears it";
  if (kind !== "bcast") return undefined;
  // RFC 3021: a /31 has no broadcast address, a /32 is alone.
  if (addresses.length > 0 && addresses.every((one) => one.prefix >= 31))
    return "has only point-to-point addresses: no broadcast";
  return undefined;
}

function checkSerial(device: string, at: Span, facts: MachineFacts, findings: Findings): void {
  const kind = facts.devices.get(device);
  if (kind === "missing")
    findings.warning(
      at,
      "serial-missing",
      `${device} is not there: the pair runs without this cable`,
    );
  if (kind === "other")
    findings.warning(
      at,
      "not-a-device",
      `${device} is no character device: the pair runs without it`,
    );
}
