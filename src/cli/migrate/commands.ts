import type { MigrationFacts } from "./facts.ts";

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
/** Debian's. */
const DEFAULT_PROGRAM = "/usr/libexec/heartbeat/heartbeat";

export function commandsFor(facts: MigrationFacts): Commands {
  const { configDir, home } = facts;
  const tandem = `${home}/bin/tandem`;
  const where = configDir === DEFAULT_CONFIG_DIR ? "" : ` --config-dir ${configDir}`;
  return {
    check: `${tandem} check${where}`,
    checkForHeartbeat: `${tandem} check --for heartbeat${where}`,
    migrate: `${tandem} migrate${where}`,
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
      stopTandem: ["kill -TERM $(cat /run/tandem/tandemd.pid)"],
    };
  const unit = [
    `cp ${home}/packaging/tandem.service /etc/systemd/system/`,
    "systemctl daemon-reload",
  ];
  return {
    startTandem: [
      ...(tandem.start.service.kind === "systemd" ? [] : unit),
      "systemctl enable --now tandem",
    ],
    stopTandem: ["systemctl disable --now tandem"],
  };
}
