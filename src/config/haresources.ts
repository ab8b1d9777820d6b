import { groupName, type NodeName, nodeName } from "../base/names.ts";
import { isSameNetwork, looksLikeAddress, readAddress } from "./address.ts";
import type { MachineFacts, TextFile } from "./files.ts";
import type { Findings } from "./findings.ts";
import { objectionToIPv6 } from "./ipv6-word.ts";
import { joinLines, type LogicalLine } from "./logical-lines.ts";
import { nearest } from "./nearest.ts";
import { type Located, quoted, readLines, type Span, type Word } from "./source.ts";
import type { AddressConfig, GroupConfig, ResourceConfig, ScriptConfig } from "./types.ts";

/** A group with the places of its resources, for what is checked against this machine. */
export interface ReadGroup {
  readonly config: GroupConfig;
  readonly resources: readonly Located<ResourceConfig>[];
  readonly at: Span;
}

/** Reads haresources: `node resource …`, one group in each logical line. `nodes` empty: not known. */
export function readHaResources(
  file: TextFile,
  nodes: readonly NodeName[],
  findings: Findings,
): readonly ReadGroup[] {
  const lines = joinLines(readLines(file, findings), findings);
  const groups = lines.flatMap((line) => readGroup(line, nodes, findings) ?? []);
  checkNames(groups, findings);
  checkAddresses(groups, findings);
  if (lines.length === 0) findings.hint(undefined, "no-groups", "no line names a resource");
  return groups;
}

function readGroup(
  [first, ...words]: LogicalLine,
  nodes: readonly NodeName[],
  findings: Findings,
): ReadGroup | undefined {
  if (first === undefined) return undefined;
  const preferred = nodeName(first.text);
  if (nodes.length > 0 && !nodes.includes(preferred)) reportNode(first, nodes, findings);
  const [key] = words;
  if (key === undefined) {
    findings.hint(first, "empty-group", `${quoted(first.text)} is given nothing to own`);
    return undefined;
  }
  checkTwice(words, findings);
  const resources = words.flatMap((word) => readResource(word, findings) ?? []);
  const config = {
    name: groupName(key.text),
    preferred,
    resources: resources.map((resource) => resource.value),
  };
  return { config, resources, at: key };
}

function reportNode(word: Word, nodes: readonly NodeName[], findings: Findings): void {
  const near = findings.isFull ? undefined : nearest(word.text, nodes);
  findings.error(
    word,
    "unknown-node",
    `${quoted(word.text)} is not a node of ha.cf; those are ${nodes.join(", ")}`,
    near === undefined ? undefined : `Write \`${near}\`.`,
  );
}

function readResource(word: Word, findings: Findings): Located<ResourceConfig> | undefined {
  const [script = "", ...args] = word.text.split("::");
  const isAddressScript = script === "IPaddr" || script === "IPaddr2";
  const offset = isAddressScript ? script.length + 2 : 0;
  if (isAddressScript || looksLikeAddress(word.text))
    return readAddressWord(word, offset, findings);
  const objection = objectionToIPv6(word.text);
  if (objection !== undefined) {
    findings.error(word, "bad-address", objection.message, objection.mend);
    return undefined;
  }
  if (/^[A-Za-z0-9_][^/]*$/.test(script)) {
    const value: ScriptConfig = { kind: "script", name: word.text, script, args };
    return { value, at: word };
  }
  const mend = script.startsWith("/")
    ? `Write \`${quotedFileName(script)}\`, and link the script into resource.d.`
    : undefined;
  const message = `${quoted(word.text)} is neither an address nor the name of a script`;
  findings.error(word, "bad-resource", message, mend);
  return undefined;
}

function quotedFileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "NAME";
}

function readAddressWord(
  word: Word,
  from: number,
  findings: Findings,
): Located<AddressConfig> | undefined {
  const reading = readAddress(word.text.slice(from));
  if (reading.ok)
    return { value: { kind: "address", name: word.text, ...reading.value }, at: word };
  const column = Math.min(word.column + from + reading.offset, word.column + word.length);
  const at = { line: word.line, column, length: reading.length };
  findings.error(at, "bad-address", reading.message);
  return undefined;
}

function checkTwice(words: readonly Word[], findings: Findings): void {
  const seen = new Set<string>();
  for (const word of words) {
    if (seen.has(word.text))
      findings.warning(word, "duplicate-resource", `${quoted(word.text)} is in this group already`);
    seen.add(word.text);
  }
}

function checkNames(groups: readonly ReadGroup[], findings: Findings): void {
  const seen = new Map<string, Span>();
  for (const { config, at } of groups) {
    const first = seen.get(config.name);
    if (first === undefined) seen.set(config.name, at);
    else
      findings.error(
        at,
        "duplicate-group",
        `a group named ${quoted(config.name)} begins in line ${first.line} already`,
      );
  }
}

function checkAddresses(groups: readonly ReadGroup[], findings: Findings): void {
  const seen = new Map<string, { readonly name: string; readonly line: number }>();
  for (const { resources } of groups)
    for (const { value, at } of resources) {
      if (value.kind !== "address") continue;
      const first = seen.get(value.address);
      if (first === undefined) seen.set(value.address, { name: value.name, line: at.line });
      // The same word is reported as a duplicate of group or resource already.
      else if (first.name !== value.name)
        findings.error(
          at,
          "duplicate-address",
          `${value.address} is named in line ${first.line} already`,
        );
      else if (first.line !== at.line)
        findings.error(
          at,
          "duplicate-address",
          `${value.address} is owned in line ${first.line} already`,
        );
    }
}

/** What this machine says to the groups: an interface for each address, a script for each name. */
export function checkGroupsHere(
  groups: readonly ReadGroup[],
  facts: MachineFacts,
  findings: Findings,
): void {
  for (const { value, at } of groups.flatMap((group) => group.resources)) {
    if (value.kind === "address") checkAddressHere(value, at, facts, findings);
    else checkScriptHere(value, at, facts, findings);
  }
}

function checkAddressHere(
  { address, interface: named }: AddressConfig,
  at: Span,
  facts: MachineFacts,
  findings: Findings,
): void {
  const code = "service-interface-missing";
  if (named !== undefined) {
    if (facts.interfaces.some((one) => one.name === named)) return;
    findings.warning(at, code, `this machine has no interface ${named} for ${address}`);
    return;
  }
  const networks = facts.interfaces
    .filter((one) => !one.isLoopback)
    .flatMap((one) => one.addresses);
  if (networks.some((one) => one.prefix < 32 && isSameNetwork(address, one.address, one.prefix)))
    return;
  findings.warning(at, code, `no interface of this machine is now in the network of ${address}`);
}

function checkScriptHere(
  { script }: ScriptConfig,
  at: Span,
  facts: MachineFacts,
  findings: Findings,
): void {
  const fact = facts.scripts.get(script);
  if (fact === undefined) return;
  if (!fact.found) {
    const places = fact.looked.join(", ");
    findings.warning(
      at,
      "script-missing",
      `${quoted(script)} is not on this machine: looked for ${places}`,
    );
    return;
  }
  if (fact.via !== script)
    findings.hint(at, "script-alias", `${script} is ${fact.where} on this machine`);
  if (fact.atBoot)
    findings.warning(
      at,
      "starts-at-boot",
      `this machine starts ${fact.via} itself when it boots, whoever owns the group`,
      `Run \`systemctl disable ${fact.via}\`.`,
    );
}
