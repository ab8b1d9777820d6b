import { basename } from "node:path";
import { listProcesses, type ProcessEntry } from "./host/processes.ts";
import type { Birth } from "./host/protocol.ts";
import type { LabFacts } from "./lab.ts";
import type { HostName } from "./layout.ts";

/**
 * The commands by which a person enters the hosts of the labs that this process runs, from another terminal:
 * `nsenter` into the namespaces of the host's first program. They change with each power-on.
 */
export function enterCommands(facts: LabFacts): ReadonlyMap<HostName, string> {
  const all = listProcesses();
  // Entering the user namespace first gives a user the right to enter the others.
  const user = facts.rootless ? "--user --preserve-credentials " : "";
  return new Map(
    all
      .filter((entry) => descends(entry, process.pid, all))
      .flatMap((entry) => {
        const name = hostOf(entry);
        const flags = `${user}--mount --uts --net --pid`;
        return name === undefined
          ? []
          : [[name, `nsenter --target ${entry.pid} ${flags} --wd=/ sh`] as const];
      }),
  );
}

/** The host whose agent this process is. */
function hostOf({ argv }: ProcessEntry): HostName | undefined {
  const [program, script, birth] = argv;
  if (program !== process.execPath || basename(script ?? "") !== "host-main.js") return undefined;
  return (JSON.parse(birth ?? "") as Birth).layout.name;
}

function descends(entry: ProcessEntry, from: number, all: readonly ProcessEntry[]): boolean {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  let pid: number | undefined = entry.pid;
  while (pid !== undefined && pid !== from) pid = parents.get(pid);
  return pid === from;
}
