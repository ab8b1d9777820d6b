import { ipv4Bytes } from "./ipv4.ts";
import { closeFd, openSocket, SOCK_RAW, setOption, setReceiveBuffer } from "./sys.ts";

const AF_INET = 2;
/** All answers of many seconds, should we sleep. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/**
 * A raw socket that sends ICMP and hears every echo reply that comes to this machine, whoever asked.
 * It is never connected: the kernel tells an unconnected raw socket of no ICMP error, and an error
 * would end the poll. Throws a SysError: EPERM.
 */
export function openEchoSocket(): number {
  const IPPROTO_ICMP = 1;
  const SOL_RAW = 255;
  const ICMP_FILTER = 1;
  const fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  try {
    // A set bit is a type that is kept away: all but echo replies (type 0).
    setOption(fd, SOL_RAW, ICMP_FILTER, ~1);
    setReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

/** struct sockaddr_in of a host, for `send`. */
export function echoDestination(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  ipv4Bytes(address).copy(bytes, 4);
  return bytes;
}
