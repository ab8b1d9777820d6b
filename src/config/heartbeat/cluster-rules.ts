import { quoted } from "../source.ts";
import { BOOLEAN } from "../values.ts";
import { booleanRule, each, onlyOnce, type Rule, SILENT } from "./rule.ts";

const node: Rule = each((value, _line, { nodes }) => {
  const name = value.text.toLowerCase();
  if (!nodes.has(name)) nodes.set(name, value);
});

const autoFailback: Rule = each((value, _line, _state, report) => {
  const mend = "Write `auto_failback on` or `auto_failback off`.";
  if (value.text.toLowerCase() === "legacy")
    report.warn(value, "3.0.6 warns that `legacy` is deprecated", mend);
  else if (!BOOLEAN.read(value.text).ok)
    report.refuse(
      value,
      `${quoted(value.text)} is none of on, off, legacy: 3.0.6 refuses it ${SILENT}`,
      mend,
    );
});

const niceFailback: Rule = (line, state, report) => {
  booleanRule()(line, state, report);
  const what = "obsolete: 3.0.6 cries, and takes on and off alike as `legacy`";
  if (line.values.length > 0) report.warn(line.name, what, "Write `auto_failback on`.");
};

const PACEMAKER_WORDS = ["respawn", "minimal", "manual", "valgrind"];

const crm: Rule = each((value, line, state, report) => {
  onlyOnce("crm", value, state, report);
  const word = value.text.toLowerCase();
  const reading = BOOLEAN.read(word);
  state.pacemaker = reading.ok && !reading.value ? "off" : "instead";
  if (state.pacemaker === "off") return;
  const mend = `Write \`${line.name.text} off\`: the groups of haresources need it.`;
  if (word === "ccm-only") report.warn(value, "3.0.6 does not read haresources with it", mend);
  else if (reading.ok || PACEMAKER_WORDS.includes(word))
    report.refuse(value, "it leaves haresources unread and wants Pacemaker's programs", mend);
  else report.refuse(value, `${quoted(value.text)} is no word for it`, mend);
});

const autojoin: Rule = each((value, _line, state, report) => {
  const word = value.text.toLowerCase();
  if (["other", "any"].includes(word)) state.autojoin = value;
  else if (word !== "none") {
    const why = `${quoted(value.text)} is none of none, other, any`;
    report.refuse(value, why, "Write `autojoin none`.");
  }
});

/** What only Pacemaker reads is a boolean all the same. */
const forPacemaker: Rule = booleanRule();

const beforeCrm: Rule = (line, state, report) => {
  forPacemaker(line, state, report);
  if (state.pacemaker !== undefined && line.values.length > 0)
    report.refuse(line.name, "it must stand above `crm`", "Remove the line: `crm` is off.");
};

/** Above `crm` the directory is looked into, below it the line is not used (seen with 3.0.6). */
const daemonDir: Rule = (line, { pacemaker }, report) => {
  if (line.values.length === 0) return;
  const mend = "Remove the line: without Pacemaker nobody reads it.";
  if (pacemaker === undefined)
    report.refuse(line.name, `3.0.6 refuses it above \`crm\` ${SILENT}`, mend);
  else report.warn(line.name, "3.0.6 complains that it stands below `crm`", mend);
};

/** Who the cluster is. */
export const CLUSTER_RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ["node", node],
  ["auto_failback", autoFailback],
  ["nice_failback", niceFailback],
  ["crm", crm],
  ["pacemaker", crm],
  ["autojoin", autojoin],
  ["crmd_spawns_pengine", beforeCrm],
  ["crm_daemon_dir", daemonDir],
  ["record_config_changes", forPacemaker],
  ["record_pengine_inputs", forPacemaker],
  ["enable_config_writes", forPacemaker],
];
