import { describe, expect, it } from "vitest";
import { HERA, tutorialConfig } from "../../test/pair.ts";
import { mediumName } from "../base/names.ts";
import type { ClusterConfig, MediumConfig } from "../config/types.ts";
import {
  beaten,
  closedMedia,
  echoed,
  type Media,
  mediaReport,
  mediumChanged,
} from "../core/channel/media.ts";
import type { ChannelSnapshot, LinkReport } from "../core/channel/report.ts";
import type { Passage } from "../core/firewall/rules.ts";
import type { AddressOnLink } from "../linux/netlink/address.ts";
import { errnoOf, SysError } from "../linux/sys.ts";
import { messageOf } from "../wire/message.ts";
import { encodePacket } from "../wire/packet.ts";
import type { DaemonEvent } from "./environment.ts";
import { FirewallWatch } from "./firewall-watch.ts";

const ETH1 = mediumName("eth1");
const keys: ClusterConfig["keys"] = { active: 1, keys: [{ number: 1, method: "crc", key: "" }] };
const otherKeys: ClusterConfig["keys"] = {
  active: 1,
  keys: [{ number: 1, method: "sha1", key: "another cluster" }],
};
const dead: LinkReport = { medium: ETH1, status: "dead", ageMs: undefined };
const BROADCAST = "10.10.10.255";

/** A beat as the peer sends it, or another node. */
function beat(src = "hera.example.com", signed = keys): Uint8Array {
  const message = messageOf({ t: "status", src, seq: "1a", hg: "1", ts: "5", st: "active" });
  return encodePacket(message, signed, { encoding: "netstring", innerAuth: false });
}

/** zeus, with taps and addresses of this test's making, who ticks every second. */
class Zeus {
  readonly events: Extract<DaemonEvent, { kind: "firewall" }>[] = [];
  readonly asked: Passage[] = [];
  readonly open = new Set<string>();
  refusal: string | undefined;
  discarded: Record<string, number> = {};
  trouble: string | undefined;
  isListRefused = false;
  #inward: { to: Uint8Array; payload: Uint8Array }[] = [];
  #now = 100_000;
  readonly #watch: FirewallWatch;

  constructor(
    media: readonly MediumConfig[] = [{ kind: "bcast", name: ETH1, interface: "eth1", port: 694 }],
  ) {
    const addresses = () => {
      if (this.isListRefused) throw new SysError("RTM_GETADDR", errnoOf("EAGAIN"));
      const eth1 = { interface: "eth1", address: "10.10.10.1", broadcast: BROADCAST };
      return [eth1] as unknown as readonly AddressOnLink[];
    };
    this.#watch = new FirewallWatch(
      tutorialConfig({ media, keys }),
      (event) => {
        if (event.kind === "firewall") this.events.push(event);
      },
      {
        taps: {
          read: (_, direction) => {
            if (!this.open.has(direction)) return undefined;
            return direction === "in" ? this.#inward.splice(0) : [];
          },
          wish: (_, direction, isWanted) => {
            if (isWanted && this.refusal === undefined) this.open.add(direction);
            else this.open.delete(direction);
            return isWanted ? this.refusal : undefined;
          },
        },
        addresses,
        rulesHere: async (passage) => {
          this.asked.push(passage);
          return ["the rule"];
        },
      },
    );
  }

  /** So many seconds, in each of which these come to eth1. */
  async live(seconds: number, payloads: readonly Uint8Array[], to = BROADCAST): Promise<this> {
    for (let second = 0; second < seconds; second++) {
      const address = Uint8Array.from(to.split(".").map(Number));
      if (this.open.has("in")) {
        this.#inward = payloads.map((payload) => ({ to: address, payload }));
      }
      this.#now += 1000;
      this.#watch.ticked({ kind: "tick", at: this.#now, tickMs: 1000, snapshot: this.#snapshot() });
      await Promise.resolve();
    }
    return this;
  }

  get texts(): readonly string[] {
    return (this.events.at(-1)?.obstacles ?? []).map(({ text }) => text);
  }

  #medium(): ChannelSnapshot["media"][number] {
    const usable = this.trouble === undefined;
    return { medium: ETH1, usable, detail: this.trouble ?? "eth1: 10.10.10.255:694" };
  }

  #snapshot(): ChannelSnapshot {
    const peer = { node: HERA } as unknown as ChannelSnapshot["peers"][number];
    return {
      peers: [peer],
      links: [{ node: HERA, link: dead }],
      media: [this.#medium()],
      pings: [],
      announcedMs: { beat: 1000, deadtime: 6000 },
      discarded: { ...this.discarded },
    };
  }
}

