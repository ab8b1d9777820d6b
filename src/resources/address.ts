import type { AddressConfig } from "../config/types.ts";
import type { AddressOnLink, AddressSpec } from "../linux/netlink/address.ts";
import { isSysError } from "../linux/sys.ts";
import { type AddressKernel, KERNEL } from "./address-kernel.ts";
import { ownAddressOn, type Place, placeOf } from "./address-place.ts";
import { Announcer } from "./announcer.ts";
import type { MuteList } from "./mute-list.ts";
import type { Outcome, Resource } from "./resource.ts";

/** Which address, how long it lives unrenewed, and among which others. */
export interface ServiceAddressOptions {
  readonly config: AddressConfig;
  /** L of safety.md 2: whole seconds until the kernel takes an address away that nobody renews. */
  readonly lifetimeS: number;
  /** All addresses that the cluster moves. */
  readonly service: readonly string[];
  readonly mutes: MuteList;
  readonly kernel?: AddressKernel;
}

/** An address on this machine with what renews it. */
export interface HeldAddress
  extends Required<Pick<AddressSpec, "interface" | "address" | "prefix">> {
  readonly broadcast: string | undefined;
  readonly label: string | undefined;
  readonly lifetimeS: number;
  /** When its lifetime was last set, not later than it really was. Milliseconds of CLOCK_BOOTTIME. */
  readonly renewedAt: number;
}

