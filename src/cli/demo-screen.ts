import { ansi, drawScene, type Paint, plain } from "./demo-picture.ts";
import type { Scene } from "./demo-scene.ts";

/** Pictures a second: enough for the eye, little for the machine that is being measured. */
const redrawMs = 100;

/** Draws the live picture over itself on a terminal. Redraws on a clock of its own, until it is closed. */
export class Screen {
  readonly #timer: NodeJS.Timeout;
  readonly #scene: () => Scene;
  readonly #paint: Paint;
  #lines = 0;

  constructor(scene: () => Scene, paint: Paint) {
    this.#scene = scene;
    this.#paint = paint;
    process.stdout.write("\x1b[?25l");
    this.#timer = setInterval(() => this.draw(), redrawMs);
  }

  draw(): void {
    const rows = process.stdout.rows || 40;
    const columns = process.stdout.columns || 100;
    const lines = drawScene(this.#scene(), this.#paint)
      .slice(0, rows - 1)
      .map((line) => clip(line, columns));
    const up = this.#lines === 0 ? "" : `\x1b[${this.#lines}A`;
    const text = lines.map((line) => `${line}\x1b[K\n`).join("");
    this.#lines = lines.length;
    // What a longer picture left below is cleared.
    process.stdout.write(`\r${up}${text}\x1b[J`);
  }

  close(): void {
    clearInterval(this.#timer);
    this.draw();
    process.stdout.write("\x1b[?25h\n");
  }
}

/** Colours where somebody sees them and has not asked for none (no-color.org). */
export function paintFor(isTerminal: boolean): Paint {
  return isTerminal && !process.env["NO_COLOR"] ? ansi : plain;
}

/** Cuts a line to the width of the terminal: a wrapped one would ruin the redraw. Escape sequences take no room. */
export function clip(line: string, columns: number): string {
  let shown = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const parts = line.split(/(\x1b\[[0-9;]*m)/);
  const kept = parts.map((part, index) => {
    if (index % 2 === 1) return part;
    const room = columns - shown;
    const characters = [...part];
    shown += Math.min(room, characters.length);
    return characters.length <= room ? part : characters.slice(0, room).join("");
  });
  return kept.join("");
}
