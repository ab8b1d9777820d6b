import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

/**
 * Somebody on the LAN who wants the service: asks every 10 ms, believes announcements, asks by ARP
 * when it has no answer, and says when that changes.
 */
export class Client {
  readonly #world: World;
  readonly #address: string;
  readonly #say: (text: string) => void;
  #answeredBy: string | undefined;
  #lostAt: number | undefined;
  #lostSince = 0;

  constructor(world: World, address: string, say: (text: string) => void) {
    this.#world = world;
    this.#address = address;
    this.#say = say;
    this.#ask();
  }

  #ask(): void {
    const by = this.#whoAnswers();
    const { now } = this.#world;
    if (by === undefined) {
      this.#lostAt ??= now;
      if (now - this.#lostAt >= ASK_BY_ARP_MS) this.#world.network.neighbours.delete(this.#address);
    }
    if (by !== this.#answeredBy) this.#sayChange(by);
    if (by !== undefined) this.#lostAt = undefined;
    this.#world.queue.after(EVERY_MS, () => this.#ask());
  }

  #sayChange(by: string | undefined): void {
    const { now } = this.#world;
    if (by === undefined) {
      this.#lostSince = now;
      this.#say(`${this.#address} does not answer`);
    } else if (this.#answeredBy !== undefined) {
      this.#say(`${this.#address} answers from ${by}, nothing lost`);
    } else {
      const ms = Math.round((now - this.#lostSince) / EVERY_MS) * EVERY_MS;
      this.#say(`${this.#address} answers from ${by} after ${ms} ms`);
    }
    this.#answeredBy = by;
  }

  #whoAnswers(): string | undefined {
    const { network, hosts } = this.#world;
    const believed = network.neighbours.get(this.#address);
    for (const side of SIDES) {
      const host = hosts[side];
      if (!network.clientSees(side) || !host.answersFor(this.#address)) continue;
      const mac = host.macOf(network.lan.name);
      // Without a belief it asks, and believes the first answer.
      if (believed === undefined) network.neighbours.set(this.#address, mac);
      if (believed === undefined || believed === mac) return host.name.split(".")[0];
    }
    return undefined;
  }
}

const EVERY_MS = 10;
/** Linux asks again by ARP some seconds after an entry stopped answering. */
const ASK_BY_ARP_MS = 5_000;
