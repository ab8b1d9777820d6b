import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { LabUnavailable } from "./unavailable.ts";

/** What `unshare` gives every host: all that makes it a machine of its own, ended with its first process. */
export const hostNamespaces: readonly string[] = [
  "--net",
  "--mount",
  "--uts",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
];

/** How the outermost namespaces of a lab are made here. */
export interface Entrance {
  /** Options for `unshare`. */
  readonly flags: readonly string[];
  /** True where a user namespace makes us root: no real-time scheduling, and only one user is known inside. */
  readonly rootless: boolean;
}

const asRoot: Entrance = { flags: hostNamespaces, rootless: false };
const asUser: Entrance = {
  flags: ["--user", "--map-root-user", ...hostNamespaces],
  rootless: true,
};

/**
 * Finds out by trying. Root whose capabilities were taken away (a container) gets in as a user does;
 * `rootless` lets root try what a user would get.
 * @throws LabUnavailable with the sysctl to set where the kernel refuses
 */
export function findEntrance(options: { rootless?: boolean } = {}): Entrance {
  const mayBeRoot = process.getuid?.() === 0 && options.rootless !== true;
  const entrances = mayBeRoot ? [asRoot, asUser] : [asUser];
  const refusals: string[] = [];
  for (const entrance of entrances) {
    // With a mount, because AppArmor lets the namespace be made and then denies its use.
    const trial = spawnSync(
      "unshare",
      [...entrance.flags, "mount", "-t", "tmpfs", "tmpfs", "/tmp"],
      { encoding: "utf8", timeout: 10_000 },
    );
    if (trial.status === 0) return entrance;
    if (trial.error && "code" in trial.error && trial.error.code === "ENOENT") {
      throw new LabUnavailable("lab-no-unshare", "the lab needs `unshare`");
    }
    refusals.push(trial.stderr.trim() || trial.error?.message || `exit status ${trial.status}`);
  }
  throw refused(refusals.join("; "), readSetting);
}

/** A kernel setting's value, or undefined where the kernel does not know it. */
type ReadSetting = (path: string) => string | undefined;

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** The settings by which distributions keep users from namespaces: the value that refuses, the command that allows. */
const locks = [
  ["kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"],
  ["user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000"],
  [
    "kernel/apparmor_restrict_unprivileged_userns",
    "1",
    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  ],
] as const;

/** The refusal in words: `said` is what unshare printed, `read` looks up the kernel's settings. */
export function refused(said: string, read: ReadSetting): LabUnavailable {
  const commands = locks.filter(([path, closed]) => read(path) === closed).map((lock) => lock[2]);
  return new LabUnavailable(
    "lab-no-namespaces",
    `the kernel gives this user no namespaces (${said})`,
    commands.length > 0
      ? `Run as root: ${commands.join(" && ")}`
      : "Run it as root, or outside of the container that forbids it.",
  );
}
