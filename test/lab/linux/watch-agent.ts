import { setTimeout as sleep } from "node:timers/promises";
import { type NetworkEvent, watchNetwork } from "../../../src/linux/link-watch.ts";
import { addAddress, deleteAddress, renewAddress } from "../../../src/linux/netlink/address.ts";
import {
  createBridge,
  createVeth,
  deleteLink,
  setDown,
  setMaster,
  setUp,
} from "../../../src/linux/netlink/link.ts";
import { NETLINK_ROUTE, NetlinkSocket, routePortOf } from "../../../src/linux/netlink/socket.ts";
import { report } from "../netns.ts";

/** Everything that a watch of eth0 tells, in words, while things happen to it. */

const lan = { interface: "eth0", address: "192.168.43.53", prefix: 24 };
const told: string[] = [];
let wake = (): void => {};

function inWords(event: NetworkEvent): string {
  if (event.kind === "link") {
    const { name, up, carrier } = event.link;
    return event.gone ? `${name} gone` : `${name} ${up ? "up" : "down"} ${carrier ? "on" : "off"}`;
  }
  const { address } = event.address;
  return event.gone ? `${address} gone by ${event.by}` : `${address} there`;
}

/** What is told from now until `last` is. */
async function during(action: () => void, last: string): Promise<readonly string[]> {
  told.length = 0;
  action();
  while (!told.includes(last)) await new Promise<void>((next) => (wake = next));
  return [...told];
}

await report(async () => {
  createVeth("eth0", "plug");
  const strangersPort = routePortOf(1);
  const siblingsPort = routePortOf(2);
  const stranger = new NetlinkSocket(NETLINK_ROUTE, strangersPort);
  const sibling = new NetlinkSocket(NETLINK_ROUTE, siblingsPort);
  const watch = watchNetwork(
    (event) => {
      const name = event.kind === "link" ? event.link.name : event.address.interface;
      if (name !== "eth0") return;
      told.push(inWords(event));
      wake();
    },
    { ours: [siblingsPort], rereadMs: 60_000 },
  );
  const deleteBy = (socket: NetlinkSocket): void => deleteAddress(lan, socket);
  const found = {
    atStart: [...told],
    up: await during(() => {
      setUp("eth0");
      setUp("plug");
    }, "eth0 up on"),
    pulled: await during(() => setDown("plug"), "eth0 up off"),
    inBridge: await during(() => {
      createBridge("br0");
      setMaster("eth0", "br0");
      setMaster("eth0", undefined);
      setUp("plug");
    }, "eth0 up on"),
    added: await during(() => addAddress({ ...lan, lifetimeS: 9 }), "192.168.43.53 there"),
    renewedAndDeletedByUs: await during(() => {
      renewAddress({ ...lan, lifetimeS: 9 });
      deleteAddress(lan);
    }, "192.168.43.53 gone by ourselves"),
    deletedByAProgram: await during(() => {
      addAddress({ ...lan, lifetimeS: 9 });
      deleteBy(stranger);
    }, "192.168.43.53 gone by program"),
    deletedByOurSibling: await during(() => {
      addAddress(lan);
      deleteBy(sibling);
    }, "192.168.43.53 gone by ourselves"),
    expired: await during(
      () => addAddress({ ...lan, lifetimeS: 1 }),
      "192.168.43.53 gone by expiry",
    ),
    interfaceDeleted: await during(() => {
      addAddress({ ...lan, lifetimeS: 9 });
      deleteLink("eth0");
    }, "eth0 gone"),
  };
  watch.close();
  told.length = 0;
  createVeth("eth0", "plug");
  await sleep(50);
  return { ...found, afterClose: [...told], overrun: await overrun() };
});

/** Far more changes than fit the socket's buffer, while nobody reads: the watch ends up right. */
async function overrun(): Promise<object> {
  setUp("eth0");
  setUp("plug");
  const watch = watchNetwork(() => {}, { rereadMs: 100 });
  for (let count = 0; count < 6000; count++) {
    addAddress(lan);
    deleteAddress(lan);
  }
  addAddress({ ...lan, address: "192.168.43.54" });
  const has = () => watch.addresses().some((one) => one.address === "192.168.43.54");
  const deadline = Date.now() + 10_000;
  while (!has() && Date.now() < deadline) await sleep(10);
  const caughtUp = has() && !watch.addresses().some((one) => one.address === lan.address);
  addAddress(lan);
  while (!watch.addresses().some((one) => one.address === lan.address) && Date.now() < deadline) {
    await sleep(10);
  }
  const alive = watch.addresses().some((one) => one.address === lan.address);
  watch.close();
  return { caughtUp, alive };
}