/** What came of looking whether an address stands before the machine's own. `text`: for the log. */
export type Step =
  | { readonly kind: "fits" }
  | { readonly kind: "stepped"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

/** The interface of an address, as the peer's probes and the carrier rule need it. */
export interface Face {
  readonly interface: string;
  readonly carrier: boolean;
  readonly ownAddress: string | undefined;
  /** Every hardware address of this machine: Linux answers for an address on any segment. */
  readonly machineMacs: readonly string[];
}

/**
 * A service address: added with a lifetime that only a healthy pulse renews, announced until it is
 * muted or stopped. Each call is a few system calls and is done when its promise is.
 */
export class ServiceAddress implements Resource {
  readonly kind = "address";
  readonly #options: ServiceAddressOptions;
  readonly #kernel: AddressKernel;
  readonly #announcer: Announcer;
  #startedAt: number | undefined;
  /** Where it was last to be: an interface that lost its own address is still that interface. */
  #place: Place | undefined;

  constructor(options: ServiceAddressOptions) {
    this.#options = options;
    this.#kernel = options.kernel ?? KERNEL;
    this.#announcer = new Announcer(() => this.#announceQuietly());
  }

  start(): Promise<Outcome> {
    return this.#try("start", () => {
      this.#options.mutes.unmute(this.#options.config.address);
      return this.#add();
    });
  }

  /** Muted before it is there, so that it never answers. */
  startMute(): Promise<Outcome> {
    return this.#try("start-mute", () => {
      this.#mute();
      return this.#add();
    });
  }

  stop(): Promise<Outcome> {
    return this.#try("stop", () => {
      this.#announcer.stop();
      this.#startedAt = undefined;
      for (const one of this.#present()) this.#kernel.deleteAddress(one);
      this.#options.mutes.unmute(this.#options.config.address);
      return STOPPED;
    });
  }

  status(): Promise<Outcome> {
    return this.#try("status", () => (this.#present().length > 0 ? RUNNING : STOPPED));
  }

  mute(): Promise<Outcome> {
    return this.#try("mute", () => {
      this.#announcer.stop();
      this.#mute();
      return this.#present().length > 0 ? RUNNING : STOPPED;
    });
  }

  unmute(): Promise<Outcome> {
    return this.#try("unmute", () => {
      this.#options.mutes.unmute(this.#options.config.address);
      return this.#present().length > 0 ? RUNNING : STOPPED;
    });
  }

  /** The first is out when this resolves; the others follow until mute, stop or the address' end. */
  announce(): Promise<Outcome> {
    return this.#try("announce", () => {
      const [here] = this.#present();
      if (here === undefined) return failed("announce: the address is not there", "stopped");
      this.#announcer.start();
      this.#kernel.announce(here.interface, here.address);
      return RUNNING;
    });
  }

  /**
   * The machine has got an address of its own in the subnet after ours was added: ours is the source
   * of the machine's own traffic there (safety.md 2). It is added again as /32, and only then taken
   * off as it was: it answers all the time. Its lifetime does not get longer by it.
   */
  stepBehind(): Step {
    const present = this.#kernel.listAddresses();
    const place = this.#placeAmong(present);
    const { address, broadcast, label } = this.#options.config;
    const here = present.find((one) => one.address === address && one.prefix !== HOST_PREFIX);
    if (here === undefined || place?.prefix !== HOST_PREFIX) return FITS;
    const isLeased = here.interface === place.interface && Number.isFinite(here.lifetimeS);
    if (!isLeased) return FITS;
    // The kernel's number is rounded up. A lifetime of one second cannot be less: it is renewed soon.
    const lifetimeS = Math.max(1, here.lifetimeS - 1);
    try {
      this.#kernel.whilePromoting(here.interface, () => {
        this.#kernel.addAddress({ ...place, address, broadcast, label, lifetimeS });
        this.#kernel.deleteAddress(here);
      });
    } catch (error) {
      if (!isSysError(error)) throw error;
      const text = `address ${address} stays the source of this machine's own traffic on ${here.interface}: ${error.message}`;
      return { kind: "refused", text };
    }
    const text = `address ${address} had become the source of this machine's own traffic on ${here.interface}: it is there as /32 now`;
    return { kind: "stepped", text };
  }

  /** What the pulse must know to renew it; undefined: it is not on the machine. */
  held(): HeldAddress | undefined {
    const [here] = this.#present();
    if (here === undefined) return undefined;
    const { config, lifetimeS } = this.#options;
    const { address, broadcast, label } = config;
    const { interface: name, prefix } = here;
    return {
      interface: name,
      address,
      prefix,
      broadcast,
      label,
      lifetimeS,
      renewedAt: this.#renewedAt(here),
    };
  }

  /** Of the interface that it is on or would be on; without a carrier where there is none. */
  face(): Face {
    const { config, service } = this.#options;
    const present = this.#kernel.listAddresses();
    const links = this.#kernel.listLinks();
    const machineMacs = [...new Set(links.flatMap((link) => link.mac ?? []))];
    const name = this.#placeAmong(present)?.interface;
    const link = links.find((one) => one.name === name);
    if (name === undefined || link === undefined)
      return { ...NO_FACE, interface: name ?? `(none for ${config.address})`, machineMacs };
    const ownAddress = ownAddressOn(name, config, present, service);
    const carrier = link.up && link.carrier;
    return { interface: name, carrier, ownAddress, machineMacs };
  }

  #add(): Outcome {
    const { config, lifetimeS } = this.#options;
    const present = this.#kernel.listAddresses();
    const place = this.#placeAmong(present);
    if (place === undefined) return failed(NO_PLACE(config), "stopped");
    // Elsewhere on this machine, or with a prefix that no longer fits: it would be there twice.
    for (const one of present) {
      const isSame = one.interface === place.interface && one.prefix === place.prefix;
      if (one.address === config.address && !isSame) this.#kernel.deleteAddress(one);
    }
    const before = this.#kernel.now();
    const { address, broadcast, label } = config;
    this.#kernel.addAddress({ ...place, address, broadcast, label, lifetimeS });
    this.#startedAt = before;
    return RUNNING;
  }

  #mute(): void {
    const { config, service, mutes } = this.#options;
    const present = this.#kernel.listAddresses();
    const name = this.#placeAmong(present)?.interface ?? "";
    mutes.mute(config.address, ownAddressOn(name, config, present, service));
  }

  #placeAmong(present: readonly AddressOnLink[]): Place | undefined {
    this.#place = placeOf(this.#options.config, present, this.#options.service) ?? this.#place;
    return this.#place;
  }

  #present(): readonly AddressOnLink[] {
    const { address } = this.#options.config;
    return this.#kernel.listAddresses().filter((one) => one.address === address);
  }

  /**
   * Of a former life's address only the kernel knows: it tells the rest of the lifetime less the
   * whole seconds that have passed (inet_fill_ifaddr), so up to one more second may have gone.
   */
  #renewedAt(here: AddressOnLink): number {
    const { lifetimeS } = this.#options;
    const passedS = Math.max(0, lifetimeS - here.lifetimeS) + 1;
    return Math.max(this.#startedAt ?? 0, this.#kernel.now() - passedS * 1000);
  }

  #announceQuietly(): void {
    const { address } = this.#options.config;
    try {
      const [here] = this.#present();
      if (here === undefined) this.#announcer.stop();
      else this.#kernel.announce(here.interface, address);
    } catch (error) {
      // The interface is down for a moment; the next time tells again.
      if (!isSysError(error)) throw error;
    }
  }

  /** What the kernel refuses is an outcome. */
  #try(operation: string, act: () => Outcome): Promise<Outcome> {
    try {
      return Promise.resolve(act());
    } catch (error) {
      if (!isSysError(error)) return Promise.reject(error);
      return Promise.resolve(failed(`${operation}: ${error.message}`, "unknown"));
    }
  }
}

const HOST_PREFIX = 32;
const FITS: Step = { kind: "fits" };
const RUNNING: Outcome = { ok: true, state: "running", detail: "" };
const STOPPED: Outcome = { ok: true, state: "stopped", detail: "" };
const NO_FACE = { carrier: false, ownAddress: undefined };
const NO_PLACE = ({ address }: AddressConfig) =>
  `start: no interface has a subnet with ${address} in it: write it as ${address}/BITS/INTERFACE`;

function failed(detail: string, state: Outcome["state"]): Outcome {
  return { ok: false, state, detail };
}
