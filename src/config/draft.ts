import type { NodeName } from "../base/names.ts";
import type { Located } from "./source.ts";
import type { LogConfig, PingNodeConfig, RespawnConfig } from "./types.ts";

/**
 * ha.cf as far as it has been read: each value with its place, defaults not yet filled in. Media are
 * built only from the whole draft, so that baud and udpport count wherever they stand.
 */
export interface HaCfDraft {
  readonly nodes: Located<NodeName>[];
  readonly media: Located<MediumDraft>[];
  readonly pings: Located<PingNodeConfig>[];
  readonly respawn: Located<RespawnConfig>[];
  readonly times: Partial<Record<TimeName, Located<number>>>;
  readonly log: { -readonly [Key in keyof LogConfig]?: LogConfig[Key] };
  baud?: Located<number>;
  udpport?: Located<number>;
  autoFailback?: Located<"on" | "off" | "legacy">;
  watchdog?: Located<string>;
  hopfudge?: number;
  msgfmt?: "classic" | "netstring";
  realtime?: boolean;
}

export type TimeName = "keepalive" | "deadtime" | "warntime" | "initdead" | "deadping";

/** What one line, or one word of it, says of a medium. */
export type MediumDraft =
  | { readonly kind: "bcast"; readonly interface: string }
  | { readonly kind: "serial"; readonly device: string }
  | {
      readonly kind: "ucast" | "ucast6";
      readonly interface: string;
      readonly target: string;
    }
  | {
      readonly kind: "mcast" | "mcast6";
      readonly interface: string;
      readonly group: string;
      readonly port: number;
      readonly ttl: number;
      readonly loop: boolean;
    };

export function emptyDraft(): HaCfDraft {
  return { nodes: [], media: [], pings: [], respawn: [], times: {}, log: {} };
}
