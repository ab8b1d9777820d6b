import { lookup } from "node:dns/promises";
import { isIPv4, isIPv6 } from "node:net";
import { BackOff } from "./back-off.ts";

/** A host as the configuration names it, and its address once that is known. */
export interface HostAddress {
  readonly host: string;
  readonly address: string | undefined;
  /** Why there is none; undefined, too, while the first look-up is under way. */
  readonly failure: string | undefined;
  close(): void;
}

/**
 * An address is taken as it is. A name is looked up until it is found, and then kept, as Heartbeat
 * keeps it: a resolver that is away shall not take a working cable with it. `changed` is called when
 * there is something new to read, never before this has returned.
 */
export function hostAddress(host: string, family: 4 | 6, changed: () => void): HostAddress {
  return new LookedUp(host, family, changed);
}

class LookedUp implements HostAddress {
  readonly host: string;
  readonly #family: 4 | 6;
  readonly #changed: () => void;
  #address: string | undefined;
  #failure: string | undefined;
  readonly #lookingUp = new BackOff(() => void this.#lookUp());
  #closed = false;

  constructor(host: string, family: 4 | 6, changed: () => void) {
    this.host = host;
    this.#family = family;
    this.#changed = changed;
    if (family === 4 ? isIPv4(host) : isIPv6(host)) this.#found(host);
    else void this.#lookUp();
  }

  get address(): string | undefined {
    return this.#address;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  close(): void {
    this.#closed = true;
    this.#lookingUp.end();
  }

  #found(address: string): void {
    this.#address = address;
    this.#failure = undefined;
  }

  async #lookUp(): Promise<void> {
    try {
      const { address } = await lookup(this.host, { family: this.#family });
      this.#found(address);
    } catch (error) {
      const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
      this.#failure = `no address for this name (${code ?? String(error)})`;
    }
    if (this.#closed) return;
    this.#changed();
    if (this.#address === undefined) this.#lookingUp.failed();
  }
}
