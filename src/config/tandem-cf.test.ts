import { expect, test } from "vitest";
import { Findings } from "./findings.ts";
import { readTandemCf, TANDEM_DEFAULTS } from "./tandem-cf.ts";

function read(text: string) {
  const findings = new Findings("tandem.cf");
  const config = readTandemCf({ kind: "text", name: "tandem.cf", text, mode: undefined }, findings);
  return {
    config,
    codes: findings.list().map(({ line, column, code }) => `${line}:${column} ${code}`),
  };
}

test("an empty file says what no file says", () => {
  expect(read("# nothing\n")).toEqual({ config: TANDEM_DEFAULTS, codes: [] });
});

test("every directive is taken", () => {
  expect(read("mode availability\nauto_failback_now on\non_probe_answer take\n")).toEqual({
    config: { mode: "availability", autoFailbackNow: true, onProbeAnswer: "take" },
    codes: [],
  });
});

test("safety is taken, with the warning that nothing proves a death yet", () => {
  expect(read("mode safety\n")).toMatchObject({
    config: { mode: "safety" },
    codes: ["1:6 safety-without-proof"],
  });
});

test("misspelt words and directives of ha.cf are errors", () => {
  expect(read("mode savety\nkeepalive 2\n").codes).toEqual([
    "1:6 bad-choice",
    "2:1 unknown-directive",
  ]);
});
