/**
 * On a host: sends one datagram over and over, as fast as the machine takes it, and tells how many went out.
 * Arguments: ADDRESS, SECONDS, the datagram in hex.
 */
import { ipv4Bytes } from "../../src/linux/ipv4.ts";
import { closeFd, isSysError, openSocket, SOCK_DGRAM, send } from "../../src/linux/sys.ts";
import type { FloodReport } from "./flood-report.ts";

const AF_INET = 2;
/** `udpport` of the tutorial. */
const beatPort = 694;
/** Between two looks at the clock. */
const batch = 64;

const [address = "", seconds = "", hex = ""] = process.argv.slice(2);
const datagram = Buffer.from(hex, "hex");
const to = Buffer.alloc(16);
to.writeUInt16LE(AF_INET, 0);
to.writeUInt16BE(beatPort, 2);
ipv4Bytes(address).copy(to, 4);

const fd = openSocket(AF_INET, SOCK_DGRAM, 0);
const from = Date.now();
const until = from + Number(seconds) * 1000;
let sent = 0;
while (Date.now() < until) {
  for (let count = 0; count < batch; count++) {
    try {
      send(fd, datagram, to);
      sent += 1;
    } catch (error) {
      // Its own buffer is full for now.
      if (!isSysError(error, "EAGAIN", "ENOBUFS")) throw error;
    }
  }
}
closeFd(fd);
const report: FloodReport = { sent, from, until: Date.now() };
process.stdout.write(JSON.stringify(report));