/** As the channel words it. */
function deafMedia(): Media {
  let media = closedMedia([{ kind: "bcast", name: ETH1, interface: "eth1", port: 694 }]);
  [media] = mediumChanged(media, { medium: ETH1, usable: true, detail: "" }, 0);
  [media] = echoed(media, ETH1, 0);
  for (let count = 0; count < 5; count++) [media] = beaten(media, 0);
  return media;
}

describe("the watch over what a firewall drops", () => {
  it("tells what comes and is not heard, with the rule of this machine, once", async () => {
    const zeus = await new Zeus().live(10, [beat()]);
    expect(zeus.events).toHaveLength(1);
    expect(zeus.texts).toEqual([
      "medium eth1: what hera.example.com sends to UDP port 694 comes to eth1 and is dropped on this machine before it is heard; allow it here: `the rule`",
    ]);
    expect(zeus.asked).toMatchObject([
      { direction: "in", interface: "eth1", port: 694, family: 4 },
    ]);
  });

  it.each([
    ["of another cluster", beat("hera.example.com", otherKeys), BROADCAST],
    ["of no node of ours", beat("athena.example.com"), BROADCAST],
    ["of our own name", beat("zeus.example.com"), BROADCAST],
    ["of no message", Buffer.from("hello"), BROADCAST],
    ["to another subnet's broadcast", beat(), "10.10.255.255"],
    ["to a multicast group", beat(), "225.0.0.1"],
  ])("says nothing of a datagram %s", async (_what, payload, to) => {
    const zeus = await new Zeus().live(40, [payload], to);
    expect(zeus.open).toEqual(new Set(["in"]));
    expect(zeus.events).toEqual([]);
  });

  it.each([
    ["ucast", "10.10.10.1", { kind: "ucast", targets: ["10.10.10.2"] }],
    ["mcast", "225.0.0.1", { kind: "mcast", group: "225.0.0.1", ttl: 1, loop: true }],
  ] as const)("tells it of %s too", async (_what, to, way) => {
    const medium = { name: ETH1, interface: "eth1", port: 694, ...way };
    expect((await new Zeus([medium]).live(10, [beat()], to)).texts).toHaveLength(1);
  });

  it("says nothing of a peer that is off", async () => {
    expect((await new Zeus().live(100, [])).events).toEqual([]);
  });

  it("says nothing while what comes in is refused for another reason", async () => {
    const zeus = new Zeus();
    for (let second = 1; second <= 20; second++) {
      zeus.discarded = { replayed: second };
      await zeus.live(1, [beat()]);
    }
    expect(zeus.events).toEqual([]);
  });

  it("says nothing where no socket listens, and counts on one that is only deaf", async () => {
    const zeus = new Zeus();
    zeus.trouble = "eth1: bind: EADDRINUSE (address already in use)";
    expect((await zeus.live(20, [beat()])).texts).toEqual([]);
    const deaf = new Zeus();
    deaf.trouble = mediaReport(deafMedia()).map(({ detail }) => detail)[0];
    expect((await deaf.live(20, [beat()])).texts).toHaveLength(1);
  });

  it("says in the status that it cannot look, and when it can again", async () => {
    const zeus = new Zeus();
    zeus.refusal = "socket: EPERM (operation not permitted)";
    await zeus.live(5, [beat()]);
    expect(zeus.events).toEqual([{ kind: "firewall", obstacles: [], blind: zeus.refusal }]);
    zeus.refusal = undefined;
    await zeus.live(1, []);
    expect(zeus.events.at(-1)).toMatchObject({ blind: "" });
  });

  it("goes on where the kernel refuses the list of addresses, and tells it later", async () => {
    const zeus = new Zeus();
    zeus.isListRefused = true;
    expect((await zeus.live(20, [beat()])).texts).toEqual([]);
    zeus.isListRefused = false;
    expect((await zeus.live(10, [beat()])).texts).toHaveLength(1);
  });

  it("looks at nothing in a cluster of serial lines", async () => {
    const line: MediumConfig = {
      kind: "serial",
      name: mediumName("/dev/ttyS1"),
      device: "/dev/ttyS1",
      baud: 9600,
    };
    const zeus = await new Zeus([line]).live(3, [beat()]);
    expect(zeus.open).toEqual(new Set());
  });
});
