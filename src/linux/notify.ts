import { closeFd, isSysError, openSocket, SOCK_DGRAM, send } from "./sys.ts";

const AF_UNIX = 1;
/** sizeof(sun_path): longer names are no socket's. */
const PATH_SIZE_MAX = 108;

/**
 * sd_notify(3) without its library: tells the service manager (`READY=1`, `WATCHDOG=1`,
 * `STATUS=…`), one datagram to the socket that $NOTIFY_SOCKET names. False: nobody asked to be
 * told, the manager does not listen, or the machine has no descriptor left: no reason to do anything else.
 */
export function notify(
  state: string,
  socketName: string | undefined = process.env["NOTIFY_SOCKET"],
  /** Tests put a kernel of their own here. */
  open: typeof openSocket = openSocket,
): boolean {
  if (socketName === undefined || socketName === "") return false;
  const name = Buffer.from(`${socketName}\0`);
  if (name.length > PATH_SIZE_MAX) return false;
  const isAbstract = socketName.startsWith("@");
  if (isAbstract) name[0] = 0;
  // An abstract name has no end mark: its length is the address's.
  const path = isAbstract ? name.subarray(0, -1) : name;
  let fd: number | undefined;
  try {
    fd = open(AF_UNIX, SOCK_DGRAM, 0);
    send(fd, Buffer.from(state), Buffer.concat([Buffer.from([AF_UNIX, 0]), path]));
    return true;
  } catch (error) {
    if (!isSysError(error)) throw error;
    return false;
  } finally {
    if (fd !== undefined) closeFd(fd);
  }
}
