import { expect, test } from "vitest";
import { describeFault, FAULT_KINDS, parseFault } from "./fault-words.ts";

const hosts = ["zeus", "hera"] as const;

test("every fault is read back from its own words", () => {
  const details = {
    medium: "/dev/ttyS1",
    node: "192.168.43.1",
    side: 1,
    process: "both",
    op: "stop",
    set: "local",
    amount: -0.35,
  } as const;
  for (const kind of FAULT_KINDS) {
    const words = describeFault({ kind, ...details }, hosts);
    const fault = parseFault(words, hosts);
    expect(fault?.kind, words).toBe(kind);
    expect(fault && describeFault(fault, hosts)).toBe(words);
  }
});

test("words that are no fault, or name nobody, are none", () => {
  expect(parseFault("cut eth0 of athene", hosts)).toBeUndefined();
  expect(parseFault("pull eth0 of hera", hosts)).toBeUndefined();
});

test("a cable and a direction are told apart", () => {
  expect(parseFault("cut eth0 of hera", hosts)).toEqual({
    kind: "cut-cable",
    medium: "eth0",
    side: 1,
  });
  expect(parseFault("cut eth0 from zeus", hosts)).toEqual({
    kind: "cut-way",
    medium: "eth0",
    side: 0,
  });
});
