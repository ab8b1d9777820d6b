import { fileURLToPath } from "node:url";
import type { LabHost } from "../../src/lab/host.ts";

const hooks = new URL("../../test/lab/typescript-hooks.mjs", import.meta.url);

/** Runs a program of this folder on a host, to its end. @returns what it printed, which is JSON of a `Told` */
export async function runAgent<Told>(
  host: LabHost,
  agent: { program: `${string}-main.ts`; args: readonly (string | number)[]; realtime: boolean },
): Promise<Told> {
  const program = fileURLToPath(new URL(agent.program, import.meta.url));
  const node = [process.execPath, "--single-threaded-gc", "--import", hooks.href, program];
  // The priority of a daemon: what it suffers, the agent does.
  const argv = [
    ...(agent.realtime ? ["chrt", "-r", "10"] : []),
    ...node,
    ...agent.args.map(String),
  ];
  let output = "";
  let complaints = "";
  const running = await host.spawn(argv, (text, stream) => {
    if (stream === "stdout") output += text;
    else complaints += text;
  });
  const { code } = await running.ended;
  if (code !== 0) throw new Error(`${agent.program} on ${host.name}: ${complaints.trim() || code}`);
  return JSON.parse(output) as Told;
}
