import { expect, test } from "vitest";
import { judgeProbe } from "./arp-rule.ts";
import type { ProbeResult } from "./world.ts";

const PEER = "02:00:00:00:00:52";
const PEER_OTHER = "02:00:00:00:01:52";
const STRANGER = "02:00:00:00:00:99";

function heard(macs: readonly string[], patch: Partial<ProbeResult> = {}): ProbeResult {
  const answers = macs.map((mac, index) => ({ interface: `eth${index}`, mac }));
  return { answers, proxied: false, failed: false, ...patch };
}

test.each([
  ["nobody answers", heard([]), [PEER], "clear"],
  ["nothing could be probed", heard([], { failed: true }), [PEER], "worthless"],
  ["the peer's hardware answers", heard([PEER]), [PEER], "peer-answers"],
  ["another of the peer's cards answers", heard([PEER_OTHER]), [PEER, PEER_OTHER], "peer-answers"],
  ["a stranger answers", heard([STRANGER]), [PEER], "stranger"],
  ["the peer and a stranger answer", heard([STRANGER, PEER]), [PEER], "peer-answers"],
  ["a proxy answers for everything", heard([STRANGER], { proxied: true }), [PEER], "worthless"],
  [
    "the peer answers beside a proxy",
    heard([STRANGER, PEER], { proxied: true }),
    [PEER],
    "peer-answers",
  ],
  ["somebody answers whose hardware is not known", heard([STRANGER]), [], "peer-answers"],
] as const)("%s", (_, result, peerMacs, expected) => {
  expect(judgeProbe(result, peerMacs).kind).toBe(expected);
});

test("each piece of hardware is named once, on however many segments it answered", () => {
  expect(judgeProbe(heard([STRANGER, STRANGER]), [PEER])).toEqual({
    kind: "stranger",
    macs: [STRANGER],
  });
});
