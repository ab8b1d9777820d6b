import { renameSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * The embedded web service: what the lab's httpd script runs where there is no Apache. Every page is the name
 * of the host that answered. Arguments: pid file, host name.
 */
const [pidFile = "/run/lab-web.pid", host = "unknown"] = process.argv.slice(2);

const server = createServer((_request, response) => {
  response.setHeader("content-type", "text/plain");
  response.setHeader("connection", "close");
  response.end(`${host}\n`);
});

// The pid file appears whole, and not before connections are accepted: the script waits for it.
server.listen(80, "0.0.0.0", () => {
  writeFileSync(`${pidFile}.new`, `${process.pid}\n`);
  renameSync(`${pidFile}.new`, pidFile);
});

process.on("SIGTERM", () => {
  unlinkSync(pidFile);
  process.exit(0);
});
