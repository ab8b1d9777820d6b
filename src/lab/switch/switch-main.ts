import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { bootTimeMs } from "../../linux/clock.ts";
import { nullModem as layNullModem } from "../../linux/pty.ts";
import { type CableEnd, cableEnd, hasCarrier, serialIsWhole } from "../cables.ts";
import type { HostCalls } from "../host/protocol.ts";
import { type HostName, hostLayouts, hostNames } from "../layout.ts";
import { answer, Caller, type Frame, type Handlers, sendToParent } from "../rpc.ts";
import { buildSegments, plugIn, setPort } from "./network.ts";
import { buildPlace, makeDisk } from "./place.ts";
import { boot, type Host, halt } from "./power.ts";
import type { SwitchBirth, SwitchCalls, SwitchNotice } from "./protocol.ts";

/**
 * The switch: the lab's outermost namespaces and the two segments, the null-modem and the disks in them. It
 * starts hosts, plugs and pulls cables, cuts power, and hands on what lab and hosts say to each other.
 * When the lab goes, it goes, and the kernel takes everything inside along.
 */
const birth = JSON.parse(process.argv[2] ?? "") as SwitchBirth;
const hosts = new Map<HostName, Host>();
const powered = new Set<HostName>();
const pulled = new Set<CableEnd>();

buildPlace(birth.place);
for (const host of hostNames) makeDisk(birth.place, host, birth.copies);
buildSegments();
const nullModem = layNullModem();
/** The device that becomes the host's /dev/ttyS1. */
const serialDevices: Partial<Record<HostName, string>> = {
  zeus: nullModem.left,
  hera: nullModem.right,
};

const handlers: Handlers<SwitchCalls> = {
  powerOn: ({ host }) => powerOn(host),
  powerCut: ({ host }) => powerCut(host),
  setCable: ({ host, cable, plugged }) => {
    if (plugged) pulled.delete(cableEnd(host, cable));
    else pulled.add(cableEnd(host, cable));
    return wire();
  },
  realtime: () => spawnSync("chrt", ["-r", "1", "true"]).status === 0,
};

async function powerOn(name: HostName): Promise<null> {
  if (hosts.has(name)) throw new Error(`host ${name} is on`);
  const layout = hostLayouts[name];
  const tty = layout.serial ? serialDevices[name] : undefined;
  const host = await boot(
    {
      layout,
      place: birth.place,
      bootId: randomUUID(),
      web: birth.web,
      ...(tty === undefined ? {} : { tty }),
    },
    name === "client" ? undefined : birth.processors?.[name],
    (frame) => fromHost(name, frame),
  );
  hosts.set(name, host);
  host.process.on("exit", () => fallenOver(name, host));
  plugIn(layout, host.pid);
  await configurators[name].call("configure", null);
  powered.add(name);
  wire();
  return null;
}

async function powerCut(name: HostName): Promise<number> {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`host ${name} is off`);
  powered.delete(name);
  const at = wire(name);
  await halt(host);
  return at;
}

/** However a host ends, it is off, and whoever waits for it learns so. */
function fallenOver(name: HostName, host: Host): void {
  if (hosts.get(name) !== host) return;
  hosts.delete(name);
  powered.delete(name);
  wire();
  sendToParent({ kind: "notice", host: name, notice: { kind: "off" } });
}

/** Makes ports and line what the cables say; `dying` is a host whose ports are still there. Says when it was done. */
function wire(dying?: HostName): number {
  const wiring = { powered, pulled };
  for (const name of hostNames) {
    if (!powered.has(name) && name !== dying) continue;
    for (const cable of hostLayouts[name].interfaces) {
      setPort(name, cable.name, hasCarrier(wiring, name, cable.name));
    }
  }
  if (serialIsWhole(wiring)) nullModem.mend();
  else nullModem.cut();
  return bootTimeMs();
}

/** The switch's own calls to a host; the lab's pass through under the host's name. */
const configurators = Object.fromEntries(
  hostNames.map((name) => [
    name,
    new Caller<HostCalls>((frame) => hosts.get(name)?.process.send(frame)),
  ]),
) as Record<HostName, Caller<HostCalls>>;

function fromHost(name: HostName, frame: Frame): void {
  if (frame.kind === "answer" && frame.host === undefined) configurators[name].answered(frame);
  else sendToParent({ ...frame, host: name });
}

process.on("message", (frame: Frame) => {
  if (frame.kind !== "call") return;
  if (frame.host === undefined) {
    void answer(handlers, frame).then(sendToParent);
    return;
  }
  const host = hosts.get(frame.host as HostName);
  if (host?.process.connected) host.process.send(frame);
  else sendToParent({ ...frame, kind: "answer", error: `host ${frame.host} is off` });
});
process.on("disconnect", () => process.exit(0));

const here: SwitchNotice = { kind: "here" };
sendToParent({ kind: "notice", notice: here });
