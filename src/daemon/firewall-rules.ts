import { type Chain, iptablesChains, nftChains } from "../core/firewall/chains.ts";
import {
  isFirewalld,
  isUfw,
  type Managers,
  type Passage,
  rulesThatAllow,
} from "../core/firewall/rules.ts";
import { run } from "../resources/runner.ts";

/** Each program only prints, within milliseconds; firewall-cmd and ufw are Python, the first asks over D-Bus. */
const DEADLINE_MS = 4_000;
const GRACE_MS = 500;

/**
 * Asks this machine's firewall, whichever it is, and names the commands that let the heartbeats pass.
 * Empty: none of its rules keeps them back, or no tool is here to tell. Four programs at most follow each other,
 * each with its deadline.
 */
export async function rulesHere(passage: Passage): Promise<readonly string[]> {
  const [nft = "", ofIptables] = await Promise.all([
    print("nft", "-t", "list", "ruleset"),
    chainsOfIptables(passage.family),
  ]);
  // What iptables manages is named in its own words, where it is there to print them.
  const ofNft = nftChains(nft).filter((chain) => ofIptables.length === 0 || !isIptables(chain));
  const chains = [...ofNft, ...ofIptables];
  return rulesThatAllow(chains, passage, await managersOf(chains, passage.interface));
}

async function managersOf(chains: readonly Chain[], interfaceName: string): Promise<Managers> {
  const [zone, ufw] = await Promise.all([
    chains.some(isFirewalld) ? zoneOf(interfaceName) : undefined,
    chains.some(isUfw) ? print("ufw", "status") : undefined,
  ]);
  return { zone, ufw: ufw?.startsWith("Status: active") ?? false };
}

/** A machine may have rules in both of its back ends: the plain name is one of them, we ask the other by its own. */
async function chainsOfIptables(family: 4 | 6): Promise<readonly Chain[]> {
  const [tool, kind] =
    family === 4 ? (["iptables", "ip"] as const) : (["ip6tables", "ip6"] as const);
  const usual = await print(`${tool}-save`);
  if (usual === undefined) return [];
  const other = usual.includes("(nf_tables)") ? `${tool}-legacy` : `${tool}-nft`;
  const unusual = (await print(`${other}-save`)) ?? "";
  return [...iptablesChains(usual, tool, kind), ...iptablesChains(unusual, other, kind)];
}

function isIptables({ family, table, name, hook }: Chain): boolean {
  const isTable = ["filter", "nat", "mangle", "raw", "security"].includes(table);
  return (family === "ip" || family === "ip6") && isTable && name === hook?.toUpperCase();
}

/** Empty: firewalld has put the interface into no zone, and treats it by its default one. */
async function zoneOf(interfaceName: string): Promise<string | undefined> {
  if ((await print("firewall-cmd", "--state")) === undefined) return undefined;
  return (await print("firewall-cmd", `--get-zone-of-interface=${interfaceName}`))?.trim() ?? "";
}

/** What a program prints when it succeeds. */
async function print(program: string, ...args: readonly string[]): Promise<string | undefined> {
  const result = await run(program, args, { deadlineMs: DEADLINE_MS, graceMs: GRACE_MS });
  return result.code === 0 ? result.output : undefined;
}
