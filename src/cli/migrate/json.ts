import type { MigrationReport } from "./report.ts";

/** The report for programs, `tandem.migrate/1`: a shape of its own, so that the inside may move without it. */
export function migrationJson(report: MigrationReport): object {
  const { facts, judgement, situation } = report;
  const { heartbeat, tandem } = facts;
  return {
    schema: "tandem.migrate/1",
    way: report.way,
    node: facts.own.toLowerCase(),
    peer: situation?.peer ?? null,
    verdict: report.verdict,
    state: stateOf(report),
    found: {
      configDir: facts.configDir,
      usable: judgement.config !== undefined,
      heartbeatStarts: judgement.heartbeatStarts,
      heartbeat: {
        installed: heartbeat.program !== undefined,
        pid: heartbeat.pid ?? null,
        service: heartbeat.start.service.kind,
        atBoot: heartbeat.start.atBoot,
        uuid: heartbeat.identity.uuid ?? null,
        generation: heartbeat.identity.generation ?? null,
      },
      tandem: {
        runs: facts.daemon.kind === "status",
        service: tandem.start.service.kind,
        atBoot: tandem.start.atBoot,
        uuid: tandem.identity.uuid ?? null,
      },
      peer: situation?.there ?? "unknown",
      joined: situation?.joined ?? false,
      groups: (situation?.groups ?? []).map(({ config, where }) => ({
        name: config.name,
        preferred: config.preferred,
        where,
      })),
    },
    problems: report.problems.map(({ file, line, column, severity, code, message, mend }) => ({
      ...{ file, line, column, severity, code, message, mend },
    })),
    differences: report.differences.map(({ subject, text }) => ({ subject, text })),
    obstacles: report.obstacles.map(({ what, mend }) => ({ what, mend })),
    steps: report.steps.map(({ number, node, what, state, commands, check, back, note }) => ({
      ...{ number, node, what, state, commands, check, back, note },
    })),
  };
}

function stateOf({ obstacles, steps }: MigrationReport): "mend" | "next" | "done" {
  if (obstacles.length > 0) return "mend";
  return steps.some(({ state }) => state === "next") ? "next" : "done";
}
