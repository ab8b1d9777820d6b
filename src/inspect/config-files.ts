import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { ConfigFile, ConfigFiles } from "../config/files.ts";

/** Reads the four files of a directory (`/etc/ha.d`) as they are: what is wrong with them is for src/config to say. */
export async function readConfigFiles(configDir: string, bytesMax: number): Promise<ConfigFiles> {
  const read = (name: string) => readConfigFile(join(configDir, name), bytesMax);
  const [hacf, haresources, authkeys, tandemcf] = await Promise.all([
    read("ha.cf"),
    read("haresources"),
    read("authkeys"),
    read("tandem.cf"),
  ]);
  return { hacf, haresources, authkeys, tandemcf };
}

/** One file, never more than `bytesMax` of it, never waiting (a FIFO would). Never rejects. */
export async function readConfigFile(name: string, bytesMax: number): Promise<ConfigFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return { kind: "unreadable", name, reason: "it is not a regular file" };
    if (stat.size > bytesMax) return { kind: "too-large", name, sizeBytes: stat.size };
    const text = (await readUpTo(handle, stat.size)).toString("utf8");
    return { kind: "text", name, text, mode: stat.mode & 0o7777 };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing", name };
    return { kind: "unreadable", name, reason: REASONS.get(code) ?? code };
  } finally {
    await handle?.close();
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied (EACCES)"],
  ["ELOOP", "too many symbolic links (ELOOP)"],
  ["ENXIO", "it is not a regular file"],
]);

/** What is there up to a size: a file that grows meanwhile is not followed. */
async function readUpTo(handle: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
