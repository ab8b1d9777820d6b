import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. A copy without `.git` is one too: the tests of a bare machine have no git. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** What is in a checkout and not in the repository (.gitignore). */
const NOT_OURS: ReadonlySet<string> = new Set([
  ".git",
  "node_modules",
  "dist",
  "bench/results/local",
]);

/** Every file of the repository, or of one folder of it; paths from the root, sorted. */
export function filesOf(folder = ""): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (NOT_OURS.has(path) || path.endsWith(".tgz")) return [];
      return entry.isDirectory() ? filesOf(path) : [path];
    })
    .sort();
}

/** The folders directly in a folder. */
export function foldersOf(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function isThere(path: string): boolean {
  return existsSync(join(root, path));
}

/** Every document, by path. */
export function documents(): readonly string[] {
  return filesOf().filter((path) => path.endsWith(".md"));
}

/** The parts of a document that stand as code, in fences or in backquotes: what a reader may type. */
export function codeOf(text: string): readonly string[] {
  const fences = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? "");
  const rest = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...fences, ...[...rest.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "")];
}

/** The text below a heading, up to the next one of its level or above. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split("\n");
  const from = lines.indexOf(heading);
  if (from === -1) return "";
  const level = heading.indexOf(" ");
  const length = lines
    .slice(from + 1)
    .findIndex((line) => /^#+ /.test(line) && line.indexOf(" ") <= level);
  return lines.slice(from + 1, length === -1 ? undefined : from + 1 + length).join("\n");
}

/** The cells of all rows of all tables in a text, without their heads. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const isRule = (line: string | undefined): boolean => /^\|( --- \|)+$/.test(line ?? "");
  return lines
    .filter((line, index) => line.startsWith("|") && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}
