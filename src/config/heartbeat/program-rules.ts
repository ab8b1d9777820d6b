import { nodeName } from "../../base/names.ts";
import { quoted, type Word } from "../source.ts";
import type { Report } from "./report.ts";
import type { Rule } from "./rule.ts";

/** Plugins of cluster-glue 1.0.12; those of `external/` are scripts, of which there may be more. */
const STONITH_TYPES: ReadonlySet<string> = new Set([
  ...["apcmaster", "apcmastersnmp", "apcsmart", "baytech", "bladehpi", "cyclades", "drac3"],
  ...["ibmhmc", "ipmilan", "meatware", "null", "nw_rpc100s", "rcd_serial", "rhcs", "rps10"],
  ...["ssh", "suicide", "wti_mpc", "wti_nps"],
]);

/** `respawn` and `failfast`: a user by name, a program by its full path. */
const program: Rule = ({ name, words: [user, command] }, _state, report) => {
  if (user === undefined || report.ask("user", user.text) === false) {
    const why =
      user === undefined ? "the user is missing" : `there is no user ${quoted(user.text)}`;
    report.refuse(user ?? name, why, `Write \`${name.text} USER /full/path\`.`);
  }
  if (user === undefined) return;
  if (command === undefined || !command.text.startsWith("/")) {
    const why = "the program is not named by its full path";
    report.refuse(command ?? user, why, `Write \`${name.text} ${user.text} /full/path\`.`);
  } else if (report.ask("program", command.text) === false)
    report.refuse(
      command,
      `${quoted(command.text)} is not there, or may not be executed`,
      "Name a program of this machine: Debian keeps Heartbeat's in /usr/libexec/heartbeat.",
    );
};

const API_MEND = "Write it like `apiauth ipfail uid=hacluster` or `apiauth ping gid=haclient`.";

const apiauth: Rule = ({ name, words: [client, ...lists] }, { apiClients }, report) => {
  const wrong = lists.find((word) => !/^[ug]id=/.test(word.text));
  if (client === undefined || lists.length === 0 || wrong !== undefined) {
    const why = "after the client come `uid=` or `gid=` with names separated by commas, no blanks";
    report.refuse(wrong ?? client ?? name, why, API_MEND);
    return;
  }
  if (apiClients.has(client.text))
    report.refuse(client, `${quoted(client.text)} has a line already`, "Make one line of both.");
  apiClients.add(client.text);
  for (const list of lists) checkNames(list, report);
};

function checkNames(list: Word, report: Report): void {
  const kind = list.text.startsWith("uid") ? "user" : "group";
  for (const one of list.text.slice("uid=".length).split(",")) {
    // A number is taken as it is.
    if (one === "" || /^\d/.test(one) || report.ask(kind, one) !== false) continue;
    report.refuse(list, `there is no ${kind} ${quoted(one)}`, API_MEND);
  }
}

const stonith: Rule = ({ name, words: [type, file] }, _state, report) => {
  if (!isStonithType(type ?? name, type, report)) return;
  if (file === undefined || report.ask("file", file.text) === false) {
    const why = "the device's configuration file cannot be opened";
    report.refuse(file ?? name, why, "Name a file that is there.");
  } else report.leaveOpen(file, "what stands in the file, only the device's plugin can judge");
};

const stonithHost: Rule = ({ name, words: [host, type, first] }, { own }, report) => {
  if (host === undefined) {
    report.refuse(name, "the host is missing", "Write a node's name, or `*` for both.");
    return;
  }
  // A line for another host is skipped unread.
  if (own !== undefined && host.text !== "*" && nodeName(host.text) !== own) return;
  if (!isStonithType(type ?? host, type, report)) return;
  if (first === undefined)
    report.refuse(type ?? host, "the device has no parameters", "Write them behind the type.");
  else report.leaveOpen(first, "the parameters only the device's plugin can judge");
};

function isStonithType(at: Word, type: Word | undefined, report: Report): boolean {
  if (type !== undefined && (STONITH_TYPES.has(type.text) || type.text.startsWith("external/")))
    return true;
  const why =
    type === undefined ? "the type is missing" : `${quoted(type.text)} is no type of device`;
  report.refuse(at, why, "Write a type that `stonith -L` lists.");
  return false;
}

/** Programs beside the daemon, who may connect, and fencing. */
export const PROGRAM_RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ["respawn", program],
  ["failfast", program],
  ["apiauth", apiauth],
  ["stonith", stonith],
  ["stonith_host", stonithHost],
];
