import { setTimeout as sleep } from "node:timers/promises";
import {
  addAddress,
  deleteAddress,
  findAddress,
  listAddresses,
  prefixFor,
  renewAddress,
} from "../../../src/linux/netlink/address.ts";
import {
  createBridge,
  createVeth,
  deleteLink,
  findLink,
  renameLink,
  setDown,
  setMac,
  setMaster,
  setUp,
} from "../../../src/linux/netlink/link.ts";
import { attribute, NLM_F_REPLACE, uint32Attribute } from "../../../src/linux/netlink/message.ts";
import { routeSocket } from "../../../src/linux/netlink/socket.ts";
import { isSysError } from "../../../src/linux/sys.ts";
import { report } from "../netns.ts";

const service = {
  interface: "eth0",
  address: "192.168.43.53",
  prefix: 24,
  broadcast: "192.168.43.255",
  label: "eth0:0",
  lifetimeS: 9,
};

const codeOf = (action: () => unknown): string => {
  try {
    action();
    return "done";
  } catch (error) {
    return isSysError(error) ? error.code : String(error);
  }
};

function links(): object {
  createVeth("eth0", "peer0");
  createBridge("br0");
  setMaster("peer0", "br0");
  const down = findLink("eth0");
  for (const name of ["eth0", "peer0", "br0"]) setUp(name);
  const up = findLink("eth0");
  setDown("peer0");
  const unplugged = findLink("eth0");
  setUp("peer0");
  createVeth("spare", "spare-peer");
  setMac("spare", "02:00:00:00:00:07");
  renameLink("spare", "eth9");
  const renamed = findLink("eth9");
  const inBridge = findLink("peer0")?.master === findLink("br0")?.index;
  setMaster("peer0", undefined);
  const outOfBridge = findLink("peer0")?.master;
  deleteLink("eth9");
  deleteLink("eth9");
  return {
    down: { up: down?.up, carrier: down?.carrier },
    up: { up: up?.up, carrier: up?.carrier, mac: up?.mac, mtu: up?.mtu },
    unplugged: { up: unplugged?.up, carrier: unplugged?.carrier },
    renamedMac: renamed?.mac,
    inBridge,
    outOfBridge: outOfBridge ?? "none",
    bothEndsGone: findLink("spare-peer") === undefined,
    missingMaster: codeOf(() => setMaster("nope", undefined)),
    twice: codeOf(() => createBridge("br0")),
  };
}

/** What an RTM_NEWADDR with REPLACE and without CREATE does where the address is not. */
function bareReplace(): boolean {
  const header = Buffer.from([2, 24, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(findLink("eth0")?.index ?? 0, 4);
  const local = attribute(2, Buffer.from([192, 168, 43, 99]));
  const body = Buffer.concat([header, local, uint32Attribute(8, 0)]);
  routeSocket().change("bare replace", 20, NLM_F_REPLACE, body);
  const created = listAddresses().some((one) => one.address === "192.168.43.99");
  deleteAddress({ interface: "eth0", address: "192.168.43.99", prefix: 24 });
  return created;
}

async function addresses(): Promise<object> {
  const absent = renewAddress(service);
  const notCreated = findAddress(service) === undefined;
  const first = addAddress(service);
  const second = addAddress({ ...service, lifetimeS: 5 });
  const present = findAddress(service);
  const renewed = renewAddress(service);
  const after = findAddress(service);
  addAddress({ interface: "eth0", address: "192.168.43.51", prefix: 24 });
  const secondary = findAddress({ interface: "eth0", address: "192.168.43.51", prefix: 24 });
  const prefix = prefixFor(service, listAddresses(), [service.address]);
  deleteAddress(service);
  deleteAddress(service);
  const deleted = findAddress(service) === undefined;
  addAddress({ ...service, prefix: 32, broadcast: undefined, lifetimeS: 1 });
  const short = { ...service, prefix: 32 };
  const deadline = Date.now() + 10_000;
  while (findAddress(short) !== undefined && Date.now() < deadline) await sleep(20);
  return {
    absent,
    notCreated,
    first,
    second,
    present: { ...present, index: 0, createdAt: 0 },
    renewed,
    sameCreation: present?.createdAt === after?.createdAt,
    renewedLifetime: after?.lifetimeS,
    secondary: { secondary: secondary?.secondary, lifetimeS: String(secondary?.lifetimeS) },
    prefix,
    deleted,
    expired: findAddress(short) === undefined,
    renewExpired: renewAddress(short),
    stillGone: findAddress(short) === undefined,
    noInterface: renewAddress({ ...service, interface: "nope" }),
    addNoInterface: codeOf(() => addAddress({ ...service, interface: "nope" })),
    badPrefix: codeOf(() => addAddress({ ...service, prefix: 33 })),
  };
}

await report(async () => ({
  links: links(),
  bareReplaceCreates: bareReplace(),
  addresses: await addresses(),
}));
