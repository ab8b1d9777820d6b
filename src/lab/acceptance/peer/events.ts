import { cleanStop, crash, partition } from "./deaths.ts";
import type { PeerEvent } from "./event.ts";
import { ipfail } from "./ipfail.ts";
import { loss, planned } from "./moves.ts";
import { heartbeatPreferred, tandemPreferred } from "./pair.ts";
import { replacement } from "./replacement.ts";
import { otherFirst, preferredFirst, steady, together } from "./starts.ts";

/** What a pair with a real Heartbeat in it goes through, in the order of playing. */
export const peerEvents: readonly PeerEvent[] = [
  together,
  preferredFirst,
  otherFirst,
  crash,
  cleanStop,
  planned,
  ipfail,
  loss,
  partition,
  replacement("zeus", tandemPreferred),
  replacement("hera", heartbeatPreferred),
  steady,
];
