import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { addAddress } from "../../linux/netlink/address.ts";
import { setMac, setUp } from "../../linux/netlink/link.ts";
import { setHostName } from "../../linux/sys.ts";
import { answer, type Frame, type Handlers, sendToParent } from "../rpc.ts";
import { DaemonKeeper } from "./daemon-keeper.ts";
import { furnish } from "./furnish.ts";
import { onEnd, run, signalProcesses, start } from "./processes.ts";
import type { Birth, HostCalls, HostNotice } from "./protocol.ts";

/**
 * A host of the lab: the one process beside the shell that is its pid 1. It furnishes the namespaces it was
 * born into, and then does what the lab asks for through the switch. When the switch goes, it goes.
 */
const birth = JSON.parse(process.argv[2] ?? "") as Birth;
const keeper = new DaemonKeeper();

const handlers: Handlers<HostCalls> = {
  configure: () => {
    setUp("lo");
    for (const { name, address, prefix, mac } of birth.layout.interfaces) {
      setMac(name, mac);
      addAddress({ interface: name, address, prefix });
      setUp(name);
    }
    return null;
  },
  run: ({ argv, timeoutMs }) => run(argv, timeoutMs),
  spawn: ({ argv, token }) => spawnWatched(argv, token),
  signal: ({ targets, signal }) => ({
    pids: targets.flatMap((target) => signalProcesses(target, signal)),
  }),
  writeFile: ({ path, text, mode }) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    // The mode given there counts only for a new file, and less the umask.
    chmodSync(path, mode);
    return null;
  },
  readFile: ({ path }) => ({ text: readFileSync(path, "utf8") }),
  startDaemon: ({ args, keep }) => ({ pid: keeper.start(args, keep) }),
  stopDaemon: ({ timeoutMs }) => keeper.stop(timeoutMs),
  daemonProcesses: () => keeper.processes(),
};

/** A process whose output and end are told as they come, under the caller's token. */
function spawnWatched(argv: readonly string[], token: number): Promise<{ pid: number }> {
  const child = start(argv, "pipe");
  for (const kind of ["stdout", "stderr"] as const) {
    child[kind]?.setEncoding("utf8").on("data", (text: string) => tell({ kind, token, text }));
  }
  onEnd(child, (code, signal) => tell({ kind: "exit", token, code, signal }));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("spawn", () => resolve({ pid: child.pid ?? 0 }));
  });
}

function tell(notice: HostNotice): void {
  sendToParent({ kind: "notice", notice });
}

process.on("message", (frame: Frame) => {
  if (frame.kind === "call") void answer(handlers, frame).then(sendToParent);
});
process.on("disconnect", () => process.exit(0));

setHostName(birth.layout.fullName);
furnish(birth);
// Before any interface is there: the lab speaks IPv4, and a LAN without chatter is easier to read.
for (const scope of ["all", "default"]) disableIpv6(scope);
tell({ kind: "here" });

function disableIpv6(scope: string): void {
  try {
    writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, "1");
  } catch {
    // A kernel without IPv6 has nothing to disable.
  }
}
