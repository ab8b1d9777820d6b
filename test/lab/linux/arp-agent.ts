import { announce, probeArp } from "../../../src/linux/arp.ts";
import { addAddress } from "../../../src/linux/netlink/address.ts";
import {
  createVeth,
  findLink,
  moveToNetns,
  setDown,
  setUp,
} from "../../../src/linux/netlink/link.ts";
import { isSysError } from "../../../src/linux/sys.ts";
import { type Agent, report, startAgent } from "../netns.ts";

/** Zeus (this agent) asks; hera, behind a cable in a namespace of her own, has the addresses. */

const service = "192.168.43.53";
const probe = { tries: 2, spacingMs: 60 };

await report(async () => {
  const hera = await startAgent(new URL("./arp-peer.ts", import.meta.url));
  try {
    const heraMac = await connect(hera);
    return {
      heraMac,
      zeusMac: findLink("eth0")?.mac,
      probes: await probes(),
      muting: await muting(hera),
      announced: await announced(hera),
      refusals: await refusals(),
    };
  } finally {
    await hera.stop();
  }
});

async function connect(hera: Agent): Promise<unknown> {
  createVeth("eth0", "cable");
  moveToNetns("cable", hera.pid);
  addAddress({ interface: "eth0", address: "192.168.43.51", prefix: 24 });
  setUp("eth0");
  return order(hera, { setUp: "cable", addresses: ["192.168.43.52", service] });
}

async function probes(): Promise<object> {
  const path = { ...probe, senderIp: "192.168.43.51" };
  return {
    service: await macsFor(service),
    path: await macsFor("192.168.43.52", path),
    unused: await macsFor("192.168.43.77"),
    own: await macsFor("192.168.43.51"),
  };
}

async function muting(hera: Agent): Promise<object> {
  await order(hera, { mute: [{ address: service, ownAddress: "192.168.43.44" }] });
  const muted = await macsFor(service);
  const otherStillAnswers = await macsFor("192.168.43.52");
  // What she asks for her own connections must name the replacement, which nobody else has.
  await order(hera, { sendFrom: service });
  const [asService, asReplacement] = await Promise.all([
    macsFor(service),
    macsFor("192.168.43.44", { tries: 12, spacingMs: 100 }),
  ]);
  await order(hera, { mute: [{ address: "192.168.43.99", ownAddress: undefined }] });
  const replacedByAnother = await macsFor(service);
  await order(hera, { mute: [{ address: service, ownAddress: undefined }] });
  const mutedAgain = await macsFor(service);
  await order(hera, { mute: [] });
  await order(hera, { mute: [] });
  const unmuted = await macsFor(service);
  return {
    muted,
    otherStillAnswers,
    asService,
    asReplacement,
    replacedByAnother,
    mutedAgain,
    unmuted,
  };
}

async function announced(hera: Agent): Promise<unknown> {
  const heard = order(hera, { listenFor: "192.168.43.60" });
  for (let count = 0; count < 10; count++) {
    announce("eth0", "192.168.43.60");
    await new Promise((later) => setTimeout(later, 20));
  }
  return heard;
}

async function refusals(): Promise<object> {
  const loopback = await codeOf(() => probeArp("lo", service, probe));
  const missing = await codeOf(() => probeArp("nope", service, probe));
  const during = codeOf(() => probeArp("eth0", service, { tries: 3, spacingMs: 100 }));
  setDown("eth0");
  return {
    loopback,
    missing,
    goesDownMeanwhile: await during,
    down: await codeOf(() => probeArp("eth0", service, probe)),
    announceDown: await codeOf(async () => announce("eth0", service)),
  };
}

async function order(hera: Agent, message: object): Promise<unknown> {
  hera.send(message);
  return ((await hera.next()) as { answer: unknown }).answer;
}

async function macsFor(address: string, options = probe): Promise<readonly string[]> {
  return (await probeArp("eth0", address, options)).answers.map((answer) => answer.mac);
}

function codeOf(action: () => Promise<unknown>): Promise<string> {
  return action().then(
    () => "done",
    (error: unknown) => (isSysError(error) ? error.code : String(error)),
  );
}
