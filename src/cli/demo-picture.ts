import type { CableScene, NodeScene, PingBin, Scene } from "./demo-scene.ts";
import { resultLine } from "./demo-table.ts";

/** How the picture is coloured; without colours every role is the text itself. */
export type Paint = (role: "good" | "bad" | "warn" | "dim" | "bold", text: string) => string;

export const plain: Paint = (_role, text) => text;

const codes = { good: "32", bad: "31;1", warn: "33", dim: "2", bold: "1" } as const;
export const ansi: Paint = (role, text) => `\x1b[${codes[role]}m${text}\x1b[0m`;

const boxWidth = 22;

/** The picture of one moment, as lines of at most 100 columns. */
export function drawScene(scene: Scene, paint: Paint): readonly string[] {
  const { zeus, hera } = scene.nodes;
  const wall = "─".repeat(boxWidth);
  const gap = " ".repeat(17);
  const lan = "═".repeat(2 * boxWidth + 2 * 2 + gap.length);
  const served = scene.servedBy;
  return [
    `${paint("bold", "tandem demo")}  ${paint("dim", scene.about)}`,
    "",
    `  ╭${wall}╮${gap}╭${wall}╮`,
    `  │${inBox(zeus.name)}│${gap}│${inBox(hera.name)}│`,
    `  │${painted(zeus, paint)}│${cable("eth1", scene.crossover, paint)}│${painted(hera, paint)}│`,
    `  │${inBox("")}│${cable("ttyS1", scene.nullModem, paint)}│${inBox("")}│`,
    `  ╰${"─".repeat(10)}┬${"─".repeat(11)}╯${gap}╰${"─".repeat(10)}┬${"─".repeat(11)}╯`,
    `  ${" ".repeat(11)}${lanCable(zeus.lan, paint)}${" ".repeat(12)}${gap}${" ".repeat(11)}${lanCable(hera.lan, paint)}`,
    `  ${lan}  LAN`,
    `  client: 192.168.43.53 ${served === undefined ? paint("bad", "is not answered") : paint("good", `is answered by ${served}`)}`,
    `  pings  ${scene.pings.map((bin) => drawBin(bin, paint)).join("")}  ${scene.sent} sent, ${count(scene.lost, "lost", paint)}`,
    `  pages  ${scene.pages} fetched, ${count(scene.pagesFailed, "failed", paint)}`,
    "",
    `  now    ${paint("bold", scene.now)}`,
    scene.expected === "" ? "" : `         ${paint("dim", `expected: ${scene.expected}`)}`,
    ...scene.sentences.map(
      ({ node, text }, index) =>
        `  ${index === 0 ? "why" : "   "}    ${paint("dim", `${node}:`)} ${text}`,
    ),
    "",
    ...scene.done.map((result) => `  ${resultLine(result, paint)}`),
  ];
}

const inBox = (text: string): string => ` ${text}`.padEnd(boxWidth);

const roles: Readonly<Record<NodeScene["says"], Parameters<Paint>[0]>> = {
  serves: "good",
  "stands by": "dim",
  moves: "warn",
  starts: "warn",
  "no daemon": "bad",
  "no power": "bad",
};

function painted({ says }: NodeScene, paint: Paint): string {
  const mark = says === "serves" ? "●" : says.startsWith("no") ? "✗" : "○";
  return paint(roles[says], inBox(`${mark} ${says}`));
}

/** Seventeen columns between the boxes. */
function cable(name: string, state: CableScene, paint: Paint): string {
  const label = ` ${name.padEnd(5)} `;
  switch (state) {
    case "up":
      return `${label}${paint("good", "━━━━━━━━━━")}`;
    case "pulled":
      return `${label}${paint("bad", "━━ pulled ")}`;
    case "dead":
      return `${label}${paint("bad", "╌╌ dead ╌╌")}`;
    case "one way":
      return `${label}${paint("warn", "━ one way━")}`;
    case "unknown":
      return `${label}${paint("dim", "··········")}`;
  }
}

const lanCable = (state: CableScene, paint: Paint): string =>
  state === "pulled" ? paint("bad", "╳") : "┃";

function drawBin(bin: PingBin, paint: Paint): string {
  if (bin === "answered") return paint("good", "▪");
  return bin === "some" ? paint("warn", "▫") : paint("bad", "·");
}

const count = (number: number, what: string, paint: Paint): string =>
  number === 0 ? `0 ${what}` : paint("warn", `${number} ${what}`);
