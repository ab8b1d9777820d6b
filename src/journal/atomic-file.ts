import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * A file that is either the old or the new one, never half of one: written beside it and renamed.
 * On the calling thread and without fsync, for /run, which is memory. Throws the system's error.
 */
export function writeAtomicSync(path: string, bytes: string | Buffer): void {
  const beside = `${path}.new`;
  const fd = openSync(beside, "w", 0o600);
  try {
    writeFileSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, path);
}

/** The same with fsync of file and directory, on the calling thread: for what is written at start alone. */
export function writeDurableSync(path: string, bytes: string | Buffer): void {
  writeAtomicSync(path, bytes);
  for (const name of [path, dirname(path)]) {
    const fd = openSync(name, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** The same by another thread, with fsync of the file and of its directory. Rejects with the system's error. */
export async function writeDurable(path: string, bytes: string | Buffer): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
