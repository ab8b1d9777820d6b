import { describe, expect, it } from "vitest";
import { type Chain, iptablesChains, nftChains } from "./chains.ts";
import { type Managers, type Passage, rulesThatAllow } from "./rules.ts";

/** As nft 1.0.6 and iptables 1.8.9 print them; that they do is shown in test/packages/firewall.test.ts. */

const inward: Passage = { direction: "in", interface: "eth1", port: 694, family: 4 };
const outward: Passage = { ...inward, direction: "out" };
const LET_IN = "udp dport 694 accept";

const nft = (...lines: readonly string[]) => nftChains(lines.join("\n"));
const rulesOf = (chains: readonly Chain[], passage = inward, managers: Managers = {}) =>
  rulesThatAllow(chains, passage, managers);

describe("a ruleset of nft", () => {
  const inputChain = (...rules: readonly string[]) => [
    "table inet filter {",
    "\tset friends {",
    "\t\ttype ipv4_addr",
    "\t}",
    "",
    "\tchain input {",
    ...rules.map((rule) => `\t\t${rule}`),
    "\t}",
    "",
    "\tchain lan {",
    "\t\tdrop",
    "\t}",
    "}",
  ];
  const HOOK = "type filter hook input priority filter; policy accept;";
  const mend = [`nft insert rule inet filter input iifname "eth1" ${LET_IN}`];

  it.each([
    ["a policy", "type filter hook input priority filter; policy drop;"],
    ["a rule for the port", HOOK, "udp dport 694 drop"],
    ["a rule for several", HOOK, "udp dport { 123, 694 } counter packets 3 bytes 9 reject"],
    ["a rule for all", HOOK, 'iifname "eth1" counter packets 0 bytes 0 drop'],
    ["a rule for all that says why", HOOK, "reject with icmp admin-prohibited"],
    ["a chain behind", HOOK, 'iifname != "lo" jump lan'],
    ["a chain behind a map", HOOK, 'iifname vmap { "eth0" : accept, "eth1" : goto lan }'],
  ])("drops by %s", (_what, ...rules) => {
    expect(rulesOf(nft(...inputChain(...rules)))).toEqual(mend);
  });

  it.each([
    ["another port", "udp dport 53 drop"],
    ["another protocol", "tcp dport 694 drop"],
    ["another interface", 'iifname "eth0" drop'],
    ["a word in a comment", 'udp dport 694 accept comment "never drop"'],
    ["IPv6", "ip6 daddr { ::/96, 2002::/24 } reject with icmpv6 addr-unreachable"],
    ["IPv6 in other words", "meta nfproto ipv6 fib saddr . mark . iif oif missing drop"],
    ["a chain behind, for another protocol", "tcp dport 22 jump lan"],
    ["a chain behind, for another interface", 'iifname "eth0" goto lan'],
  ])("does not for %s", (_what, rule) => {
    expect(rulesOf(nft(...inputChain(HOOK, rule)))).toEqual([]);
  });

  it.each([
    ["a set of interfaces", "iifname @lans drop"],
    ["IPv4", "ip saddr 10.10.10.0/24 drop"],
  ])("may drop for %s", (_what, rule) => {
    expect(rulesOf(nft(...inputChain(HOOK, rule)))).toEqual(mend);
  });

  it("for IPv4 does not drop IPv6", () => {
    const chains = nft(...inputChain(HOOK, "ip saddr 10.10.10.0/24 drop"));
    expect(rulesOf(chains, { ...inward, family: 6 })).toEqual([]);
  });

  it("that names the port is named alone", () => {
    const other = ["table ip guard {", "\tchain all {", `\t\t${HOOK}`, "\t\tdrop", "\t}", "}"];
    const both = [...inputChain(HOOK, "udp dport 694 drop"), ...other];
    expect(rulesOf(nft(...both))).toEqual(mend);
    expect(rulesOf(nft(...inputChain(HOOK, "drop"), ...other))).toEqual([
      ...mend,
      `nft insert rule ip guard all iifname "eth1" ${LET_IN}`,
    ]);
  });

  it("on an interface itself needs no interface in the rule", () => {
    const chain = nft(
      "table netdev t {",
      "\tchain c {",
      '\t\ttype filter hook ingress device "eth1" priority filter; policy accept;',
      "\t\tudp dport 694 drop",
      "\t}",
      "}",
    );
    expect(rulesOf(chain)).toEqual([`nft insert rule netdev t c ${LET_IN}`]);
    expect(rulesOf(chain, { ...inward, interface: "eth0" })).toEqual([]);
    expect(rulesOf(chain, outward)).toEqual([]);
  });

  it("outward names the interface it leaves by", () => {
    const chain = nft(
      "table inet filter { # progname somebody",
      "\tchain output {",
      "\t\ttype filter hook output priority filter; policy accept;",
      '\t\toifname "eth1" udp dport 600-700 drop',
      "\t}",
      "}",
    );
    expect(rulesOf(chain, outward)).toEqual([
      `nft insert rule inet filter output oifname "eth1" ${LET_IN}`,
    ]);
    expect(rulesOf(chain)).toEqual([]);
  });

  it("of the other family does not concern us", () => {
    const chain = nft(...inputChain(HOOK, "drop").map((line) => line.replace("inet", "ip6")));
    expect(rulesOf(chain)).toEqual([]);
    expect(rulesOf(chain, { ...inward, family: 6 })).toHaveLength(1);
  });

  it("that is cut short or strange is read as far as it goes", () => {
    const whole = inputChain(HOOK, "udp dport 694 drop").join("\n");
    for (let end = 0; end <= whole.length; end++) {
      expect(rulesOf(nftChains(whole.slice(0, end))).length).toBeLessThanOrEqual(1);
    }
    expect(nftChains("}\n}\nchain x {\n\u0000{{{")).toEqual([]);
  });

  it("of firewalld is mended in its own words, as far as it is there to hear them", () => {
    const chain = nft(
      ...inputChain(HOOK, "jump lan").map((line) => line.replace("filter {", "firewalld {")),
    );
    expect(rulesOf(chain, inward, { zone: "internal" })).toEqual([
      "firewall-cmd --zone=internal --add-port=694/udp",
      "firewall-cmd --permanent --zone=internal --add-port=694/udp",
    ]);
    expect(rulesOf(chain, inward, { zone: "" })[0]).toBe("firewall-cmd --add-port=694/udp");
    expect(rulesOf(chain)).toEqual([
      `nft insert rule inet firewalld input iifname "eth1" ${LET_IN}`,
    ]);
  });
});

