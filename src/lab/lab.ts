import { existsSync } from "node:fs";
import type { WebService } from "./host/protocol.ts";
import type { LabHost } from "./host.ts";
import { type Cable, type HostName, hostNames, type NodeHost } from "./layout.ts";
import { type Entrance, findEntrance } from "./namespaces.ts";
import { findPlace } from "./paths.ts";
import { twoProcessors } from "./processors.ts";
import { SwitchProcess } from "./switch-process.ts";

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
  /** Each node has a processor to itself, where this machine has two. */
  readonly processorEach?: boolean;
  /** In a user namespace, even where root runs it. */
  readonly rootless?: boolean;
  /** Gets what the lab's own processes complain about, line by line. */
  readonly onComplaint?: (line: string) => void;
}

/** What differs from machine to machine, to be printed beside every measurement. */
export interface LabFacts {
  /** In a user namespace, without root's rights outside. */
  readonly rootless: boolean;
  /** Whether processes may be scheduled in real time (SCHED_RR). */
  readonly realtime: boolean;
  readonly web: WebService;
}

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
    const processors = options.processorEach === true ? twoProcessors() : undefined;
    const switchProcess = new SwitchProcess(entrance, {
      place: findPlace(),
      copies: options.copies ?? [],
      web,
      ...(processors === undefined ? {} : { processors }),
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

  /**
   * Pulls a cable at this host; the crossover and the serial line are then dead at both.
   * @returns when it was out, in milliseconds of CLOCK_BOOTTIME
   */
  cutCable(host: HostName, cable: Cable): Promise<number> {
    return this.#switch.caller.call("setCable", { host, cable, plugged: false });
  }

  /** @returns when it was in, in milliseconds of CLOCK_BOOTTIME */
  plugCable(host: HostName, cable: Cable): Promise<number> {
    return this.#switch.caller.call("setCable", { host, cable, plugged: true });
  }

  /**
   * Every cable first, so that not one last packet leaves; then all processes at once.
   * @returns when the cables were dead, in milliseconds of CLOCK_BOOTTIME
   */
  powerCut(host: HostName): Promise<number> {
    return this.#switch.caller.call("powerCut", { host });
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
