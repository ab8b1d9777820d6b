import { encodeMuting, type MutedAddress } from "./nftables/message.ts";
import { transact } from "./nftables/socket.ts";
import { isSysError } from "./sys.ts";

/**
 * Muting an address: it stays on the machine and its connections live on, but ARP neither answers
 * for it nor names it (handover.md, steps 1 and 5). It is a table of nf_tables' arp family, named
 * tandem_mute, spoken to by netlink: a bare machine has no `nft`. It stays when this process dies;
 * whoever starts next sets what he wants.
 */

export type { MutedAddress } from "./nftables/message.ts";

/** A batch has its own numbers; the socket is new each time. */
const FIRST_SEQUENCE = 1;

/**
 * Mutes exactly these addresses from now on, in one transaction; none: the table goes. Throws a
 * SysError and leaves the former list in force where the kernel refuses.
 */
export function setMuted(muted: readonly MutedAddress[]): void {
  const what = muted.length === 0 ? "unmute ARP" : `mute ARP for ${listOf(muted)}`;
  transact(what, encodeMuting(muted, { first: FIRST_SEQUENCE, commit: true }));
}

/**
 * Whether this kernel can mute, here and now: it checks the very rules, for an address of the
 * documentation's (RFC 5737), and forgets them again. `why` is a sentence for status and log.
 */
export function arpMuteSupported(): { readonly ok: boolean; readonly why: string } {
  const example = [{ address: "192.0.2.1", ownAddress: "192.0.2.2" }];
  try {
    transact("mute ARP", encodeMuting(example, { first: FIRST_SEQUENCE, commit: false }));
    return { ok: true, why: "" };
  } catch (error) {
    if (!isSysError(error)) throw error;
    return { ok: false, why: error.message };
  }
}

function listOf(muted: readonly MutedAddress[]): string {
  return muted.map((one) => one.address).join(", ");
}
