/**
 * The rules of this machine's firewall as `nft list ruleset` and `iptables-save` print them, as far as it
 * takes to say where a packet may be dropped. Both print one line a rule. A text that was cut short, or
 * that another version prints differently, gives fewer chains and never an error.
 */
export interface Chain {
  /** `nft`, or the program that manages an iptables table: `iptables`, `ip6tables`, `iptables-legacy`. */
  readonly tool: string;
  /** `inet`, `ip`, `ip6`, `netdev`; others are left out. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `input`, `prerouting`, `ingress`, …; undefined: others jump there. */
  readonly hook: string | undefined;
  /** Of a chain that is bound to interfaces. */
  readonly devices: readonly string[];
  /** What no rule decides is dropped. */
  readonly dropsTheRest: boolean;
  readonly rules: readonly string[];
}

interface Draft extends Chain {
  readonly rules: string[];
}

const FAMILIES: readonly string[] = ["inet", "ip", "ip6", "netdev"];

/** `nft -t list ruleset`. */
export function nftChains(text: string): readonly Chain[] {
  const chains: Draft[] = [];
  let table: { readonly family: string; readonly name: string } | undefined;
  let chain: Draft | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\s#[^"]*$/, "").trim();
    const opened = /^(table|chain|[a-z]+)\b ?(.*)\{$/.exec(line);
    if (line === "}") {
      if (chain === undefined) table = undefined;
      chain = undefined;
    } else if (table === undefined) {
      const [, family, name] = /^table (\S+) (\S+) \{$/.exec(line) ?? [];
      if (family !== undefined && name !== undefined) table = { family, name };
    } else if (chain === undefined && opened?.[1] !== undefined) {
      const name = (opened[2] ?? "").trim();
      chain = newChain("nft", table.family, table.name, name);
      // Sets and maps are skipped like a chain that nobody jumps to.
      if (opened[1] === "chain") chains.push(chain);
    } else if (chain !== undefined) {
      const index = chains.indexOf(chain);
      if (line.startsWith("type ") && index >= 0) {
        chain = { ...chain, ...nftHook(line) };
        chains[index] = chain;
      } else if (line !== "") chain.rules.push(line);
    }
  }
  return chains.filter(({ family }) => FAMILIES.includes(family));
}

/** `type filter hook ingress device "eth1" priority filter; policy accept;` */
function nftHook(line: string): Pick<Chain, "hook" | "devices" | "dropsTheRest"> {
  const hook = /\bhook (\w+)/.exec(line)?.[1];
  const devices = /\bdevices? (?:= )?(\{[^}]*\}|\S+)/.exec(line)?.[1] ?? "";
  return {
    hook,
    devices: devices.match(/[\w.:@-]+/g) ?? [],
    dropsTheRest: /\bpolicy drop\b/.test(line),
  };
}

/** `iptables-save` or one of its kin. */
export function iptablesChains(text: string, tool: string, family: "ip" | "ip6"): readonly Chain[] {
  const chains = new Map<string, Draft>();
  let table = "";
  for (const line of text.split("\n")) {
    const [, name] = /^\*(\w+)/.exec(line) ?? [];
    if (name !== undefined) table = name;
    const [, declared, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (declared !== undefined) {
      const hook = policy === "-" ? undefined : declared.toLowerCase();
      const chain = newChain(tool, family, table, declared);
      chains.set(`${table} ${declared}`, { ...chain, hook, dropsTheRest: policy === "DROP" });
    }
    const [, chained, rule] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    if (rule !== undefined) chains.get(`${table} ${chained}`)?.rules.push(rule);
  }
  return [...chains.values()];
}

function newChain(tool: string, family: string, table: string, name: string): Draft {
  const bare = { hook: undefined, devices: [], dropsTheRest: false };
  return { tool, family, table, name, ...bare, rules: [] };
}
