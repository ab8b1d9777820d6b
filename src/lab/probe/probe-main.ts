import { askForever } from "./arp.ts";
import { pingForever } from "./icmp.ts";
import { fetchForever } from "./pages.ts";

/**
 * The client's eyes. Arguments: what to look at (pings, arp, pages), the address, the interval in
 * milliseconds. Writes reports (report.ts) to standard output until it is ended.
 */
const [kind, address = "", interval = ""] = process.argv.slice(2);
const intervalMs = Number(interval);

switch (kind) {
  case "pings":
    pingForever(address, intervalMs);
    break;
  case "arp":
    askForever(address, "eth0", intervalMs);
    break;
  case "pages":
    fetchForever(address, intervalMs);
    break;
  default:
    throw new Error(`no such probe: ${kind}`);
}
