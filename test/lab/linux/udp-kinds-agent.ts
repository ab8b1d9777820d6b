import { mediumName } from "../../../src/base/names.ts";
import { addAddress } from "../../../src/linux/netlink/address.ts";
import { createVeth, deleteLink, setUp } from "../../../src/linux/netlink/link.ts";
import { openUdp } from "../../../src/media/udp.ts";
import type { UdpConfig } from "../../../src/media/udp-ways.ts";
import { localEnd, type MediumEnd } from "../../contract/medium-end.ts";
import { report } from "../netns.ts";

/** Media of several kinds on one end of a cable with nobody at the other. */

const name = mediumName("eth1");
const ETH1 = { name, interface: "eth1", port: 694 };
const end = (config: UdpConfig): MediumEnd => localEnd((callbacks) => openUdp(config, callbacks));
const group = { kind: "mcast", ...ETH1, group: "225.0.0.1", ttl: 1 } as const;

function plugIn(): void {
  createVeth("eth1", "plug");
  setUp("plug");
  addAddress({ interface: "eth1", address: "10.10.10.1", prefix: 24 });
  setUp("eth1");
}

/** Both are open; each says something, the second last. What each has heard then. */
async function heardSideBySide(): Promise<readonly string[]> {
  const multicast = end({ ...group, loop: true });
  const broadcast = end({ kind: "bcast", ...ETH1 });
  for (const one of [multicast, broadcast]) {
    await one.open();
    await one.state(true);
  }
  await multicast.send("to the group;", true);
  await broadcast.send("to all;", true);
  const heard = [await multicast.heard(";"), await broadcast.heard("all;")];
  for (const one of [multicast, broadcast]) await one.close();
  return heard;
}

/** A multicast without loop beside one with it: what the former has heard once the latter has heard. */
async function heardWithoutLoop(): Promise<string> {
  const silent = end({ ...group, loop: false });
  const witness = end({ kind: "bcast", ...ETH1 });
  await silent.open();
  await silent.state(true);
  await witness.open();
  await witness.state(true);
  await silent.send("nobody hears it;", true);
  await witness.send("later;", true);
  await witness.heard("later;");
  const heard = await silent.heard("");
  await silent.close();
  await witness.close();
  return heard;
}

async function rejoined(): Promise<string> {
  const multicast = end({ ...group, loop: true });
  await multicast.open();
  await multicast.state(true);
  deleteLink("eth1");
  await multicast.detail("no such interface");
  plugIn();
  await multicast.detail("225.0.0.1:694");
  await multicast.send("after;", true);
  const heard = await multicast.heard("after;");
  await multicast.close();
  return heard;
}

async function sentence(targets: readonly string[], ending: string): Promise<string> {
  const unicast = end({ kind: "ucast", ...ETH1, targets });
  await unicast.open();
  const found = await unicast.detail(ending);
  await unicast.close();
  return found;
}

await report(async () => {
  plugIn();
  return {
    sideBySide: await heardSideBySide(),
    withoutLoop: await heardWithoutLoop(),
    onlyOurselves: await sentence(["10.10.10.1"], "our own"),
    both: await sentence(["10.10.10.1", "10.10.10.2"], ":694"),
    unknownName: await sentence(["no-such-host.invalid"], ")"),
    oneUnknownName: await sentence(["10.10.10.2", "no-such-host.invalid"], ")"),
    rejoined: await rejoined(),
  };
});
