import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";

/**
 * Mounts by util-linux's `mount`, in our own mount namespace: the machine sees none of it.
 * @throws Error with what `mount` said
 */
export function mount(...args: readonly string[]): void {
  const done = spawnSync("mount", args, { encoding: "utf8", timeout: 10_000 });
  if (done.status === 0) return;
  const why = done.stderr?.trim() || done.error?.message || `status ${done.status}`;
  throw new Error(`mount ${args.join(" ")}: ${why}`);
}

/** Recursive, because a user namespace may not uncover what lies below a mount by leaving its submounts out. */
export function bind(from: string, to: string): void {
  mount("--rbind", from, to);
}

/** A fresh file system in memory at `path`, which is there. */
export function mountMemory(path: string): void {
  mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", path);
}

/** An empty file to bind another one over. */
export function bindFile(from: string, to: string): void {
  writeFileSync(to, "", { flag: "a" });
  mount("--bind", from, to);
}

/**
 * A directory that looks like `real` but whose top level is ours to add to and to take from: every entry is
 * a link to where `real` was bound, except those named in `own`. Links are copied as they are, since
 * relative ones are meant from their place.
 */
export function mirror(real: string, mirrored: string, own: ReadonlySet<string>): void {
  mkdirSync(mirrored, { recursive: true });
  for (const name of readdirSync(real)) {
    if (own.has(name)) continue;
    const from = `${real}/${name}`;
    const target = lstatSync(from).isSymbolicLink() ? readlinkSync(from) : from;
    symlinkSync(target, `${mirrored}/${name}`);
  }
}
