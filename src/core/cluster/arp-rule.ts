/**
 * The ARP rule (safety.md 4): before an address is taken on silence, it is probed on the shared
 * segments. A probe never proves absence; but an answer proves that somebody's kernel holds it. The
 * hard case is the peer's own MAC: its kernel lives, so either its lease has not yet run out (wait
 * and probe again) or its pulse renews and only the media are cut (leave it alone).
 */
import type { ProbeResult } from "./world.ts";

export type ArpVerdict =
  | { readonly kind: "clear" }
  /** Answered by the peer's own hardware: probe again when its lease must have run out. */
  | { readonly kind: "peer-answers"; readonly macs: readonly string[] }
  /** Answered by hardware that is not known to be the peer's. */
  | { readonly kind: "stranger"; readonly macs: readonly string[] }
  /** The probe says nothing here: a proxy answers for everything, or nothing could be probed. */
  | { readonly kind: "worthless"; readonly why: string };

export function judgeProbe(result: ProbeResult, peerMacs: readonly string[]): ArpVerdict {
  if (result.failed) return { kind: "worthless", why: "no interface could be probed" };
  if (result.answers.length === 0) return { kind: "clear" };
  const macs = [...new Set(result.answers.map((answer) => answer.mac))];
  // Before the proxy: it may stand on one segment while the peer itself answers on another.
  if (macs.some((mac) => peerMacs.includes(mac))) return { kind: "peer-answers", macs };
  if (result.proxied)
    return { kind: "worthless", why: "an unused address is answered too (a proxy)" };
  // A peer that this machine has never heard has hardware that it does not know: most likely this.
  if (peerMacs.length === 0) return { kind: "peer-answers", macs };
  return { kind: "stranger", macs };
}
