import { countOf } from "../diagnostic-format.ts";
import type { Commands } from "./commands.ts";
import type { MigrationFacts } from "./facts.ts";
import type { Obstacle } from "./plan.ts";
import { type Judgement, ownsAll, type Situation, type Way } from "./situation.ts";

/** What has to be mended or waited for before any next step: empty where one may go on. */
export function obstaclesOf(
  facts: MigrationFacts,
  judgement: Judgement,
  situation: Situation | undefined,
  commands: Commands,
  way: Way,
): readonly Obstacle[] {
  return [
    ...inTheFiles(judgement, situation, commands, way),
    ...(way === "back" ? withoutHeartbeat(facts) : []),
    ...(facts.daemon.kind === "mute" ? [{ what: facts.daemon.why, mend: facts.daemon.next }] : []),
    ...(situation === undefined ? [] : inTheState(facts, situation, commands, way)),
  ];
}

function inTheFiles(
  { config, diagnostics, heartbeatStarts }: Judgement,
  situation: Situation | undefined,
  commands: Commands,
  way: Way,
): readonly Obstacle[] {
  if (config === undefined) {
    return [
      {
        what: `Tandem cannot use the files: ${countOf(diagnostics, "error")}`,
        mend: `Mend what \`${commands.check}\` prints, on both machines.`,
      },
    ];
  }
  if (situation === undefined) {
    const what = "ha.cf names no other node: there is no pair to change";
    return [{ what, mend: "Write a line `node NAME` for the other machine, on both." }];
  }
  const isRunning = situation.here === "heartbeat";
  if (heartbeatStarts || (way === "to-tandem" && !isRunning)) return [];
  return [
    {
      what: `Heartbeat ${isRunning ? "runs, and would not start again" : "would not start"} with these files: the way back is closed`,
      mend: `Mend what \`${commands.checkForHeartbeat}\` prints, on both machines.`,
    },
  ];
}

function withoutHeartbeat({ heartbeat }: MigrationFacts): readonly Obstacle[] {
  if (heartbeat.program !== undefined || heartbeat.start.service.kind !== "none") return [];
  return [
    {
      what: "Heartbeat is not installed on this machine",
      mend: "Install its package, and keep it from being started: beside a Tandem on one machine it would be one node twice.",
    },
  ];
}

function inTheState(
  facts: MigrationFacts,
  situation: Situation,
  commands: Commands,
  way: Way,
): readonly Obstacle[] {
  switch (situation.here) {
    case "both":
      return [
        {
          what: "Heartbeat and Tandem both run on this machine: that is one node twice",
          mend: `Stop one of them: \`${(way === "back" ? commands.stopTandem : commands.stopHeartbeat).join("`, `")}\`.`,
        },
      ];
    case "nothing":
      return leftOver(situation, commands);
    case "tandem":
      return facts.daemon.kind === "status" ? inTheCluster(situation, commands) : [];
    default:
      return [];
  }
}

/** A Heartbeat that was killed leaves what it had; its clean stop does not. */
function leftOver({ groups, peer }: Situation, commands: Commands): readonly Obstacle[] {
  const left = groups.filter(({ where }) => where === "here");
  return left.map(({ config }) => ({
    what: `${config.name} is on this machine, and neither Heartbeat nor Tandem runs here`,
    mend: `A Heartbeat was killed, or somebody set the address. If ${peer} serves, remove it with \`ip address del\`; else \`${commands.startHeartbeat.at(-1)}\`, and stop it cleanly.`,
  }));
}

function inTheCluster(situation: Situation, commands: Commands): readonly Obstacle[] {
  const { there, peer, joined, groups } = situation;
  const doubled = groups.filter(({ where }) => where === "both");
  if (doubled.length > 0)
    return doubled.map(({ config }) => ({
      what: `two nodes claim ${config.name}`,
      mend: `See \`${commands.status}\`: they settle it as soon as they hear each other.`,
    }));
  if (there === "silent")
    return ownsAll(situation)
      ? []
      : [
          {
            what: `${peer} is not heard, and not everything is served here`,
            mend: `Wait a moment and see \`${commands.status}\`: a cable, a firewall on UDP 694, or a key that differs. The way back: \`${commands.stopTandem.join("`, `")}\`, \`${commands.startHeartbeat.join("`, `")}\`.`,
          },
        ];
  if (joined) return [];
  return [
    {
      what: `this node has not joined ${peer} yet`,
      mend: `Wait a moment, then \`${commands.migrate}\` again; \`${commands.status}\` shows what is missing.`,
    },
  ];
}
