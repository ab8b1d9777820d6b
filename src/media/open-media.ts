import type { MediumName } from "../base/names.ts";
import type { MediumConfig } from "../config/types.ts";
import type { Medium, MediumCallbacks, SendOptions } from "./medium.ts";
import { openSerial } from "./serial.ts";
import { openUdp } from "./udp.ts";

/** All media of a configuration, told apart by name. */
export interface Media {
  /** A name that is not among them is ignored: the configuration may just have changed. */
  send(name: MediumName, bytes: Uint8Array, options: SendOptions): void;
  medium(name: MediumName): Medium | undefined;
  close(): void;
}

/** As MediumCallbacks, with the name of the medium. */
export interface MediaCallbacks {
  onBytes(name: MediumName, bytes: Uint8Array): void;
  onUnread(name: MediumName, count: number): void;
  onState(name: MediumName, usable: boolean, detail: string): void;
}

/** Opens them all and keeps trying those that fail; each reports by its callbacks, never by a throw. */
export function openMedia(configs: readonly MediumConfig[], callbacks: MediaCallbacks): Media {
  const media = new Map<MediumName, Medium>();
  for (const config of configs) {
    const medium = openMedium(config, {
      onBytes: (bytes) => callbacks.onBytes(config.name, bytes),
      onUnread: (count) => callbacks.onUnread(config.name, count),
      onState: (usable, detail) => callbacks.onState(config.name, usable, detail),
    });
    media.set(config.name, medium);
  }
  return {
    send: (name, bytes, options) => media.get(name)?.send(bytes, options),
    medium: (name) => media.get(name),
    close: () => {
      for (const medium of media.values()) medium.close();
    },
  };
}

function openMedium(config: MediumConfig, callbacks: MediumCallbacks): Medium {
  return config.kind === "serial" ? openSerial(config, callbacks) : openUdp(config, callbacks);
}
