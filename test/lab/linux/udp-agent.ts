import { mediumName } from "../../../src/base/names.ts";
import { addAddress, deleteAddress } from "../../../src/linux/netlink/address.ts";
import { createVeth, deleteLink, setDown, setUp } from "../../../src/linux/netlink/link.ts";
import { openUdp } from "../../../src/media/udp.ts";
import { localEnd } from "../../contract/medium-end.ts";
import { report } from "../netns.ts";

/** One end of the cable eth1, while everything happens to its interface. */

const own = { interface: "eth1", address: "10.10.10.1", prefix: 24 };
const end = localEnd((callbacks) =>
  openUdp({ kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 }, callbacks),
);
const states: string[] = [];

/** Does it, and waits for the sentence that ends so. */
async function after(action: () => void, ending: string): Promise<void> {
  action();
  states.push(await end.detail(ending));
}

await report(async () => {
  states.push(await end.open());
  const unsent = await end.send("nobody;", true);
  const plugIn = (): void => {
    createVeth("eth1", "plug");
    setUp("plug");
  };
  await after(plugIn, "interface is down");
  await after(() => setUp("eth1"), "no broadcast address");
  await after(() => addAddress(own), "10.10.10.255:694");
  await end.send("first;", true);
  const ownHeard = await end.heard("first;");
  await after(() => setDown("plug"), "no carrier");
  const unplugged = await end.send("lost;", true);
  await after(() => setUp("plug"), "10.10.10.255:694");
  await after(() => deleteAddress(own), "no broadcast address");
  await after(() => addAddress(own), "10.10.10.255:694");
  await after(() => deleteLink("eth1"), "no such interface");
  await after(() => {
    plugIn();
    addAddress(own);
    setUp("eth1");
  }, "10.10.10.255:694");
  await end.send("second;", true);
  const heardAgain = await end.heard("second;");
  await end.send("x".repeat(70_000), false);
  await end.close();
  return {
    states,
    ownHeard,
    heardAgain,
    dropped: { unsent: unsent.dropped, unplugged: unplugged.dropped },
  };
});
