import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { WebService } from "./host/protocol.ts";
import { LabHost } from "./host.ts";
import { type Cable, type HostName, hostNames, type NodeHost } from "./layout.ts";
import { type Entrance, findEntrance } from "./namespaces.ts";
import { builtProgram, findPlace, searchPath } from "./paths.ts";
import { Caller, type Frame } from "./rpc.ts";
import { initScript } from "./switch/power.ts";
import type { SwitchBirth, SwitchCalls } from "./switch/protocol.ts";

export interface LabOptions {
  /** Files that both nodes have in /etc/ha.d, by name; authkeys gets mode 600. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Directories of this machine that the nodes start with a copy of: /etc/ha.d, /var/lib/heartbeat, /var/www.
   * Otherwise they are empty.
   */
  readonly copies?: readonly string[];
  /** What `httpd` runs; default: Apache where it is installed and may change its user. */
  readonly web?: WebService;
  /** In a user namespace, even where root runs it. */
  readonly rootless?: boolean;
  /** Gets what the lab's own processes complain about. */
  readonly onComplaint?: (text: string) => void;
}

/** What differs from machine to machine, to be printed beside every measurement. */
export interface LabFacts {
  /** In a user namespace, without root's rights outside. */
  readonly rootless: boolean;
  /** Whether processes may be scheduled in real time (SCHED_RR). */
  readonly realtime: boolean;
  readonly web: WebService;
}

/** A file server is not asked to be quick when it stops: so long the lab may take to end. */
const closeTimeoutMs = 10_000;
/** util-linux's `unshare` says this each time its child dies of a signal; it means nothing. */
const unshareNoise = /^unshare: sigprocmask unblock failed: .*\n/gm;
/** What is kept of complaints, to be told when the lab cannot start. */
const complaintsMax = 4096;

/** A running lab. Everything in it ends with `close`, with this process, or with its switch. */
export class Lab {
  readonly facts: LabFacts;
  readonly #switch: SwitchProcess;

  private constructor(switchProcess: SwitchProcess, facts: LabFacts) {
    this.#switch = switchProcess;
    this.facts = facts;
  }

  /** Used by startLab. */
  static async start(options: LabOptions): Promise<Lab> {
    const entrance = findEntrance({ rootless: options.rootless ?? false });
    const web = options.web ?? findWebService(entrance);
    const switchProcess = new SwitchProcess(entrance, {
      place: findPlace(),
      copies: options.copies ?? [],
      web,
    });
    switchProcess.onComplaint = options.onComplaint ?? (() => {});
    try {
      await switchProcess.here;
      const realtime = await switchProcess.caller.call("realtime", null);
      const lab = new Lab(switchProcess, { rootless: entrance.rootless, realtime, web });
      await Promise.all(hostNames.map((host) => lab.powerOn(host)));
      await lab.#writeFiles(options.files ?? {});
      return lab;
    } catch (error) {
      await switchProcess.end();
      throw error;
    }
  }

  host(name: HostName): LabHost {
    return this.#switch.hosts[name];
  }

  /** Pulls a cable at this host; the crossover and the serial line are then dead at both. */
  async cutCable(host: HostName, cable: Cable): Promise<void> {
    await this.#switch.caller.call("setCable", { host, cable, plugged: false });
  }

  async plugCable(host: HostName, cable: Cable): Promise<void> {
    await this.#switch.caller.call("setCable", { host, cable, plugged: true });
  }

  /** Every cable first, so that not one last packet leaves; then all processes at once. */
  async powerCut(host: HostName): Promise<void> {
    await this.#switch.caller.call("powerCut", { host });
  }

  /** A new boot of the same machine: what is on its disk is there, what was in memory is not; no daemon runs yet. */
  async powerOn(host: HostName): Promise<void> {
    await this.#switch.caller.call("powerOn", { host });
  }

  /** Ends everything in the lab; resolves when not a process is left. */
  close(): Promise<void> {
    return this.#switch.end();
  }

  async #writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
    const nodes: readonly NodeHost[] = ["zeus", "hera"];
    for (const node of nodes) {
      for (const [name, text] of Object.entries(files)) {
        const mode = name === "authkeys" ? 0o600 : 0o644;
        await this.host(node).writeFile(`/etc/ha.d/${name}`, text, mode);
      }
    }
  }
}

/**
 * Brings the lab up: zeus, hera and the client, powered and plugged, no daemon running yet.
 * @throws LabUnavailable where this machine cannot give us one
 */
export function startLab(options: LabOptions = {}): Promise<Lab> {
  return Lab.start(options);
}

/** In a user namespace there is no www-data to change to. */
function findWebService(entrance: Entrance): WebService {
  const installed =
    existsSync("/usr/sbin/apache2") && existsSync("/usr/lib/apache2/modules/mod_mpm_event.so");
  return installed && !entrance.rootless ? "apache2" : "embedded";
}

/** The process that holds the lab, and the conversation with it. */
class SwitchProcess {
  readonly caller: Caller<SwitchCalls>;
  readonly hosts: Readonly<Record<HostName, LabHost>>;
  /** Resolves when the switch can be called. */
  readonly here: Promise<void>;
  onComplaint: (text: string) => void = () => {};
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #complaints = "";

  constructor(entrance: Entrance, birth: SwitchBirth) {
    const program = builtProgram("switch/switch-main.js");
    const argv = [process.execPath, program, JSON.stringify(birth)];
    // Of a session of its own: Ctrl-C at the terminal is for the lab's user, who then closes it in order.
    this.#child = spawn("unshare", [...entrance.flags, "sh", "-c", initScript, "init", ...argv], {
      detached: true,
      env: { PATH: searchPath },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const send = (frame: Frame): void => {
      if (!this.#child.connected) throw new Error("the lab is closed");
      this.#child.send(frame);
    };
    this.caller = new Caller(send);
    this.hosts = Object.fromEntries(
      hostNames.map((name) => [name, new LabHost(name, send)]),
    ) as Record<HostName, LabHost>;
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.#complained(text));
    }
    this.here = new Promise((resolve, reject) => {
      this.#child.on("message", (frame: Frame) => this.#received(frame, resolve));
      void this.#ended.then(() => {
        reject(new Error(`the lab's switch ended: ${this.#complaints.trim() || "without a word"}`));
        this.#gone();
      });
    });
  }

  /** Asks the switch to go, by closing the channel; insists when that takes too long. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), closeTimeoutMs);
    await this.#ended;
    clearTimeout(insist);
  }

  #received(frame: Frame, isHere: () => void): void {
    if (frame.host !== undefined) this.hosts[frame.host as HostName].received(frame);
    else if (frame.kind === "answer") this.caller.answered(frame);
    else isHere();
  }

  #gone(): void {
    this.caller.fail("the lab is closed");
    for (const host of Object.values(this.hosts)) host.wentOff("the lab is closed");
  }

  #complained(said: string): void {
    const text = said.replace(unshareNoise, "");
    if (text === "") return;
    this.#complaints = (this.#complaints + text).slice(-complaintsMax);
    this.onComplaint(text);
  }
}
