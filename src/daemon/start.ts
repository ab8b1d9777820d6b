import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { assert } from "../base/assert.ts";
import { nodeName } from "../base/names.ts";
import type { ClusterConfig, Diagnostic } from "../config/types.ts";
import { ControlServer, groupIdOf } from "../control/server.ts";
import { exclusivePlaces } from "../core/cluster/exclusive.ts";
import type { Boot, ClusterRecord } from "../core/cluster/world.ts";
import type { LogLevel } from "../core/step.ts";
import { type Identity, loadIdentity } from "../journal/identity.ts";
import { Journal, loadRecord, makeDirectories } from "../journal/journal.ts";
import { bootId } from "../linux/boot-id.ts";
import { requestRealtime } from "../linux/scheduling.ts";
import type { FromPulse, PulseSettings } from "../pulse/link.ts";
import type { DaemonEvent } from "./environment.ts";
import { FirewallWatch } from "./firewall-watch.ts";
import { GroupResources } from "./group-resources.ts";
import { LinuxEnvironment } from "./linux-environment.ts";
import { LogFile } from "./log-file.ts";
import { NetworkEvents } from "./network-events.ts";
import { ClusterNode } from "./node.ts";
import { diagnosticLine } from "./read-configuration.ts";

/** Where the files are, this boot's memory, and the machine's. */
export interface Directories {
  readonly configDir: string;
  readonly runDir: string;
  readonly stateDir: string;
}

/** The running daemon, as main sees it. */
export interface Daemon {
  readonly fromPulse: (message: FromPulse) => void;
  readonly pulseGone: () => void;
}

/** Below the pulse's: a takeover decided in a starved process would come as late as a beat. */
const REALTIME_PRIORITY = 5;
/** A bug of ours: EX_SOFTWARE of sysexits(3). */
export const EXIT_BUG = 70;

/** Puts the parts together and boots the cluster machine; the pulse is configured first of all. */
export function startDaemon(what: {
  readonly directories: Directories;
  readonly config: ClusterConfig;
  readonly diagnostics: readonly Diagnostic[];
}): Daemon {
  const { directories, config, diagnostics } = what;
  const log = openLog(config);
  for (const one of diagnostics) {
    if (one.severity !== "hint") log.write("WARN", diagnosticLine(one));
    else if (one.code === "not-run") log.write("info", diagnosticLine(one));
  }
  makeDirectories(directories);
  const identity = loadIdentity(directories);
  for (const note of identity.notes) log.write("info", note);
  const loaded = loadRecord({ ...directories, bootId: bootId() });
  for (const complaint of loaded.complaints) log.write("ERROR", complaint);
  const parts = assemble(directories, config, log);
  const boot = bootOf(config, {
    identity,
    record: loaded.record,
    present: parts.resources.present(),
  });
  begin(parts, boot, settingsOf(boot, identity.generation));
  // Not waited for: a name service that hangs must not keep us from answering the pulse.
  void openControl(parts.control, log);
  const firewall = new FirewallWatch(config, parts.deliver);
  return {
    fromPulse: (message) => {
      if (message.kind === "hello") parts.journal.storeGeneration(message.generation);
      if (parts.environment.isEnding) return;
      parts.node.handle({ kind: "from-pulse", message });
      // After the answer to the pulse: nobody waits for a look.
      if (message.kind === "tick") firewall.ticked(message);
    },
    pulseGone: () => {
      if (!parts.environment.isEnding) parts.node.handle({ kind: "pulse-gone" });
    },
  };
}

interface Parts {
  readonly config: ClusterConfig;
  readonly log: LogFile;
  readonly journal: Journal;
  readonly resources: GroupResources;
  readonly control: ControlServer;
  readonly environment: LinuxEnvironment;
  readonly node: ClusterNode;
  readonly deliver: (event: DaemonEvent) => void;
}

