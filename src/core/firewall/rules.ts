import type { Chain } from "./chains.ts";

/** Where a rule is wanted: what passes there is UDP to this port, by this interface. */
export interface Passage {
  readonly direction: "in" | "out";
  readonly interface: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** The programs that manage this machine's rules, as far as they run and can be told what to let pass. */
export interface Managers {
  /** Of firewalld, which has the interface in this zone; empty: in its default zone. */
  readonly zone?: string | undefined;
  readonly ufw?: boolean;
}

/** Longer lists help nobody; a machine with more has somebody who knows it. */
const RULES_MAX = 3;

const HOOKS: Readonly<Record<Passage["direction"], readonly string[]>> = {
  in: ["ingress", "prerouting", "input"],
  out: ["output", "postrouting", "egress"],
};

/**
 * The commands that let it pass: one for each chain on its way that may drop it, put before all others of
 * the chain. Where some chains drop this very port, only those are named. What a manager has put up is
 * mended by telling it so: that outlives the next time it loads its rules.
 */
export function rulesThatAllow(
  chains: readonly Chain[],
  passage: Passage,
  managers: Managers,
): readonly string[] {
  const suspects = chains
    .filter((chain) => isOnTheWay(chain, passage))
    .map((chain) => ({ chain, suspicion: suspicionOf(chain, chains, passage) }))
    .filter(({ suspicion }) => suspicion !== "none");
  const sure = suspects.filter(({ suspicion }) => suspicion === "names-it");
  const named = (sure.length > 0 ? sure : suspects).flatMap(({ chain }) =>
    ruleFor(chain, chains, passage, managers),
  );
  return [...new Set(named)].slice(0, RULES_MAX);
}

/** What lets UDP to the port through an iptables chain; also where we only suppose that there is one. */
export function iptablesRule(
  { interface: name, port }: Pick<Passage, "interface" | "port">,
  { tool, table, chain }: { tool: string; table: string; chain: string },
): string {
  const inTable = table === "filter" ? "" : ` -t ${table}`;
  const way = chain === "INPUT" || chain === "PREROUTING" ? "-i" : "-o";
  return `${tool}${inTable} -I ${chain} ${way} ${name} -p udp --dport ${port} -j ACCEPT`;
}

function ruleFor(
  chain: Chain,
  all: readonly Chain[],
  passage: Passage,
  { zone, ufw = false }: Managers,
): readonly string[] {
  const { tool, family, table, name, devices } = chain;
  const { direction, port } = passage;
  if (zone !== undefined && direction === "in" && isFirewalld(chain)) {
    const inZone = zone === "" ? "" : ` --zone=${zone}`;
    const open = `${inZone} --add-port=${port}/udp`;
    return [`firewall-cmd${open}`, `firewall-cmd --permanent${open}`];
  }
  if (ufw && isUfw(chain) && !dropsBesideUfw(chain, all, passage))
    return [`ufw prepend allow ${direction} on ${passage.interface} to any port ${port} proto udp`];
  if (tool !== "nft") return [iptablesRule(passage, { tool, table, chain: name })];
  const word = direction === "in" ? "iifname" : "oifname";
  const way = devices.length > 0 ? "" : `${word} "${passage.interface}" `;
  return [`nft insert rule ${family} ${table} ${name} ${way}udp dport ${port} accept`];
}

/** Its own table with nft, its own chains with iptables. */
export function isFirewalld({ table, rules }: Chain): boolean {
  return table === "firewalld" || rules.some((rule) => /-j INPUT_ZONES\b/.test(rule));
}

/** Its chains stay behind, empty, when it is switched off. */
export function isUfw({ rules }: Chain): boolean {
  return rules.some((rule) => /-j ufw6?-before-(?:input|output)\b/.test(rule));
}

/** By a rule that ufw has not put up: what it is told to let pass may still be dropped there. */
function dropsBesideUfw(chain: Chain, all: readonly Chain[], passage: Passage): boolean {
  return reachable(chain, all, passage)
    .filter(({ name }) => !/^ufw6?-/.test(name))
    .some((one) => dropping(one, passage).length > 0);
}

function isOnTheWay(chain: Chain, passage: Passage): boolean {
  const { hook, family, devices } = chain;
  if (hook === undefined || !HOOKS[passage.direction].includes(hook)) return false;
  if (devices.length > 0 && !devices.includes(passage.interface)) return false;
  return family !== (passage.family === 4 ? "ip6" : "ip");
}

/** Whether a packet on this passage may be dropped in the chain or behind a jump out of it. */
function suspicionOf(
  chain: Chain,
  all: readonly Chain[],
  passage: Passage,
): "none" | "possible" | "names-it" {
  const rules = reachable(chain, all, passage).flatMap((one) => dropping(one, passage));
  if (rules.some((rule) => portsOf(rule)?.includes(passage.port))) return "names-it";
  return chain.dropsTheRest || rules.length > 0 ? "possible" : "none";
}

function dropping({ rules }: Chain, passage: Passage): readonly string[] {
  return rules.filter((rule) => DROPS.test(rule) && mayConcern(rule, passage));
}

/** In both tools' words: a verdict, not a comment, which stands in quotes, nor part of the name of a chain. */
const DROPS = /^(?:[^"]|"[^"]*")*?(?:(?<![\w.-])(?:drop|reject)|-j (?:DROP|REJECT))(?![\w.-])/;
const JUMPS = /\b(?:jump|goto) ([\w.-]+)|-[jg] (\S+)/g;

/** The chain, and those that a packet on this passage may be sent to from there. */
function reachable(from: Chain, all: readonly Chain[], passage: Passage): readonly Chain[] {
  const found = new Set([from]);
  for (const chain of found) {
    const names = chain.rules
      .filter((rule) => mayConcern(rule, passage))
      .flatMap((rule) => [...rule.matchAll(JUMPS)].map((match) => match[1] ?? match[2]));
    for (const other of all) {
      const isHere =
        other.tool === from.tool && other.family === from.family && other.table === from.table;
      if (isHere && names.includes(other.name)) found.add(other);
    }
  }
  return [...found];
}

/** Not where the rule says plainly that it is for another port, protocol, family or interface. */
function mayConcern(whole: string, passage: Passage): boolean {
  const { direction, interface: name, port, family } = passage;
  // How a refusal is told is not what is refused, nor is the name of a chain.
  const rule = whole.replace(/ (?:--reject-with|with) (?:icmp|tcp).*$/, "").replace(JUMPS, "");
  if (/\btcp\b|\bicmp(v6)?\b/.test(rule) && !/\budp\b/.test(rule)) return false;
  if ((family === 4 ? IPV6 : IPV4).test(rule)) return false;
  const ports = portsOf(rule);
  if (ports !== undefined && !ports.includes(port)) return false;
  const other = (direction === "in" ? INWARD : OUTWARD).exec(rule)?.[1];
  return other === undefined || other === name;
}

const IPV4 = /\bip [sd]addr\b|\bnfproto ipv4\b/;
const IPV6 = /\bip6 [sd]addr\b|\bnfproto ipv6\b/;
/** One interface by its name; not a set, nor a map. */
const INWARD = /(?:\biif(?:name)? |(?<!! )-i )"?(?!@|vmap )([\w.@-]+)"?(?= |$)/;
const OUTWARD = /(?:\boif(?:name)? |(?<!! )-o )"?(?!@|vmap )([\w.@-]+)"?(?= |$)/;

/** The ports that a rule names one by one; undefined: none, or in a way that is not read here. */
function portsOf(rule: string): readonly number[] | undefined {
  const match = /(?<!! )(?:\bdport |--dports? )(\{[^}]*\}|[\d,]+)(?= |$)/.exec(rule);
  const words = match?.[1]?.match(/[^\s,{}]+/g);
  if (words === undefined || words === null || !words.every((word) => /^\d+$/.test(word)))
    return undefined;
  return words.map(Number);
}
