import { readAuthKeys } from "./authkeys.ts";
import { isIpfail } from "./built-in.ts";
import {
  type ConfigFile,
  type ConfigFiles,
  FILE_BYTES_MAX,
  type MachineFacts,
  type Mentions,
  type TextFile,
} from "./files.ts";
import { Findings } from "./findings.ts";
import { type ReadHaCf, readHaCf } from "./ha-cf.ts";
import { checkGroupsHere, type ReadGroup, readHaResources } from "./haresources.ts";
import { checkLineRoom } from "./line-room.ts";
import { readTandemCf, TANDEM_DEFAULTS } from "./tandem-cf.ts";
import type { AuthKeys, ClusterConfig, Diagnostic, TandemConfig } from "./types.ts";

/** What the files come to. `config` is undefined exactly if a diagnostic is an error. */
export interface Configuration {
  readonly config: ClusterConfig | undefined;
  /** Of all files, in the order ha.cf, haresources, authkeys, tandem.cf. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads all four files and tells everything that is wrong with them at once; never throws. With
 * `facts` they are also held against this machine; `own` is its name where that is to be checked
 * (by default what the facts say).
 */
export function readConfiguration(
  files: ConfigFiles,
  facts: MachineFacts | undefined,
  own: string | undefined = facts?.nodeName,
): Configuration {
  const read = readAll(files, facts, own);
  const diagnostics = read.findings.flatMap((findings) => findings.list());
  const { hacf, groups, keys, tandem } = read;
  const isUsable = !read.findings.some((findings) => findings.hasErrors);
  if (!isUsable || hacf === undefined || keys === undefined)
    return { config: undefined, diagnostics };
  const config = {
    ...hacf.config,
    groups: groups.map((group) => group.config),
    keys,
    tandem,
  };
  return { config, diagnostics };
}

/** What the files name and a machine may lack, whether or not they are usable. */
export function mentionsOf(files: ConfigFiles): Mentions {
  const { hacf, groups } = readAll(files, undefined, undefined);
  const draft = hacf?.draft;
  const media = draft?.media ?? [];
  const devices = [
    ...media.flatMap(({ value }) => (value.kind === "serial" ? [value.device] : [])),
    ...(draft?.watchdog === undefined ? [] : [draft.watchdog.value]),
  ];
  const scripts = groups
    .flatMap((group) => group.config.resources)
    .flatMap((resource) => (resource.kind === "script" ? [resource.script] : []));
  const programs = (draft?.respawn ?? [])
    .filter(({ value }) => !isIpfail(value))
    .flatMap(({ value }) => value.command.split(/\s+/, 1));
  return { devices: unique(devices), scripts: unique(scripts), programs: unique(programs) };
}

interface ReadFiles {
  readonly findings: readonly Findings[];
  readonly hacf: ReadHaCf | undefined;
  readonly groups: readonly ReadGroup[];
  readonly keys: AuthKeys | undefined;
  readonly tandem: TandemConfig;
}

function readAll(
  files: ConfigFiles,
  facts: MachineFacts | undefined,
  own: string | undefined,
): ReadFiles {
  const forHaCf = new Findings(files.hacf.name);
  const forResources = new Findings(files.haresources.name);
  const forKeys = new Findings(files.authkeys.name);
  const forTandem = new Findings(files.tandemcf.name);
  const hacf = textOf(files.hacf, forHaCf);
  const haresources = textOf(files.haresources, forResources);
  const authkeys = textOf(files.authkeys, forKeys);
  const tandemcf =
    files.tandemcf.kind === "missing" ? undefined : textOf(files.tandemcf, forTandem);

  const read = hacf && readHaCf(hacf, facts, own, forHaCf);
  const nodes = read?.config.nodes ?? [];
  const groups = haresources ? readHaResources(haresources, nodes, forResources) : [];
  if (facts !== undefined) checkGroupsHere(groups, facts, forResources);
  checkLineRoom(groups, read?.config.media ?? [], forResources);
  return {
    findings: [forHaCf, forResources, forKeys, forTandem],
    hacf: read,
    groups,
    keys: authkeys && readAuthKeys(authkeys, forKeys),
    tandem: tandemcf ? readTandemCf(tandemcf, forTandem) : TANDEM_DEFAULTS,
  };
}

/** The text of a file that can be read; else its one diagnostic. */
function textOf(file: ConfigFile, findings: Findings): TextFile | undefined {
  switch (file.kind) {
    case "missing":
      findings.error(undefined, "file-missing", "the file is not there", mendMissing(file.name));
      return undefined;
    case "unreadable":
      findings.error(undefined, "file-unreadable", `the file cannot be read: ${file.reason}`);
      return undefined;
    case "too-large":
      reportSize(file.sizeBytes, findings);
      return undefined;
    default:
      if (file.text.length <= FILE_BYTES_MAX) return file;
      reportSize(file.text.length, findings);
      return undefined;
  }
}

/** Only authkeys can be made out of nothing. */
function mendMissing(name: string): string | undefined {
  if (!name.endsWith("authkeys")) return undefined;
  const make = `(umask 077; printf "auth 1\\n1 sha1 $(openssl rand -hex 20)\\n" > ${name})`;
  return `Copy it from the other node; or make it on one and copy it to the other: \`${make}\``;
}

function reportSize(bytes: number, findings: Findings): void {
  const message = `the file has ${bytes} bytes, at most ${FILE_BYTES_MAX} are read`;
  findings.error(undefined, "file-too-large", message);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
