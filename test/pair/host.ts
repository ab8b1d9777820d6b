import type { PingReport } from "../../src/core/channel/report.ts";
import type { ClusterState } from "../../src/core/cluster/state.ts";
import type {
  ClusterRecord,
  ResourceOperation,
  ResourceResult,
  ServiceInterface,
} from "../../src/core/cluster/world.ts";

export type Name = "zeus" | "hera";
export const NAMES: readonly Name[] = ["zeus", "hera"];

/** One machine of the pair: an address, a script behind it, and what its cluster machine has said. */
export class Host {
  readonly name: Name;
  readonly boot: string;
  state: ClusterState | undefined;
  record: ClusterRecord | undefined;
  /** Address on the machine, and whether it answers. */
  address: "none" | "mute" | "answers" = "none";
  service = false;
  carrier = true;
  /** What the pulse says of its ping nodes. */
  pings: readonly PingReport[] = [];
  wakeAt: number | undefined;
  readonly log: string[] = [];
  readonly answers: { id: number; ok: boolean; text: string }[] = [];
  ended = false;
  /** An operation of the script takes so long. */
  scriptMs = 20;
  failStart = false;
  failStop = false;
  /** A stop of the script does not come to its end. */
  hangStop = false;
  words: string | undefined;
  st = "up";
  held = 0;

  constructor(name: Name) {
    this.name = name;
    this.boot = `boot-${name}`;
  }

  get face(): ServiceInterface {
    const ownAddress = this.name === "zeus" ? "192.168.43.51" : "192.168.43.52";
    return { interface: "eth0", carrier: this.carrier, ownAddress, machineMacs: [this.mac] };
  }

  get mac(): string {
    return this.name === "zeus" ? "02:00:00:00:00:51" : "02:00:00:00:00:52";
  }

  /** Does it answer ARP for the service address? */
  get answersService(): boolean {
    return this.carrier && this.address === "answers";
  }

  /** Does it answer ARP for its own address? */
  get answersItself(): boolean {
    return this.carrier && this.state !== undefined;
  }

  /** The machine and all it knows are gone; the journal stays. */
  lose(): void {
    this.state = undefined;
    this.address = "none";
    this.service = false;
    this.words = undefined;
    this.wakeAt = undefined;
  }

  carryOut({ index, op }: ResourceOperation): ResourceResult {
    if (index === 0) return this.#addressDoes(op);
    if (op === "start" && !this.failStart) this.service = true;
    if (op === "stop" && !this.failStop) this.service = false;
    const fails = (op === "start" && this.failStart) || (op === "stop" && this.failStop);
    return { ok: !fails, state: "unknown", detail: fails ? "exit status 1" : "" };
  }

  #addressDoes(op: ResourceOperation["op"]): ResourceResult {
    const isThere = this.address !== "none";
    if (op === "announce" && !isThere)
      return { ok: false, state: "stopped", detail: "announce: the address is not there" };
    if (op === "start" || (op === "unmute" && isThere)) this.address = "answers";
    if (op === "start-mute" || (op === "mute" && isThere)) this.address = "mute";
    if (op === "stop") this.address = "none";
    return { ok: true, state: "unknown", detail: "" };
  }
}
