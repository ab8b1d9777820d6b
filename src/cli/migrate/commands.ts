import type { MigrationFacts } from "./facts.ts";
import type { Way } from "./situation.ts";

/** What to type for each part of the way, on a machine like this one; each line is one command, typed as root. */
export interface Commands {
  readonly check: string;
  readonly checkForHeartbeat: string;
  readonly migrate: string;
  readonly status: string;
  readonly takeover: string;
  readonly standby: string;
  readonly stopHeartbeat: readonly string[];
  readonly startHeartbeat: readonly string[];
  readonly startTandem: readonly string[];
  readonly stopTandem: readonly string[];
}

const DEFAULT_CONFIG_DIR = "/etc/ha.d";
/** Of which the unit speaks. */
const DEFAULT_HOME = "/opt/tandem";
const UNIT_DIR = "/etc/systemd/system";
const PID_FILE = "/run/tandem/tandemd.pid";
/** Debian's. */
const DEFAULT_PROGRAM = "/usr/libexec/heartbeat/heartbeat";

export function commandsFor(facts: MigrationFacts, way: Way): Commands {
  const { configDir, home } = facts;
  const tandem = `${home}/bin/tandem`;
  const where = configDir === DEFAULT_CONFIG_DIR ? "" : ` --config-dir ${configDir}`;
  return {
    check: `${tandem} check${where}`,
    checkForHeartbeat: `${tandem} check --for heartbeat${where}`,
    migrate: `${tandem} migrate${way === "back" ? " --back" : ""}${where}`,
    status: `${tandem} status`,
    takeover: `${tandem} takeover`,
    standby: `${tandem} standby`,
    ...heartbeatCommands(facts),
    ...tandemCommands(facts, where),
  };
}

/** Out of the boot as well: two programs that start on one machine would be one node twice. */
function heartbeatCommands({
  heartbeat,
  init,
}: MigrationFacts): Pick<Commands, "stopHeartbeat" | "startHeartbeat"> {
  const { service } = heartbeat.start;
  if (service.kind === "systemd") {
    const [name] = service.unit.split(".service");
    return {
      stopHeartbeat: [`systemctl disable --now ${name}`],
      startHeartbeat: [`systemctl enable --now ${name}`],
    };
  }
  if (service.kind === "init-script") {
    const [off, on] = bootCommands(init.bootTool);
    return {
      stopHeartbeat: [`${service.path} stop`, off],
      startHeartbeat: [on, `${service.path} start`],
    };
  }
  const program = heartbeat.program ?? DEFAULT_PROGRAM;
  return { stopHeartbeat: [`${program} -k`], startHeartbeat: [program] };
}

function bootCommands(
  tool: MigrationFacts["init"]["bootTool"],
): readonly [off: string, on: string] {
  return tool === "chkconfig"
    ? ["chkconfig heartbeat off", "chkconfig heartbeat on"]
    : ["update-rc.d heartbeat disable", "update-rc.d heartbeat enable"];
}

function tandemCommands(
  { init, tandem, home }: MigrationFacts,
  where: string,
): Pick<Commands, "startTandem" | "stopTandem"> {
  if (!init.hasSystemd)
    return {
      startTandem: [`${home}/bin/tandemd${where}`],
      // It hands over first: a Heartbeat that is started meanwhile would be the same node twice.
      stopTandem: [`kill -TERM $(cat ${PID_FILE})`, `while [ -e ${PID_FILE} ]; do sleep 1; done`],
    };
  const unit = [unitCommand(home, where), "systemctl daemon-reload"];
  return {
    startTandem: [
      ...(tandem.start.service.kind === "systemd" ? [] : unit),
      "systemctl enable --now tandem",
    ],
    stopTandem: ["systemctl disable --now tandem"],
  };
}

/** The unit as it is, where it names this Tandem and its files. */
function unitCommand(home: string, where: string): string {
  const unit = `${home}/packaging/tandem.service`;
  const edits = [
    ...(home === DEFAULT_HOME ? [] : [`s#${DEFAULT_HOME}#${home}#`]),
    ...(where === "" ? [] : [`s#^ExecStart=.*#&${where}#`]),
  ];
  if (edits.length === 0) return `cp ${unit} ${UNIT_DIR}/`;
  return `sed '${edits.join("; ")}' ${unit} >${UNIT_DIR}/tandem.service`;
}
