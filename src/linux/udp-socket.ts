import {
  bind,
  closeFd,
  openSocket,
  SOCK_DGRAM,
  SOL_SOCKET,
  setOption,
  setReceiveBuffer,
} from "./sys.ts";

const AF_INET = 2;
const SO_REUSEADDR = 2;
const SO_BROADCAST = 6;
const SO_PRIORITY = 12;
const SO_BINDTODEVICE = 25;
/** The highest that needs no privilege: before the machine's bulk traffic in the queue. */
const PRIORITY = 6;
/** Some 3 000 beats: a stall of seconds loses nothing. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/**
 * A descriptor that receives and sends UDP on this one interface, broadcasts included, for
 * `dgram.Socket.bind({ fd })`. Node itself cannot bind to an interface (platform.md 3). It stays
 * good while the interface goes down and up, and must be made anew when that is deleted.
 * Throws a SysError: ENODEV, EPERM, EADDRINUSE.
 */
export function openUdpOnInterface(interfaceName: string, port: number): number {
  const fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  try {
    setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    setOption(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${interfaceName}\0`));
    setOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    setOption(fd, SOL_SOCKET, SO_PRIORITY, PRIORITY);
    setReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
    const anyAddress = Buffer.alloc(16);
    anyAddress.writeUInt16LE(AF_INET, 0);
    anyAddress.writeUInt16BE(port, 2);
    bind(fd, anyAddress);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}
