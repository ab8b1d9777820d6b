import type { ErrorCode } from "../../base/errors.ts";
import { addressLifetimeMs } from "../../config/lifetime.ts";
import type { ClusterConfig, Diagnostic, GroupConfig, ScriptConfig } from "../../config/types.ts";
import { isExclusive } from "../../core/cluster/exclusive.ts";
import type { MigrationFacts } from "./facts.ts";
import type { Judgement } from "./situation.ts";

/** One thing that is not as it was, once Tandem runs in the place of Heartbeat. */
export interface Difference {
  /** A line of a file, a resource, a tool. */
  readonly subject: string;
  readonly text: string;
}

/** What the table of directives says of a line that Heartbeat runs in another way, or Tandem not at all. */
const OF_THE_TABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "not-run",
  "done-otherwise",
  "legacy-failback",
  "lifetime-sum",
  "lifetime-too-coarse",
]);

/** Whether the difference is told among the differences, and needs no place among the problems. */
export function isDifference({ code }: Diagnostic): boolean {
  return OF_THE_TABLE.has(code);
}

/** In the order: directives, keys, resources, conduct, tools. */
export function differencesOf(facts: MigrationFacts, judgement: Judgement): readonly Difference[] {
  const { config } = judgement;
  return [
    ...judgement.diagnostics.filter(isDifference).map(ofDirective),
    ...judgement.forHeartbeat.filter((one) => !isTold(one, judgement)).map(ofHeartbeat),
    ...(config === undefined ? [] : ofKeys(config)),
    ...ofIdentity(facts),
    ...(config === undefined ? [] : ofResources(facts, config)),
    ...(config === undefined ? [] : ofConduct(config)),
    ...TOOLS,
  ];
}

/** A problem of the same line is told with its mend: once is enough. */
function isTold({ file, line }: Diagnostic, { diagnostics }: Judgement): boolean {
  return diagnostics.some(
    (one) =>
      one.file === file && one.line === line && one.severity !== "hint" && !isDifference(one),
  );
}

function ofDirective(diagnostic: Diagnostic): Difference {
  return { subject: placeOf(diagnostic), text: diagnostic.message };
}

/** Where Heartbeat is the stricter one, or reads something else than stands there. */
function ofHeartbeat(diagnostic: Diagnostic): Difference {
  const { severity, message, mend } = diagnostic;
  const who = severity === "error" ? "Heartbeat refuses it, Tandem may take it" : "Heartbeat";
  return { subject: placeOf(diagnostic), text: `${who}: ${message}. ${mend}` };
}

/** `ha.cf:3`: the directory is the same for all of them. */
export function placeOf({ file, line }: Diagnostic): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return line === 0 ? name : `${name}:${line}`;
}

function ofKeys({ keys }: ClusterConfig): readonly Difference[] {
  if (keys.keys.length < 2) return [];
  const text =
    "has several keys: Tandem then sends the form of which a Heartbeat takes each of them, so that keys can be changed one node at a time; two Heartbeats cannot, over UDP";
  return [{ subject: "authkeys", text }];
}

function ofIdentity({ heartbeat, tandem, own }: MigrationFacts): readonly Difference[] {
  const list: Difference[] = [];
  const { nodeInfo, identity } = heartbeat;
  if (nodeInfo !== undefined && nodeInfo.toLowerCase() !== own.toLowerCase())
    list.push({
      subject: "nodeinfo",
      text: `Heartbeat calls this machine ${nodeInfo}; Tandem goes by \`uname -n\`, which says ${own}`,
    });
  const ours = tandem.identity.uuid;
  if (identity.uuid !== undefined && ours !== undefined && ours !== identity.uuid)
    list.push({
      subject: "uuid",
      text: "Tandem was started here before Heartbeat was, and has a uuid of its own: the other node will log that this one changed its uuid. With Tandem stopped, `rm /var/lib/tandem/uuid` has it take Heartbeat's",
    });
  return list;
}

function ofResources(facts: MigrationFacts, config: ClusterConfig): readonly Difference[] {
  const resources = config.groups.flatMap((group) => group.resources);
  const seconds = addressLifetimeMs(config.timers) / 1000;
  const addresses = resources.filter((one) => one.kind === "address").map(({ name }) => name);
  const scripts = resources.filter((one) => one.kind === "script");
  return [
    ...(addresses.length === 0
      ? []
      : [
          {
            subject: addresses.join(", "),
            text: `Tandem adds an address itself, without IPaddr: with a lifetime of ${seconds} s that it renews, so that a machine that hangs loses it`,
          },
        ]),
    ...new Map(scripts.map((one) => [one.script, ofScript(facts, one)])).values(),
    ...config.groups.filter(isExclusive).map(ofExclusive),
  ];
}

function ofScript({ machine, configDir }: MigrationFacts, { script }: ScriptConfig): Difference {
  const fact = machine.scripts.get(script);
  const looked = (text: string): Difference => ({ subject: script, text });
  if (fact === undefined) return looked("not looked for");
  if (!fact.found) return looked("not on this machine: neither program can run it here");
  if (!fact.where.startsWith("/"))
    return looked(
      `the systemd unit ${fact.where}, by systemctl; Heartbeat runs /etc/init.d/${script}`,
    );
  const isPackaged = fact.where.startsWith(`${configDir}/resource.d/`);
  const stay = isPackaged ? ": leave the package that it is from installed" : "";
  return looked(`${fact.where}, as for Heartbeat${stay}`);
}

function ofExclusive({ name }: GroupConfig): Difference {
  const text =
    "is never started on one node before it has stopped on the other: a stop that fails holds it back and says so, where Heartbeat restarts the machine";
  return { subject: name, text };
}

function ofConduct({ autoFailback, log }: ClusterConfig): readonly Difference[] {
  return [
    {
      subject: "a silent node",
      text: "before Tandem takes what it had, it asks the address by ARP who answers",
    },
    {
      subject: "a cut that heals",
      text: "Tandem beside Heartbeat keeps what it has, and Heartbeat gives up and starts anew; two Tandems settle it within a second",
    },
    ...(autoFailback === "off"
      ? []
      : [
          {
            subject: "after a death",
            text: "groups go back once their node has been up for 60 s, longer after a second death; `auto_failback_now on` in tandem.cf is Heartbeat's way",
          },
        ]),
    {
      subject: "the log",
      text: `${log.logfile ?? "/var/log/ha-log"}, in the same shape, with other sentences: docs/operating.md`,
    },
  ];
}

const TOOLS: readonly Difference[] = [
  {
    subject: "cl_status",
    text: "says that Heartbeat is stopped where Tandem runs: use `tandem status`, its exit status, or `--json`",
  },
  { subject: "hb_standby", text: "`tandem standby`, with the same words" },
  { subject: "hb_takeover", text: "`tandem takeover`, with the same words" },
];
