import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { MachineError } from "../src/base/errors.ts";
import { findEntrance } from "../src/lab/namespaces.ts";

/** What the tests with real processes need of the machine, and whether it is there. */
interface Need {
  readonly what: string;
  /** What is done without it; absent: nothing can be. */
  readonly otherwise?: string;
  /** The continuous integration is known to have it: its lack there is a failure, never a skipped test. */
  readonly inCi: boolean;
  readonly isThere: () => boolean;
}

const succeeds = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", timeout: 10_000 }).status === 0;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const needs: readonly Need[] = [
  {
    what: "root",
    otherwise: "the lab runs in a user namespace",
    inCi: true,
    isThere: () => process.getuid?.() === 0,
  },
  {
    what: "user namespaces",
    otherwise: "nothing is shown about running without root",
    inCi: true,
    isThere: () => succeeds("unshare", "--user", "--map-root-user", "--net", "--mount", "true"),
  },
  { what: "pseudo-terminals", inCi: true, isThere: () => isWritable("/dev/ptmx") },
  {
    what: "real-time scheduling (SCHED_RR)",
    otherwise: "daemons and probes run without it, and are later",
    inCi: false,
    isThere: () => succeeds("chrt", "-r", "10", "true"),
  },
];

/** What only test/packages needs; .ci/run installs it. */
const packages: readonly Need[] = [
  { what: "Apache", inCi: true, isThere: () => existsSync("/usr/sbin/apache2") },
  {
    what: "Heartbeat 3.0.6",
    inCi: true,
    isThere: () => existsSync("/etc/ha.d/harc"),
  },
  { what: "nft", inCi: true, isThere: () => existsSync("/usr/sbin/nft") },
  { what: "iptables", inCi: true, isThere: () => existsSync("/usr/sbin/iptables-nft") },
  {
    what: "firewalld with D-Bus",
    inCi: true,
    isThere: () => existsSync("/usr/sbin/firewalld") && existsSync("/usr/bin/dbus-daemon"),
  },
  { what: "ufw", inCi: true, isThere: () => existsSync("/usr/sbin/ufw") },
];

/** Before the first test with real processes: what they run is built, what they need is told. */
export function setup(project: TestProject): void {
  report(project.name === "packages" ? [...needs, ...packages] : needs);
  try {
    findEntrance();
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    // As `tandem demo`: what the machine lacks is no failed test, and the exit status says so.
    process.stderr.write(`${error.message}\n${error.nextStep}\n`);
    process.exit(3);
  }
  build();
}

function report(wanted: readonly Need[]): void {
  const lacks: string[] = [];
  for (const { what, otherwise, inCi, isThere } of wanted) {
    const there = isThere();
    console.log(
      `  ${there ? "have" : "LACK"}  ${what}${there || !otherwise ? "" : `: ${otherwise}`}`,
    );
    if (!there && (otherwise === undefined || (inCi && process.env["CI"] === "true"))) {
      lacks.push(what);
    }
  }
  if (lacks.length > 0) throw new Error(`needed for these tests: ${lacks.join(", ")}`);
}

/** Real daemons always run what `npm run build` made of these sources. */
function build(): void {
  const built = spawnSync("npm", ["run", "--silent", "build"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}
