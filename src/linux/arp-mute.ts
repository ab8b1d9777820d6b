import { encodeMuting, type MutedAddress } from "./nftables/message.ts";
import { transact } from "./nftables/socket.ts";

/**
 * Muting an address: it stays on the machine and its connections live on, but ARP neither answers
 * for it nor names it (handover.md, steps 1 and 5). It is a table of nf_tables' arp family, named
 * tandem_mute, spoken to by netlink: a bare machine has no `nft`. It stays when this process dies;
 * whoever starts next sets what he wants.
 */

export type { MutedAddress } from "./nftables/message.ts";

/**
 * Mutes exactly these addresses from now on, in one transaction; none: the table goes. Throws a
 * SysError and leaves the former list in force where the kernel refuses.
 */
export function setMuted(muted: readonly MutedAddress[]): void {
  const what = muted.length === 0 ? "unmute ARP" : `mute ARP for ${listOf(muted)}`;
  transact(what, encodeMuting(muted));
}

function listOf(muted: readonly MutedAddress[]): string {
  return muted.map((one) => one.address).join(", ");
}
