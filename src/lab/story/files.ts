/**
 * The three files of the tutorial, byte for byte as printed (product.md 1). A story is played with
 * exactly these; only the numbers of the timers may be others, so that nobody waits for minutes.
 */
const haCf = `serial /dev/ttyS1
watchdog /dev/watchdog
bcast eth1
keepalive 2
warntime 6
deadtime 12
initdead 150
baud 9600
udpport 694
autofailback on
node zeus.example.com
node hera.example.com
respawn hacluster /usr/lib/heartbeat/ccm
`;
const haresources = "zeus.example.com 192.168.43.53 httpd\n";
const authkeys = "auth 42\n42 crc\n";

/** The numbers of ha.cf that a story may change, in milliseconds. */
export interface StoryTimers {
  readonly keepaliveMs: number;
  readonly warntimeMs: number;
  readonly deadtimeMs: number;
  readonly initdeadMs: number;
}

/** As printed. */
export const printedTimers: StoryTimers = {
  keepaliveMs: 2000,
  warntimeMs: 6000,
  deadtimeMs: 12_000,
  initdeadMs: 150_000,
};

/** What the demo plays with: the same proportions, six times as fast. */
export const quickTimers: StoryTimers = {
  keepaliveMs: 200,
  warntimeMs: 600,
  deadtimeMs: 2000,
  initdeadMs: 10_000,
};

/** A story goes on after a death, instead of waiting the 60 s of safety.md 6. */
export const failbackNow = "auto_failback_now on\n";

/** The files for /etc/ha.d with these timers: nothing but the four numbers differs from the printed ones. */
export function tutorialFiles(timers: StoryTimers = printedTimers): Record<string, string> {
  const numbers = {
    keepalive: timers.keepaliveMs,
    warntime: timers.warntimeMs,
    deadtime: timers.deadtimeMs,
    initdead: timers.initdeadMs,
  };
  let edited = haCf;
  for (const [directive, ms] of Object.entries(numbers)) {
    edited = edited.replace(new RegExp(`^${directive} .*$`, "m"), `${directive} ${written(ms)}`);
  }
  return { "ha.cf": edited, haresources, authkeys };
}

/** As ha.cf writes times: whole seconds bare, others with their unit. */
export function written(ms: number): string {
  return ms % 1000 === 0 ? String(ms / 1000) : `${ms}ms`;
}
