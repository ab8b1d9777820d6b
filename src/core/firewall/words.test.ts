import { expect, it } from "vitest";
import { mediumName, nodeName } from "../../base/names.ts";
import type { Obstacle } from "./look.ts";
import { type Place, told } from "./words.ts";

const place: Place = {
  peer: nodeName("hera.example.com"),
  interface: "eth1",
  port: 694,
  family: 4,
};
const of = (direction: Obstacle["direction"], cause: Obstacle["cause"]): Obstacle => ({
  medium: mediumName("eth1"),
  direction,
  cause,
});

it("an obstacle on this machine ends with the rules of this machine", () => {
  expect(told(of("out", "refused-here"), place, ["one", "two"]).text).toBe(
    "medium eth1: what this node sends to UDP port 694 is refused by this machine (EPERM); allow it here: `one` and `two`",
  );
});

it("where no rule explains it, says where else to look", () => {
  expect(told(of("out", "stuck-here"), place, []).text).toMatch(
    /; no rule of nft or iptables was found that does it: see `tc filter show dev eth1 egress` and `tc -s qdisc show dev eth1`$/,
  );
  expect(told(of("in", "dropped-here"), place, []).text).toMatch(
    /: see `tc filter show dev eth1 ingress` and `nstat -az TcpExtIPReversePathFilter`$/,
  );
});

it("an obstacle over there names the chain that a packet meets there", () => {
  expect(told(of("out", "dropped-there"), place, []).text).toContain(
    "allow it on hera.example.com: `iptables -I INPUT -i eth1 -p udp --dport 694 -j ACCEPT`",
  );
  expect(told(of("in", "nothing-arrives"), { ...place, family: 6 }, []).text).toContain(
    "allow it on hera.example.com: `ip6tables -I OUTPUT -o eth1 -p udp --dport 694 -j ACCEPT`",
  );
});
