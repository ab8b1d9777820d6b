import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readText, root } from "./repository.ts";

/**
 * A page, or a part of it between two marks, that is made from the code. With `REWRITE=1` it is
 * written; the answer is what stands there. Rewrite all with
 * `REWRITE=1 npx vitest run --project unit test/tidy`.
 */
export function pageOrRewrite(path: string, made: string): string {
  if (process.env["REWRITE"] === "1") writeFileSync(join(root, path), made);
  return readText(path);
}

/** `text` with what stands between the marks `<!-- name -->` and `<!-- /name -->` replaced. */
export function withPart(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the marks of ${name} are not there`);
  return text.slice(0, from + begin.length) + part + text.slice(to);
}
