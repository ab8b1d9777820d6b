import type { GroupStatus, Status } from "../../control/client/index.ts";
import { bootTimeMs } from "../../linux/clock.ts";
import type { LabHost } from "../host.ts";
import { hostLayouts, type NodeHost } from "../layout.ts";
import { builtProgram } from "../paths.ts";
import { type LogLine, type NodeNews, readLogLine } from "./node-news.ts";

/** Lines kept of a node's log: far more than a story makes it write. */
const linesMax = 10_000;

/** What is known of a node from its own words: the newest status of its daemon, and its log. */
export class NodeWatch {
  readonly name: NodeHost;
  readonly log: LogLine[] = [];
  /** Undefined: no daemon runs there, or the host is off. */
  status: Status | undefined;
  /** When that status was told, CLOCK_BOOTTIME in milliseconds. */
  statusAt = 0;
  /** When a daemon that had told its status was last found to be gone. */
  goneAt = 0;
  readonly #onNews: () => void;

  constructor(name: NodeHost, onNews: () => void) {
    this.name = name;
    this.#onNews = onNews;
  }

  /** As the configuration names it: zeus.example.com. */
  get fullName(): string {
    return hostLayouts[this.name].fullName;
  }

  /** The first group: the story has one. */
  get group(): GroupStatus | undefined {
    return this.status?.groups[0];
  }

  /** Begins to watch a host that has just got its power. */
  async start(host: LabHost): Promise<void> {
    let rest = "";
    const watcher = await host.spawn(
      [process.execPath, "--single-threaded-gc", builtProgram("story/watch-main.js")],
      (text, stream) => {
        // Not our daemon's words, but whoever looks for why a story failed will want them.
        if (stream === "stderr") this.#keep({ at: bootTimeMs(), level: "watch", text });
        if (stream === "stderr") return;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#received(JSON.parse(line) as NodeNews);
      },
    );
    void watcher.ended.then(() => this.#forget());
  }

  /** The newest line of the log since `at` that matches. */
  said(pattern: RegExp, since: number): LogLine | undefined {
    return this.log.findLast((line) => line.at >= since && pattern.test(line.text));
  }

  #received(news: NodeNews): void {
    switch (news.kind) {
      case "status":
        this.status = news.status;
        this.statusAt = news.at;
        break;
      case "down":
        if (this.status !== undefined) this.goneAt = news.at;
        this.status = undefined;
        break;
      case "log":
        this.#keep(readLogLine(news.at, news.line));
        break;
    }
    this.#onNews();
  }

  #keep(line: LogLine): void {
    this.log.push(line);
    if (this.log.length > linesMax) this.log.shift();
  }

  #forget(): void {
    this.status = undefined;
    this.#onNews();
  }
}
