import { randomInt } from "node:crypto";
import type { Probe, ProbeResult } from "../core/cluster/world.ts";
import { probeArp } from "../linux/arp.ts";
import { formatIpv4, ipv4Bytes } from "../linux/ipv4.ts";
import { isSysError } from "../linux/sys.ts";

/** For a path and for control addresses: a sleeping host or a busy switch gets this long. */
const ONCE: Look = { tries: 1, spacingMs: 100 };
/** One unused address may by chance be somebody's; two by chance answered by the same MAC are a proxy. */
const CONTROLS = 2;

type Answers = ProbeResult["answers"];

type Look = Pick<Extract<Probe, { kind: "address" }>, "tries" | "spacingMs">;

/** Where and for what to ask. */
export interface ProbeTarget {
  /** All interfaces that both machines may be on. */
  readonly interfaces: readonly string[];
  readonly address: string;
  /** Asks in this name; undefined: in nobody's, so that nobody learns from the question. */
  readonly senderIp: string | undefined;
}

/** Asks the segments (safety.md 4). Never rejects for what a network does. */
export async function runProbe(
  probe: Probe,
  target: ProbeTarget,
  /** Tests put a segment of their own here. */
  arp: typeof probeArp = probeArp,
): Promise<ProbeResult> {
  const look = probe.kind === "address" ? probe : ONCE;
  const ask = askerOf(arp);
  const asked = await Promise.all(
    target.interfaces.map((name) => ask(name, target.address, look, target.senderIp)),
  );
  const heard = asked.filter((answers) => answers !== undefined);
  if (heard.length === 0) return { answers: [], proxied: false, failed: true };
  const answers = heard.flat();
  const proxied = probe.kind === "address" && (await isProxied(answers, target.address, ask));
  return { answers, proxied, failed: false };
}

type Ask = ReturnType<typeof askerOf>;

/** Asks one segment; undefined: the question could not be asked there. */
function askerOf(arp: typeof probeArp) {
  return async (
    name: string,
    address: string,
    { tries, spacingMs }: Look,
    senderIp?: string,
  ): Promise<Answers | undefined> => {
    const sender = senderIp === undefined ? {} : { senderIp };
    try {
      return (await arp(name, address, { tries, spacingMs, ...sender })).answers;
    } catch (error) {
      if (!isSysError(error)) throw error;
      return undefined;
    }
  };
}

/** Whoever answers for addresses that nobody has answers for all: his word is worthless. */
async function isProxied(answers: Answers, address: string, ask: Ask): Promise<boolean> {
  const [first] = answers;
  if (first === undefined) return false;
  const controls = await Promise.all(
    unusedNear(address).map((unused) => ask(first.interface, unused, ONCE)),
  );
  return controls.every((heard) => heard?.some((one) => one.mac === first.mac) ?? false);
}

/** Addresses of the same /24, by chance; not the address itself, nor its network's first and last. */
function unusedNear(address: string): readonly string[] {
  const bytes = ipv4Bytes(address);
  const taken = new Set([bytes[3] ?? 0]);
  while (taken.size <= CONTROLS) taken.add(randomInt(1, 255));
  return [...taken]
    .slice(1)
    .map((last) => formatIpv4(Uint8Array.of(...bytes.subarray(0, 3), last)));
}