function assemble(directories: Directories, config: ClusterConfig, log: LogFile): Parts {
  const deliver = (event: DaemonEvent) => {
    if (!environment.isEnding) node.handle(event);
  };
  const onDisk = (ok: boolean, detail: string) => deliver({ kind: "disk", ok, detail });
  const journal = new Journal({ ...directories, onDisk });
  const resources = new GroupResources(config, directories.configDir);
  const control = new ControlServer({
    runDir: directories.runDir,
    node: nodeName(hostname()),
    status: () => {
      const status = node.status();
      assert(status !== undefined, "the sockets open after the boot event");
      return status;
    },
    request: (id, request) => deliver({ kind: "request", id, request }),
  });
  const environment: LinuxEnvironment = new LinuxEnvironment({
    config,
    resources,
    journal,
    log,
    deliver,
    answer: (id, answer) => control.answer(id, answer),
    changed: () => control.changed(),
  });
  const node: ClusterNode = new ClusterNode(environment);
  return { config, log, journal, resources, control, environment, node, deliver };
}

/** In this order: the pulse knows its media before it is told to speak, the core boots before it hears anything. */
function begin(parts: Parts, boot: Boot, settings: PulseSettings): void {
  const { config, resources, environment, node, log, deliver } = parts;
  if (config.realtime) log.write("info", `tandemd: ${requestRealtime(REALTIME_PRIORITY)}`);
  const { record } = boot;
  const ofThisBoot = record?.bootId === boot.bootId ? record : undefined;
  const refused = resources.beginMutes((group) => ofThisBoot?.groups[group]?.word === "owned");
  if (refused !== undefined) log.write("WARN", `no address can be muted: ${refused}`);
  environment.toPulse({ kind: "configure", settings });
  node.handle({ kind: "boot", boot });
  const groups = config.groups.map((group) => group.name);
  const say = (level: LogLevel, text: string) => log.write(level, text);
  new NetworkEvents(groups, resources, deliver, say).start(process.ppid);
  resources.orderUnits().then(
    (failure) => failure === undefined || log.write("WARN", failure),
    (error: unknown) => log.write("ERROR", `cannot order units: ${String(error)}`),
  );
}

function bootOf(
  config: ClusterConfig,
  found: {
    readonly identity: Identity;
    readonly record: ClusterRecord | undefined;
    readonly present: Boot["present"];
  },
): Boot {
  return {
    self: nodeName(hostname()),
    config,
    bootId: bootId(),
    wallSeconds: Math.floor(Date.now() / 1000),
    record: found.record,
    present: found.present,
    uuid: found.identity.uuid,
    seed: randomBytes(4).readUInt32LE(),
  };
}

function settingsOf(boot: Boot, storedGeneration: number): PulseSettings {
  const { config, record } = boot;
  const { timers, media, pings, keys, hopfudge, msgfmt, realtime, nodes } = config;
  const peer = record?.peer;
  const pinned =
    peer?.native === true ? { uuid: peer.uuid, generation: peer.generation } : undefined;
  const exclusive = exclusivePlaces(config.groups);
  const wire = { timers, media, exclusive, pings, keys, hopfudge, msgfmt, realtime };
  return { self: boot.self, nodes, uuid: boot.uuid, storedGeneration, pinned, ...wire };
}

/** Without its sockets the daemon still keeps the service: it says so and goes on. */
async function openControl(control: ControlServer, log: LogFile): Promise<void> {
  try {
    await control.open(await groupIdOf("haclient"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.write("ERROR", `no control sockets, \`tandem status\` cannot ask: ${why}`);
  }
}

function openLog(config: ClusterConfig): LogFile {
  const source = { node: nodeName(hostname()), pid: process.pid };
  const log = new LogFile(config.log, source, (what) => process.stderr.write(`tandemd: ${what}\n`));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`tandemd: ${error.stack}\n`);
    log.writeLast(`tandemd ends: ${error.stack}`);
    process.exit(EXIT_BUG);
  });
  return log;
}
