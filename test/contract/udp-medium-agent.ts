import { mediumName } from "../../src/base/names.ts";
import { addAddress } from "../../src/linux/netlink/address.ts";
import { createVeth, moveToNetns, renameLink, setUp } from "../../src/linux/netlink/link.ts";
import { openUdpBroadcast } from "../../src/media/udp-broadcast.ts";
import { startAgent } from "../lab/netns.ts";
import { localEnd } from "./medium-end.ts";
import { remoteEnd, serveEnds } from "./medium-rpc.ts";

/** Two namespaces and a cable: the left end here, the right end in an agent that this one starts. */

const end = localEnd((callbacks) =>
  openUdpBroadcast(
    { kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 },
    callbacks,
  ),
);

if (process.argv[2] === "right") {
  serveEnds({ right: end });
} else {
  const right = await startAgent(new URL(import.meta.url), { args: ["right"] });
  process.on("exit", () => right.process.kill("SIGKILL"));
  createVeth("eth1", "cable");
  moveToNetns("cable", right.pid);
  right.send({ plug: true });
  await right.next();
  addAddress({ interface: "eth1", address: "10.10.10.1", prefix: 24 });
  setUp("eth1");
  serveEnds({ left: end, right: remoteEnd(right.process, "right") });
}
process.on("message", (message) => {
  if (!(message as { plug?: boolean }).plug) return;
  renamePlug();
  process.send?.({ plugged: true });
});
process.send?.({ ready: true });

function renamePlug(): void {
  renameLink("cable", "eth1");
  addAddress({ interface: "eth1", address: "10.10.10.2", prefix: 24 });
  setUp("eth1");
}
