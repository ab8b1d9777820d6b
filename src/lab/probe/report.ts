/**
 * What the client's probes tell, one JSON object a line. All times are milliseconds of CLOCK_BOOTTIME: the
 * same clock on every host of the lab, and the one that the daemons write down.
 */
export type Report = PingReport | ArpReport | PageReport;

export interface PingReport {
  readonly kind: "pings";
  readonly at: number;
  /** Pings whose fate is known since the last report, in the order in which it became known. */
  readonly settled: readonly Ping[];
  /** Sent and neither answered nor given up. */
  readonly waiting: number;
}

/** One ICMP echo. */
export interface Ping {
  /** Counted from 0, without gaps. */
  readonly sequence: number;
  readonly sentAt: number;
  /** Absent: lost, not answered within `lostAfterMs`. A late answer is late, not lost. */
  readonly answeredAt?: number;
}

/** Who answered one question "who has the address?" on the LAN. */
export interface ArpReport {
  readonly kind: "arp";
  readonly askedAt: number;
  readonly answers: readonly { readonly mac: string; readonly at: number }[];
}

/** One page fetched on a connection of its own. */
export interface PageReport {
  readonly kind: "page";
  readonly at: number;
  readonly tookMs: number;
  /** HTTP status; absent where no answer came. */
  readonly status?: number;
  /** The name of the host that served it: the first line of the page. */
  readonly server?: string;
  /** The error's code: ECONNREFUSED, ECONNRESET, ETIMEDOUT, … */
  readonly error?: string;
}

/** A ping that is not answered for so long is lost. */
export const lostAfterMs = 2000;
