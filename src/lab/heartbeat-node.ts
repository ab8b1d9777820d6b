import { setTimeout as sleep } from "node:timers/promises";
import type { LabHost, LabProcess } from "./host.ts";

/**
 * A real Heartbeat 3.0.6 on a host of the lab, from the Debian package. The host has copies of the
 * package's /etc/ha.d and /var/lib/heartbeat; its service manager would make what it needs in /run.
 */
export class HeartbeatNode {
  readonly log: LogFile;
  readonly #host: LabHost;
  #process: LabProcess | undefined;

  constructor(host: LabHost) {
    this.#host = host;
    this.log = new LogFile(host, "/var/log/ha-log");
  }

  async start(): Promise<void> {
    await furnishHeartbeat(this.#host);
    this.#process = await this.#host.spawn([program, "-f"]);
  }

  /** Whether it starts with the files that are there. A start is ended with its process namespace. */
  async judges(): Promise<boolean> {
    const script = `${prepare}rm -f /run/heartbeat.pid /var/lock/LCK..*; ${program} </dev/null >&2`;
    const apart = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
    const { code, stderr } = await this.#host.run([...apart, "sh", "-c", script]);
    // 139: a segmentation fault, as a shell tells it.
    if (code !== 0 && code !== 6 && code !== 139) throw new Error(`no verdict: ${code} ${stderr}`);
    return code === 0;
  }

  /** Its own clean stop: resources released, then the end. */
  async stop(): Promise<void> {
    await this.#host.run([program, "-k"], { timeoutMs: 60_000 });
    await this.#process?.ended;
  }

  /** Every process of it at once, and no word to the peer: the address and services stay (behaviour.md 3). */
  async kill(): Promise<void> {
    const { stdout } = await this.#host.run(["ps", "-eo", "pid=,args="]);
    const ours = stdout.split("\n").flatMap((line) => {
      const [, pid, args = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
      return pid !== undefined && args.startsWith("heartbeat: ") ? [Number(pid)] : [];
    });
    // All stand still first: whoever outlives the others by a moment would complain, and act.
    for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
      await Promise.all(ours.map((pid) => this.#host.signal(pid, signal)));
    }
    await this.#process?.ended;
  }

  /** Its own random loss for tests, of what it sends and of what it receives; read at its start. */
  async loses(share: number): Promise<void> {
    await this.#host.writeFile("/etc/ha.d/OnlyForTesting", `xmitloss=${share}\nrcvloss=${share}\n`);
  }

  standby(set: "all" | "local" | "foreign" | "failback"): Promise<unknown> {
    return this.#host.run([`${tools}/hb_standby`, set]);
  }

  takeover(set: "all" | "local" | "foreign" | "failback"): Promise<unknown> {
    return this.#host.run([`${tools}/hb_takeover`, set]);
  }
}

const program = "/usr/libexec/heartbeat/heartbeat";
const tools = "/usr/share/heartbeat";
/** What tmpfiles.d of the packages heartbeat and resource-agents would have made. */
const prepare = `
for d in . ccm crm dopd; do install -d -m 0750 -o hacluster -g haclient /run/heartbeat/$d; done
install -d -m 1755 /run/resource-agents
install -d -m 1777 /var/lock
`;

/** What a machine that has booted with the packages has in /run for Heartbeat. */
export async function furnishHeartbeat(host: LabHost): Promise<void> {
  const { code, stderr } = await host.run(["sh", "-ec", prepare]);
  if (code !== 0) throw new Error(`no place for Heartbeat: ${stderr}`);
}

/**
 * Heartbeat's own scripts tell their daemon through a FIFO, in more than one write; on a busy machine its
 * reader sometimes takes the beginning for the whole, and the word is lost: that node waits for ever. Seen
 * between two real nodes that had never met Tandem. What such a node does then says nothing of the other.
 */
export const LOST_ITS_OWN_WORD: RegExp =
  /ERROR: (msg2string: Message with zero fields|NV failure \(msgfromsteam\))/;

/** A log that is waited for. `mark` forgets what is in it already. */
export class LogFile {
  readonly #host: LabHost;
  readonly #path: string;
  #from = 0;
  #awaited: RegExp | undefined;

  constructor(host: LabHost, path: string) {
    this.#host = host;
    this.#path = path;
  }

  async text(): Promise<string> {
    return (await this.whole()).slice(this.#from);
  }

  /** From the beginning; empty before the first line, and while the host is off. */
  async whole(): Promise<string> {
    try {
      return await this.#host.readFile(this.#path);
    } catch {
      return "";
    }
  }

  async mark(): Promise<void> {
    this.#from += (await this.text()).length;
  }

  /** Resolves with the line once it is there; the test's own time limit ends a vain wait. */
  async line(pattern: RegExp): Promise<string> {
    this.#awaited = pattern;
    for (;;) {
      const found = (await this.text()).split("\n").find((line) => pattern.test(line));
      if (found !== undefined) {
        this.#awaited = undefined;
        return found;
      }
      await sleep(100);
    }
  }

  /** What `line` has not found yet. */
  get awaited(): string | undefined {
    return this.#awaited && String(this.#awaited);
  }
}
