import { writeFileSync } from "node:fs";
import { mediumName } from "../../src/base/names.ts";
import { addAddress } from "../../src/linux/netlink/address.ts";
import {
  createVeth,
  moveToNetns,
  renameLink,
  setMac,
  setUp,
} from "../../src/linux/netlink/link.ts";
import type { Medium, MediumCallbacks } from "../../src/media/medium.ts";
import { openPing } from "../../src/media/ping.ts";
import { openUdp } from "../../src/media/udp.ts";
import type { UdpConfig } from "../../src/media/udp-ways.ts";
import { startAgent } from "../lab/netns.ts";
import { localEnd } from "./medium-end.ts";
import { remoteEnd, serveEnds } from "./medium-rpc.ts";

/**
 * Two namespaces and a cable: the left end here, the right end in an agent that this one starts. The
 * first argument is the kind of medium; both ends have the same configuration, as two nodes do.
 */

const ETH1 = { name: mediumName("eth1"), interface: "eth1", port: 694 };
const IPV4 = { left: "10.10.10.1", right: "10.10.10.2" };
/** The kernel makes link-local addresses of the MACs. */
const MACS = { left: "02:00:00:00:00:01", right: "02:00:00:00:00:02" };
const IPV6 = { left: "fe80::ff:fe00:1", right: "fe80::ff:fe00:2" };

const CONFIGS: Readonly<Record<UdpConfig["kind"], UdpConfig>> = {
  bcast: { kind: "bcast", ...ETH1 },
  ucast: { kind: "ucast", ...ETH1, targets: Object.values(IPV4) },
  ucast6: { kind: "ucast6", ...ETH1, targets: Object.values(IPV6) },
  mcast: { kind: "mcast", ...ETH1, group: "225.0.0.1", ttl: 1, loop: false },
  mcast6: { kind: "mcast6", ...ETH1, group: "ff02::694", ttl: 1, loop: false },
};

const [kind = "bcast", side] = process.argv.slice(2);
const end = localEnd((callbacks) => open(callbacks));

function open(callbacks: MediumCallbacks): Medium {
  if (kind !== "ping") return openUdp(CONFIGS[kind as UdpConfig["kind"]], callbacks);
  const host = side === "right" ? IPV4.left : IPV4.right;
  return openPing({ name: host, kind: "ping", hosts: [host] }, callbacks);
}

if (side === "right") {
  serveEnds({ right: end });
} else {
  const right = await startAgent(new URL(import.meta.url), { args: [kind, "right"] });
  process.on("exit", () => right.process.kill("SIGKILL"));
  createVeth("eth1", "cable");
  moveToNetns("cable", right.pid);
  right.send({ plug: true });
  await right.next();
  bringUp("left");
  serveEnds({ left: end, right: remoteEnd(right.process, "right") });
}
process.on("message", (message) => {
  if (!(message as { plug?: boolean }).plug) return;
  renameLink("cable", "eth1");
  bringUp("right");
  process.send?.({ plugged: true });
});
process.send?.({ ready: true });

function bringUp(which: "left" | "right"): void {
  // Else the kernel would try for a second whether its link-local address is free.
  for (const name of ["all", "eth1"]) {
    writeFileSync(`/proc/sys/net/ipv6/conf/${name}/accept_dad`, "0");
  }
  setMac("eth1", MACS[which]);
  addAddress({ interface: "eth1", address: IPV4[which], prefix: 24 });
  setUp("eth1");
}
