import { isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ipv6Bytes } from "./ipv6.ts";

it.each([
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["fe80::2", "fe800000000000000000000000000002"],
  ["ff02::694", "ff020000000000000000000000000694"],
  ["2001:DB8:1:2:3:4:5:6", "20010db8000100020003000400050006"],
  ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
  ["::ffff:192.168.43.51", "00000000000000000000ffffc0a82b33"],
])("%s is %s", (text, hex) => {
  expect(Buffer.from(ipv6Bytes(text) ?? []).toString("hex")).toBe(hex);
});

it("agrees with the platform on what is an address", () => {
  const word = fc.constantFrom("", "0", "ffff", "1.2.3.4", "12345", "g", "256.1.1.1", "01.2.3.4");
  const like = fc.array(word, { maxLength: 10 }).map((words) => words.join(":"));
  fc.assert(
    fc.property(fc.oneof(like, fc.ipV6(), fc.string()), (text) => {
      expect(ipv6Bytes(text) !== undefined).toBe(isIPv6(text) && !text.includes("%"));
    }),
    { numRuns: 500 },
  );
});
