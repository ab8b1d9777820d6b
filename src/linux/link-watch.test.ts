import { expect, it } from "vitest";
import { watchNetwork } from "./link-watch.ts";
import type { Link } from "./netlink/link.ts";
import { errnoOf, SysError } from "./sys.ts";

const ETH9: Link = {
  index: 9_000_009,
  name: "eth9",
  up: true,
  carrier: true,
  mac: "02:7a:00:00:99:00",
  mtu: 1500,
  master: undefined,
};

it("the network watch outlives a list that the kernel refuses, and tells what it says later", async () => {
  let refusals = 2;
  const links = () => {
    if (refusals-- > 0) throw new SysError("RTM_GETLINK", errnoOf("EAGAIN"));
    return [ETH9];
  };
  const told = await new Promise<Link>((resolve) => {
    const watch = watchNetwork(
      (event) => {
        if (event.kind !== "link" || event.link.index !== ETH9.index) return;
        watch.close();
        resolve(event.link);
      },
      { lists: { links, addresses: () => [] } },
    );
  });
  expect(told).toEqual(ETH9);
});
