import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { diskDirectories } from "../disk.ts";
import { hostsFile, serialDevice } from "../layout.ts";
import { bind, mirror, mount, mountMemory } from "../mount.ts";
import type { Birth } from "./protocol.ts";
import { apacheConfiguration, httpdScript } from "./web-script.ts";

/** Makes this mount namespace look like a machine of its own; nothing is written to the real file systems. */
export function furnish(birth: Birth): void {
  const { place, layout } = birth;
  const fresh = `${place}/hosts/${layout.name}/${birth.bootId}`;
  furnishEtc(birth, `${fresh}/etc`);
  mirror(`${place}/real/var-lib`, `${fresh}/var-lib`, new Set(["tandem", "heartbeat"]));
  mkdirSync(`${fresh}/var-lib/tandem`);
  mkdirSync(`${fresh}/var-lib/heartbeat`);
  bind(`${fresh}/etc`, "/etc");
  bind(`${fresh}/var-lib`, "/var/lib");
  for (const [name, path] of Object.entries(diskDirectories)) {
    if (existsSync(path)) bind(`${place}/disk/${layout.name}/${name}`, path);
  }
  writeFileSync(`${fresh}/boot_id`, `${birth.bootId}\n`);
  mount("--bind", `${fresh}/boot_id`, "/proc/sys/kernel/random/boot_id");
  if (birth.tty !== undefined) mount("--bind", birth.tty, serialDevice);
  mountMemory("/dev/shm");
  furnishRun();
  // Its own, or /sys/class/net would show the interfaces of the switch. Read-only, because where the machine's
  // own is (a container), the kernel gives a user no other.
  mount("-t", "sysfs", "-o", "ro", "sysfs", "/sys");
}

function furnishEtc(birth: Birth, etc: string): void {
  const { layout, place } = birth;
  const files: Record<string, string> = {
    hosts: hostsFile(),
    hostname: `${layout.fullName}\n`,
    // Identity that differs between machines must differ between hosts.
    "machine-id": `${createHash("md5").update(`tandem lab ${layout.fullName}`).digest("hex")}\n`,
    "resolv.conf": "",
  };
  const own = new Set([...Object.keys(files), "ha.d", "init.d", "lab"]);
  mirror(`${place}/real/etc`, etc, own);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${etc}/${name}`, text);
  for (const directory of ["ha.d", "init.d", "lab"]) mkdirSync(`${etc}/${directory}`);
  writeFileSync(`${etc}/lab/apache2.conf`, apacheConfiguration(layout.fullName));
  writeFileSync(`${etc}/init.d/httpd`, httpdScript(birth.web, layout.fullName));
  chmodSync(`${etc}/init.d/httpd`, 0o755);
}

/** Without /run/systemd/system no program takes the host for one that systemd manages. */
function furnishRun(): void {
  mountMemory("/run");
  mkdirSync("/run/lock", { mode: 0o1777 });
  // A machine whose /var/run is a directory of its own would share it between the hosts.
  if (existsSync("/var/run") && !lstatSync("/var/run").isSymbolicLink()) bind("/run", "/var/run");
}
