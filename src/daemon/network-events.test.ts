import { expect, it } from "vitest";
import { WWW } from "../../test/pair.ts";
import { errnoOf, SysError } from "../linux/sys.ts";
import type { Face } from "../resources/address.ts";
import type { DaemonEvent } from "./environment.ts";
import { NetworkEvents } from "./network-events.ts";

const FACE: Face = {
  interface: "eth0",
  carrier: true,
  ownAddress: "192.168.43.51",
  machineMacs: ["02:7a:00:00:51:00"],
};

it("a service interface that the kernel would not list is told once it does", async () => {
  let refusals = 2;
  const faceOf = () => {
    if (refusals-- > 0) throw new SysError("RTM_GETLINK", errnoOf("EAGAIN"));
    return FACE;
  };
  const resources = { faceOf, groupsWith: () => [], stepBehind: () => [] };
  const told = await new Promise<DaemonEvent>((resolve) => {
    const events = new NetworkEvents([WWW], resources, resolve, () => {});
    events.start(process.pid, () => ({ links: () => [], addresses: () => [], close: () => {} }));
  });
  expect(told).toEqual({ kind: "service-interface", group: WWW, face: FACE });
});
