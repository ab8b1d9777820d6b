import { isSysError, setScheduler } from "./sys.ts";

const SCHED_RR = 2;
/** Children are ordinary: a resource script must not starve the machine. */
const SCHED_RESET_ON_FORK = 0x40000000;

/**
 * Asks for real-time scheduling of this process's main thread, the one that beats. Answers with a
 * sentence for status and log: `SCHED_RR 10`, or why not.
 */
export function requestRealtime(priority: number): string {
  try {
    setScheduler(SCHED_RR | SCHED_RESET_ON_FORK, priority);
    return `SCHED_RR ${priority}`;
  } catch (error) {
    if (!isSysError(error)) throw error;
    return `no SCHED_RR: ${reason(error.code)}`;
  }
}

function reason(code: string): string {
  switch (code) {
    case "EPERM":
      return "EPERM: not permitted here (needs CAP_SYS_NICE on the machine itself, or a limit on RTPRIO)";
    case "ENOSYS":
      return "ENOSYS: this C library has no sched_setscheduler (musl): start under chrt -r";
    default:
      return `${code}: the kernel refused`;
  }
}
