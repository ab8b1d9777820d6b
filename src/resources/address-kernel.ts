import { announce } from "../linux/arp.ts";
import { setMuted } from "../linux/arp-mute.ts";
import { bootTimeMs } from "../linux/clock.ts";
import { addAddress, deleteAddress, listAddresses } from "../linux/netlink/address.ts";
import { listLinks } from "../linux/netlink/link.ts";
import { whilePromoting } from "../linux/promote-secondaries.ts";

/** What an address needs of the kernel; tests put a machine of their own here. All calls take effect at once. */
export interface AddressKernel {
  readonly addAddress: typeof addAddress;
  readonly deleteAddress: typeof deleteAddress;
  readonly whilePromoting: typeof whilePromoting;
  readonly listAddresses: typeof listAddresses;
  readonly listLinks: typeof listLinks;
  readonly announce: typeof announce;
  readonly setMuted: typeof setMuted;
  /** Milliseconds of CLOCK_BOOTTIME. */
  readonly now: () => number;
}

/** The machine itself. Each call but `now` throws a SysError where the kernel refuses. */
export const KERNEL: AddressKernel = {
  addAddress,
  deleteAddress,
  whilePromoting,
  listAddresses,
  listLinks,
  announce,
  setMuted,
  now: bootTimeMs,
};