describe("the tables of iptables", () => {
  const save = (...filter: readonly string[]) =>
    ["# Generated by iptables-save v1.8.9 (nf_tables)", "*filter", ...filter, "COMMIT", ""].join(
      "\n",
    );
  const chains = (...filter: readonly string[]) =>
    iptablesChains(save(...filter), "iptables", "ip");
  const accept = [":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":LAN - [0:0]", "-A LAN -j DROP"];
  const mend = ["iptables -I INPUT -i eth1 -p udp --dport 694 -j ACCEPT"];

  it.each([
    ["a policy", ":INPUT DROP [0:0]"],
    ["a rule for the port", ...accept, "-A INPUT -p udp -m udp --dport 694 -j DROP"],
    ["several ports", ...accept, "-A INPUT -p udp -m multiport --dports 123,694 -j REJECT"],
    ["a rule for all", ...accept, "-A INPUT -j REJECT --reject-with icmp-host-prohibited"],
    ["a chain behind", ...accept, "-A INPUT ! -i lo -j LAN"],
    ["one of another name", ...accept, ":not-tcp -", "-A INPUT -j not-tcp", "-A not-tcp -j DROP"],
  ])("drop by %s", (_what, ...filter) => {
    expect(rulesOf(chains(...filter))).toEqual(mend);
  });

  it.each([
    ["another port", "-A INPUT -p udp -m udp --dport 53 -j DROP"],
    ["another interface", "-A INPUT -i eth0 -j DROP"],
    ["another way", "-A OUTPUT -j DROP"],
    ["the name of a chain", "-A INPUT -j ufw-reject-input"],
    ["a chain behind, for another protocol", "-A INPUT -p tcp -m multiport --dports 22 -j LAN"],
  ])("do not for %s", (_what, rule) => {
    expect(rulesOf(chains(...accept, rule))).toEqual([]);
  });

  it("are named with their table and by their way", () => {
    const text =
      "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp --dport 694 -j DROP\nCOMMIT\n";
    expect(rulesOf(iptablesChains(text, "iptables-legacy", "ip"))).toEqual([
      "iptables-legacy -t raw -I PREROUTING -i eth1 -p udp --dport 694 -j ACCEPT",
    ]);
    const out = chains(...accept, "-A OUTPUT -o eth1 -p udp -j DROP");
    expect(rulesOf(out, outward)).toEqual([
      "iptables -I OUTPUT -o eth1 -p udp --dport 694 -j ACCEPT",
    ]);
  });

  describe("that ufw manages", () => {
    const ufw = [
      ":INPUT DROP [0:0]",
      ":OUTPUT DROP [0:0]",
      ":ufw-before-input - [0:0]",
      ":ufw-before-output - [0:0]",
      ":ufw-user-input - [0:0]",
      ":f2b-sshd - [0:0]",
      "-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd",
      "-A INPUT -j ufw-before-input",
      "-A INPUT -j ufw-reject-input",
      "-A OUTPUT -j ufw-before-output",
      "-A ufw-before-input -m conntrack --ctstate INVALID -j DROP",
      "-A ufw-before-input -j ufw-user-input",
      "-A f2b-sshd -s 192.0.2.1/32 -j REJECT --reject-with icmp-port-unreachable",
    ];
    const runs: Managers = { ufw: true };
    const named = (...filter: readonly string[]) =>
      rulesOf(chains(...ufw, ...filter), inward, runs);
    const inItsWords = ["ufw prepend allow in on eth1 to any port 694 proto udp"];

    it("are mended in its own words, as far as it is on", () => {
      expect(named()).toEqual(inItsWords);
      expect(named("-A ufw-user-input -p udp -m udp --dport 694 -j DROP")).toEqual(inItsWords);
      expect(rulesOf(chains(...ufw), outward, runs)).toEqual([
        "ufw prepend allow out on eth1 to any port 694 proto udp",
      ]);
      expect(rulesOf(chains(...ufw))).toEqual(mend);
    });

    it("and that drop beside it are not", () => {
      expect(named("-A INPUT -p udp -m udp --dport 694 -j DROP")).toEqual(mend);
      expect(named(":LAN - [0:0]", "-A INPUT -j LAN", "-A LAN -i eth1 -j DROP")).toEqual(mend);
    });

    it("for IPv6 have other names", () => {
      const text = save(...ufw).replaceAll("ufw-", "ufw6-");
      const ofIpv6 = iptablesChains(text, "ip6tables", "ip6");
      expect(rulesOf(ofIpv6, { ...inward, family: 6 }, runs)).toEqual(inItsWords);
    });
  });
});
