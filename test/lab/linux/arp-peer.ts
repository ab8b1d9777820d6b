import dgram from "node:dgram";
import { probeArp } from "../../../src/linux/arp.ts";
import { setMuted } from "../../../src/linux/arp-mute.ts";
import { addAddress } from "../../../src/linux/netlink/address.ts";
import { findLink, setUp } from "../../../src/linux/netlink/link.ts";
import type { MutedAddress } from "../../../src/linux/nftables/message.ts";

/** Hera: does as she is told, one message after another, and answers each. */

interface Order {
  readonly setUp?: string;
  readonly addresses?: readonly string[];
  readonly mute?: readonly MutedAddress[];
  /** Send a datagram from this address to one that nobody has: the kernel must ask for its MAC. */
  readonly sendFrom?: string;
  /** Listen for who speaks of this address. */
  readonly listenFor?: string;
}

let name = "";
process.send?.({ ready: true });
process.on("message", (order) => {
  void obey(order as Order).then((answer) => process.send?.({ answer }));
});
process.on("disconnect", () => process.exit());

async function obey(order: Order): Promise<unknown> {
  if (order.setUp !== undefined) {
    name = order.setUp;
    for (const address of order.addresses ?? []) {
      addAddress({ interface: name, address, prefix: 24 });
    }
    setUp(name);
    return findLink(name)?.mac;
  }
  if (order.mute !== undefined) return setMuted(order.mute);
  if (order.listenFor !== undefined) {
    const heard = await probeArp(name, order.listenFor, { tries: 5, spacingMs: 60 });
    return heard.answers.map((answer) => answer.mac);
  }
  const socket = dgram.createSocket("udp4");
  await new Promise<void>((bound) => socket.bind({ address: order.sendFrom ?? "" }, bound));
  await new Promise((sent) => socket.send("hello", 9, "192.168.43.88", sent));
  await new Promise<void>((closed) => socket.close(closed));
  return "sent";
}
