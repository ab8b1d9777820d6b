import { createSocket } from "node:dgram";
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { watchNetwork } from "../../../src/linux/link-watch.ts";
import { addAddress, listAddresses } from "../../../src/linux/netlink/address.ts";
import { createVeth, setUp } from "../../../src/linux/netlink/link.ts";
import { ServiceAddress } from "../../../src/resources/address.ts";
import { KERNEL } from "../../../src/resources/address-kernel.ts";
import { MuteList } from "../../../src/resources/mute-list.ts";
import { report } from "../netns.ts";

const OURS = "192.168.43.53";
const OWN = "192.168.43.51";

/** The address that the kernel would send from to a neighbour. */
async function source(): Promise<string> {
  const socket = createSocket("udp4");
  socket.connect(9, "192.168.43.99");
  await once(socket, "connect");
  const { address } = socket.address();
  socket.close();
  return address;
}

const promotes = (): string =>
  readFileSync("/proc/sys/net/ipv4/conf/eth0/promote_secondaries", "utf8").trim();
const present = (): readonly string[] =>
  listAddresses()
    .filter((one) => one.interface === "eth0")
    .map(({ address, prefix, secondary }) => `${address}/${prefix}${secondary ? " second" : ""}`)
    .sort();

await report(async () => {
  createVeth("eth0", "peer0");
  for (const name of ["eth0", "peer0"]) setUp(name);
  const config = { name: OURS, address: OURS, prefix: 24, interface: "eth0" };
  const rest = { kind: "address", label: undefined, broadcast: undefined } as const;
  const mutes = new MuteList(KERNEL);
  const ours = new ServiceAddress({
    config: { ...config, ...rest },
    lifetimeS: 9,
    service: [OURS],
    mutes,
  });
  await ours.start();
  addAddress({ interface: "eth0", address: OWN, prefix: 24 });
  const before = { present: present(), source: await source(), promotes: promotes() };
  const seen = new EventEmitter();
  const gone = once(seen, "gone");
  const watch = watchNetwork((event) => {
    if (event.kind === "address" && event.gone)
      seen.emit("gone", `${event.address.prefix} by ${event.by}`);
  });
  const step = ours.stepBehind().kind;
  const after = { present: present(), source: await source(), promotes: promotes() };
  const [left] = await gone;
  watch.close();
  return { before, step, after, left, held: ours.held()?.prefix, again: ours.stepBehind().kind };
});
