import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { addAddress } from "../../../src/linux/netlink/address.ts";
import {
  createVeth,
  deleteLink,
  moveToNetns,
  renameLink,
  setDown,
  setMac,
  setUp,
} from "../../../src/linux/netlink/link.ts";
import { interfaceIndex, isSysError } from "../../../src/linux/sys.ts";
import { openUdpOnInterface } from "../../../src/linux/udp-socket.ts";
import { openUdpTap, type UdpTap } from "../../../src/linux/udp-tap.ts";
import { type Agent, report, startAgent } from "../netns.ts";

/** Zeus (this agent) has the taps; hera, behind the cable, sends what she is told. */

const PORT = 694;
const ADDRESSES = { zeus: "10.10.10.1", hera: "10.10.10.2" };
/** The kernel makes link-local addresses of these. */
const MACS = { zeus: "02:00:00:00:00:01", hera: "02:00:00:00:00:02" };
const ZEUS_6 = "fe80::ff:fe00:1";
const isHera = process.argv[2] === "hera";

interface Order {
  readonly text: string;
  readonly to: string;
  readonly port: number;
}

if (isHera) {
  process.on("message", async (order: Order | "plug") => {
    if (order === "plug") bringUp("hera");
    else await send(order);
    process.send?.({ done: true });
  });
  process.send?.({ ready: true });
} else {
  await report(async () => {
    const hera = await startAgent(new URL(import.meta.url), { args: ["hera"] });
    try {
      return await scenario(hera);
    } finally {
      await hera.stop();
    }
  });
}

async function scenario(hera: Agent): Promise<object> {
  createVeth("eth1", "cable");
  moveToNetns("cable", hera.pid);
  bringUp("zeus");
  await told(hera, "plug");
  const index = interfaceIndex("eth1") ?? 0;
  const inward = openUdpTap(index, { direction: "in", family: 4, port: PORT });
  const inward6 = openUdpTap(index, { direction: "in", family: 6, port: PORT });
  const outward = openUdpTap(index, { direction: "out", family: 4, port: PORT });
  await told(hera, { text: "hers", to: "10.10.10.255", port: PORT });
  await told(hera, { text: "hers, to us", to: ADDRESSES.zeus, port: PORT });
  await told(hera, { text: "hers, elsewhere", to: ADDRESSES.zeus, port: PORT + 1 });
  await told(hera, { text: "hers, in IPv6", to: `${ZEUS_6}%eth1`, port: PORT });
  await send({ text: "ours", to: "10.10.10.255", port: PORT });
  await send({ text: "ours, elsewhere", to: "10.10.10.255", port: PORT + 1 });
  const seen = {
    inward: await shown(inward, 2),
    inward6: await shown(inward6, 1),
    outward: await shown(outward, 1),
    again: [...inward.read(), ...outward.read()],
  };
  setDown("eth1");
  const whenDown = refusalOf(() => inward.read());
  setUp("eth1");
  await told(hera, { text: "hers, after it", to: "10.10.10.255", port: PORT });
  const afterIt = await shown(inward, 1);
  deleteLink("eth1");
  const whenGone = refusalOf(() => inward.read());
  for (const tap of [inward, inward6, outward]) tap.close();
  const ofNothing = refusalOf(() => openUdpTap(9999, { direction: "in", family: 4, port: PORT }));
  return { seen, whenDown, afterIt, whenGone, ofNothing };
}

/** What a tap shows once so many are there: they pass a little behind the send. */
async function shown(tap: UdpTap, count: number): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let look = 0; look < 500 && texts.length < count; look++) {
    for (const { to, payload } of tap.read())
      texts.push(`${to.length === 4 ? to.join(".") : "IPv6"}: ${Buffer.from(payload)}`);
    await sleep(10);
  }
  return texts;
}

function refusalOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    if (!isSysError(error)) throw error;
    return error.code;
  }
}

async function told(hera: Agent, order: object | string): Promise<void> {
  hera.process.send(order);
  await hera.next();
}

async function send({ text, to, port }: Order): Promise<void> {
  const family = to.includes(":") ? 6 : 4;
  const socket = createSocket(family === 4 ? "udp4" : "udp6");
  socket.bind({ fd: openUdpOnInterface({ interface: "eth1", port, family }) });
  await new Promise<void>((resolve, reject) => {
    socket.send(text, port, to, (error) => (error === null ? resolve() : reject(error)));
  });
  socket.close();
}

function bringUp(who: keyof typeof ADDRESSES): void {
  if (who === "hera") renameLink("cable", "eth1");
  // Else the kernel would try for a second whether its link-local address is free.
  for (const name of ["all", "eth1"])
    writeFileSync(`/proc/sys/net/ipv6/conf/${name}/accept_dad`, "0");
  setMac("eth1", MACS[who]);
  addAddress({ interface: "eth1", address: ADDRESSES[who], prefix: 24 });
  setUp("eth1");
}
