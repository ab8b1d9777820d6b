import { type Command, Option } from "commander";
import { enterCommands } from "../lab/enter.ts";
import { tandem } from "../lab/paths.ts";
import { Cluster } from "../lab/story/cluster.ts";
import { failbackNow, tutorialFiles, written } from "../lab/story/files.ts";
import { playStory, type StepResult } from "../lab/story/play.ts";
import { type Step, type StepName, stepNames, steps, storyOf } from "../lab/story/steps.ts";
import { LabUnavailable } from "../lab/unavailable.ts";
import { demoDocument } from "./demo-document.ts";
import type { Paint } from "./demo-picture.ts";
import { factsLine, type Progress, sceneOf } from "./demo-scene.ts";
import { paintFor, Screen } from "./demo-screen.ts";
import { resultLine, resultTable } from "./demo-table.ts";
import { type Output, standardOutput, writeJson } from "./output.ts";

interface DemoOptions {
  readonly story?: StepName;
  readonly keep?: boolean;
  readonly json?: boolean;
}

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("a whole cluster on this machine, with a client watching; needs no root")
    .addOption(
      new Option("--story <name>", "this event alone, and what leads up to it").choices(stepNames),
    )
    .option("--keep", "stay up afterwards, to be played with by hand; Ctrl-C ends it")
    .option("--json", "for programs: schema tandem.demo/1")
    .addHelpText(
      "after",
      "\nExit status: 0 all as expected, 1 not, 3 no namespaces here, 130 interrupted.",
    )
    .action(async (options: DemoOptions) => {
      process.exitCode = await demo(options, standardOutput);
    });
}

/** Exit status: 0 everything went as expected, 1 it did not, 3 this machine cannot give us a lab, 130 interrupted. */
async function demo(options: DemoOptions, output: Output): Promise<number> {
  const progress = { step: undefined, begunAt: Infinity, now: "the machines get power", done: [] };
  const show = new Show(options, output, progress);
  let cluster: Cluster;
  try {
    cluster = await Cluster.start();
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    process.stderr.write(`tandem demo: ${error.message} [${error.code}]\n${error.nextStep}\n`);
    return 3;
  }
  const interrupted = new Promise<"interrupted">((resolve) => {
    process.once("SIGINT", () => resolve("interrupted"));
    process.once("SIGTERM", () => resolve("interrupted"));
  });
  try {
    show.opens(cluster);
    const story = options.story === undefined ? steps : storyOf(options.story);
    const results = await Promise.race([playStory(cluster, story, show), interrupted]);
    if (results === "interrupted") return 130;
    show.ends(cluster, results);
    if (options.keep) {
      show.stays(cluster);
      await interrupted;
    }
    return results.every((result) => result.ok) ? 0 : 1;
  } finally {
    show.closes();
    await cluster.close();
  }
}

/** What the spectator sees: a live picture on a terminal, lines elsewhere, a document with --json. */
class Show {
  readonly #options: DemoOptions;
  readonly #output: Output;
  readonly #paint: Paint;
  #progress: Progress;
  #screen: Screen | undefined;

  constructor(options: DemoOptions, output: Output, progress: Progress) {
    this.#options = options;
    this.#output = output;
    this.#progress = progress;
    this.#paint = paintFor(process.stdout.isTTY && !options.json);
  }

  opens(cluster: Cluster): void {
    if (this.#options.json) return;
    this.#output.write(`${introduction(cluster)}\n\n`);
    if (!process.stdout.isTTY) return;
    this.#screen = new Screen(() => sceneOf(cluster, this.#progress), this.#paint);
  }

  begins(step: Step, at: number): void {
    this.#progress = { ...this.#progress, step, begunAt: at, now: step.title };
    this.#say(`${step.name}: ${step.title}; expected: ${step.expected}`);
  }

  settles(step: Step): void {
    this.#progress = { ...this.#progress, now: `${step.title}: counting what the client lost` };
  }

  ended(result: StepResult): void {
    const done = [...this.#progress.done, result];
    this.#progress = { ...this.#progress, done, now: "the pair comes to rest" };
    for (const { node, text } of result.sentences) this.#say(`  ${node}: ${text}`);
    this.#say(`  ${resultLine(result, this.#paint)}`);
  }

  ends(cluster: Cluster, results: readonly StepResult[]): void {
    this.closes();
    if (this.#options.json) writeJson(this.#output, demoDocument(cluster, results));
    else this.#output.write(`\n${resultTable(results, this.#paint)}`);
  }

  stays(cluster: Cluster): void {
    const lines = [...enterCommands(cluster.lab.facts)].map(
      ([host, command]) => `  ${host.padEnd(6)}  ${command}\n`,
    );
    // The document of --json is alone on its output.
    const output = this.#options.json ? process.stderr : this.#output;
    output.write(
      `\nThe pair stays up until Ctrl-C. To enter a host, from another terminal:\n${lines.join("")}` +
        `There: ${tandem} status, ${tandem} standby, tail -f /var/log/ha-log; on the client: ping 192.168.43.53\n`,
    );
  }

  closes(): void {
    this.#screen?.close();
    this.#screen = undefined;
  }

  /** A line of progress, for those who have no picture. */
  #say(line: string): void {
    if (this.#screen === undefined && !this.#options.json) this.#output.write(`${line}\n`);
  }
}

/** What is played, and in what it differs from two machines under a desk. */
function introduction({ lab, timers }: Cluster): string {
  const printed = tutorialFiles();
  const played = tutorialFiles(timers);
  const isEdited = printed["ha.cf"] !== played["ha.cf"];
  const numbers = `keepalive ${written(timers.keepaliveMs)}, warntime ${written(timers.warntimeMs)}, deadtime ${written(timers.deadtimeMs)}, initdead ${written(timers.initdeadMs)}`;
  return [
    `Tandem demo, ${factsLine(lab.facts)}.`,
    "The tutorial's ha.cf, haresources and authkeys" +
      (isEdited
        ? `, with other numbers: ${numbers} (keepalive 2, warntime 6, deadtime 12, initdead 150 as printed).`
        : "."),
    `tandem.cf says \`${failbackNow.trim()}\`: after a death the address would else stay where it is for 60 s.`,
    "A client pings 192.168.43.53 every 10 ms, fetches its page every 100 ms and asks who has it every 50 ms.",
  ].join("\n");
}
