import type { GroupName } from "../base/names.ts";
import type { LogLevel } from "../core/step.ts";
import { type NetworkEvent, watchNetwork } from "../linux/link-watch.ts";
import { routePortOf } from "../linux/netlink/socket.ts";
import { isSysError } from "../linux/sys.ts";
import type { Face } from "../resources/address.ts";
import type { DaemonEvent } from "./environment.ts";
import type { GroupResources } from "./group-resources.ts";

/** What of the groups the watch asks. */
type Watched = Pick<GroupResources, "faceOf" | "groupsWith" | "stepBehind">;

/** After the kernel has refused a list. */
const AGAIN_MS = 100;

/** What the watch tells the cluster: service interfaces as they change, addresses that go without us. */
export class NetworkEvents {
  readonly #groups: readonly GroupName[];
  readonly #resources: Watched;
  readonly #deliver: (event: DaemonEvent) => void;
  readonly #log: (level: LogLevel, text: string) => void;
  readonly #told = new Map<GroupName, string>();
  /** Said once: it is tried again at each event. */
  readonly #refusals = new Set<string>();
  #again: NodeJS.Timeout | undefined;

  constructor(
    groups: readonly GroupName[],
    resources: Watched,
    deliver: (event: DaemonEvent) => void,
    log: (level: LogLevel, text: string) => void,
  ) {
    this.#groups = groups;
    this.#resources = resources;
    this.#deliver = deliver;
    this.#log = log;
  }

  /** Tells every service interface once, and from then on what changes. `pulsePid`: its doings are ours. */
  start(pulsePid: number, watch: typeof watchNetwork = watchNetwork): void {
    this.#tellFaces();
    watch((event) => this.#take(event), { ours: [routePortOf(pulsePid)] });
  }

  #take(event: NetworkEvent): void {
    if (event.kind === "address" && event.gone) this.#gone(event);
    if (event.kind === "address") this.#stepBehind();
    this.#tellFaces();
  }

  /** The pulse renews an address as it was added: it must know of another prefix at once. */
  #stepBehind(): void {
    for (const step of this.#resources.stepBehind()) {
      if (step.kind === "fits" || this.#refusals.has(step.text)) continue;
      if (step.kind === "refused") this.#refusals.add(step.text);
      this.#log("WARN", step.text);
      if (step.kind === "stepped") this.#deliver({ kind: "lease-changed" });
    }
  }

  /** Taken off by us or by the pulse is no news: whoever did it says so himself. */
  #gone(event: Extract<NetworkEvent, { gone: true; kind: "address" }>): void {
    if (event.by === "ourselves") return;
    // With its interface or in a gap of the watch: nobody vouches that the lease still stood.
    const by = event.by === "program" ? "program" : "expiry";
    for (const group of this.#resources.groupsWith(event.address.address))
      this.#deliver({ kind: "address-gone", group, by });
  }

  #tellFaces(): void {
    for (const { group, face } of this.#faces()) {
      const words = JSON.stringify(face);
      if (face === undefined || this.#told.get(group) === words) continue;
      this.#told.set(group, words);
      this.#deliver({ kind: "service-interface", group, face });
    }
  }

  /** None where the kernel refuses to list what is there; it is asked again soon, lest a lost carrier is missed. */
  #faces(): readonly { readonly group: GroupName; readonly face: Face | undefined }[] {
    clearTimeout(this.#again);
    try {
      return this.#groups.map((group) => ({ group, face: this.#resources.faceOf(group) }));
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#again = setTimeout(() => this.#tellFaces(), AGAIN_MS);
      return [];
    }
  }
}
