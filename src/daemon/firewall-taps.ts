import type { MediumConfig } from "../config/types.ts";
import { interfaceIndex, isSysError } from "../linux/sys.ts";
import { openUdpTap, type TappedDatagram, type UdpTap } from "../linux/udp-tap.ts";

export type UdpMedium = Exclude<MediumConfig, { kind: "serial" }>;
export type Direction = "in" | "out";

/** The packet sockets that look beside the media's own: at most one for each medium and direction. */
export class FirewallTaps {
  readonly #open = new Map<string, { readonly tap: UdpTap; readonly index: number }>();

  /** What has passed since the last time; undefined: nobody has looked all the while. */
  read(medium: UdpMedium, direction: Direction): readonly TappedDatagram[] | undefined {
    const open = this.#open.get(keyOf(medium, direction));
    try {
      return open?.tap.read();
    } catch (error) {
      if (!isSysError(error)) throw error;
      this.#close(medium, direction);
      return undefined;
    }
  }

  /** Opens or closes one. Says why it cannot be opened; undefined: it is as wished, or there is nothing to look at. */
  wish(medium: UdpMedium, direction: Direction, isWanted: boolean): string | undefined {
    const index = isWanted ? interfaceIndex(medium.interface) : undefined;
    const open = this.#open.get(keyOf(medium, direction));
    if (open !== undefined && open.index === index) return undefined;
    this.#close(medium, direction);
    if (index === undefined) return undefined;
    try {
      const tap = openUdpTap(index, { direction, family: familyOf(medium), port: medium.port });
      this.#open.set(keyOf(medium, direction), { tap, index });
      return undefined;
    } catch (error) {
      if (!isSysError(error)) throw error;
      // The medium itself says that its interface is down or gone.
      return ["ENETDOWN", "ENODEV", "ENXIO"].includes(error.code) ? undefined : error.message;
    }
  }

  #close(medium: UdpMedium, direction: Direction): void {
    const key = keyOf(medium, direction);
    this.#open.get(key)?.tap.close();
    this.#open.delete(key);
  }
}

export function familyOf({ kind }: UdpMedium): 4 | 6 {
  return kind === "ucast6" || kind === "mcast6" ? 6 : 4;
}

function keyOf({ name }: UdpMedium, direction: Direction): string {
  return `${direction} ${name}`;
}
