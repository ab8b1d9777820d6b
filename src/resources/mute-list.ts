import type { AddressKernel } from "./address-kernel.ts";

/** The addresses of this machine that stay silent in ARP; the kernel wants the whole list at once. */
export class MuteList {
  readonly #kernel: Pick<AddressKernel, "setMuted">;
  readonly #muted = new Map<string, string | undefined>();

  constructor(kernel: Pick<AddressKernel, "setMuted">) {
    this.#kernel = kernel;
  }

  /**
   * What a former life may have left: unless these are muted again, all become audible. Throws a
   * SysError where the kernel cannot mute; then nothing was muted either.
   */
  begin(
    muted: readonly { readonly address: string; readonly ownAddress: string | undefined }[],
  ): void {
    for (const { address, ownAddress } of muted) this.#muted.set(address, ownAddress);
    this.#apply();
  }

  /** Throws a SysError where the kernel cannot mute: then the address is audible. */
  mute(address: string, ownAddress: string | undefined): void {
    const had = this.#muted.has(address);
    this.#muted.set(address, ownAddress);
    try {
      this.#apply();
    } catch (error) {
      if (!had) this.#muted.delete(address);
      throw error;
    }
  }

  /** Nothing is asked of the kernel where nothing was muted: it may not know how. */
  unmute(address: string): void {
    if (this.#muted.delete(address)) this.#apply();
  }

  #apply(): void {
    const muted = [...this.#muted].map(([address, ownAddress]) => ({ address, ownAddress }));
    this.#kernel.setMuted(muted);
  }
}
