import type { HaCfDraft } from "./draft.ts";
import type { InterfaceFact, MachineFacts } from "./files.ts";
import type { Findings } from "./findings.ts";
import { BEAT_BYTES_MAX, BEAT_BYTES_MIN, lineTimeMs } from "./lifetime.ts";
import { nearest } from "./nearest.ts";
import type { Located, Span } from "./source.ts";
import { seconds } from "./timers.ts";
import type { MediumConfig, Timers } from "./types.ts";

/** Registered for ha-cluster, and Heartbeat's default. */
const PORT_DEFAULT = 694;
const BAUD_DEFAULT = 19_200;

/** The media of ha.cf, each cable once, with the port and the speed that the whole file says. */
export function mediaOf(
  draft: HaCfDraft,
  failed: ReadonlySet<string>,
  findings: Findings,
): readonly Located<MediumConfig>[] {
  const byName = new Map<string, Located<MediumConfig>>();
  for (const { value: medium, at } of draft.media) {
    const first = byName.get(medium.name);
    if (first === undefined) byName.set(medium.name, { value: withNumbers(medium, draft), at });
    else
      findings.warning(
        at,
        "duplicate-medium",
        `${medium.name} is named in line ${first.at.line} already`,
      );
  }
  const media = [...byName.values()];
  // A medium that could not be read is reported already.
  if (!["bcast", "udp", "serial"].some((name) => failed.has(name)))
    checkNumber(media, draft, findings);
  checkOrder(draft, findings);
  return media;
}

function withNumbers(
  { kind, name }: HaCfDraft["media"][number]["value"],
  draft: HaCfDraft,
): MediumConfig {
  return kind === "bcast"
    ? { kind, name, interface: name, port: draft.udpport?.value ?? PORT_DEFAULT }
    : { kind, name, device: name, baud: draft.baud?.value ?? BAUD_DEFAULT };
}

function checkNumber(
  media: readonly Located<MediumConfig>[],
  draft: HaCfDraft,
  findings: Findings,
): void {
  const [only, second] = media;
  if (only === undefined) {
    const message = "no medium that this version runs: neither bcast nor serial";
    findings.error(undefined, "no-media", message);
  } else if (second === undefined && draft.nodes.length > 1)
    findings.hint(
      only.at,
      "single-medium",
      `${only.value.name} is the only cable between the nodes`,
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
  if (udpport !== undefined && udpport.value !== PORT_DEFAULT && above("bcast", udpport.at))
    findings.hint(
      udpport.at,
      "udpport-after-media",
      `bcast uses port ${udpport.value} here; a Heartbeat uses ${PORT_DEFAULT}, since udpport stands below it`,
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
    if (medium.kind === "bcast") checkInterface(medium.interface, at, facts, findings);
    else checkSerial(medium.device, at, facts, findings);
  }
}

function checkInterface(name: string, at: Span, facts: MachineFacts, findings: Findings): void {
  const here = facts.interfaces.find((one) => one.name === name);
  const problem = here === undefined ? undefined : withoutBroadcast(here);
  if (here === undefined) {
    const names = facts.interfaces.filter((one) => !one.isLoopback).map((one) => one.name);
    const near = nearest(name, names);
    // eth0 is no misspelt eth1: only another spelling is worth suggesting.
    const isTypo = near !== undefined && stem(near) !== stem(name);
    findings.error(
      at,
      "no-such-interface",
      `this machine has no interface ${name}; it has ${names.slice(0, 8).join(", ") || "none"}`,
      isTypo ? `Write \`${near}\`.` : undefined,
    );
  } else if (problem !== undefined)
    findings.error(at, "interface-without-broadcast", `${name} ${problem}`);
  else if (here.addresses.length === 0)
    // A crossover cable whose other end is off has no carrier: no reason to refuse the file.
    findings.warning(
      at,
      "interface-without-address",
      `${name} is down, without carrier or without an IPv4 address now`,
    );
}

function stem(name: string): string {
  return name.replace(/\d+$/, "");
}

function withoutBroadcast({ isLoopback, addresses }: InterfaceFact): string | undefined {
  if (isLoopback) return "is the loopback interface: nobody else hears it";
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
