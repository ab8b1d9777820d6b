import { expect, it } from "vitest";
import { argumentsOf, parseOptions } from "./options.ts";

it("has Heartbeat's and the system's directories as defaults", () => {
  expect(parseOptions([])).toEqual({
    kind: "run",
    options: { configDir: "/etc/ha.d", runDir: "/run/tandem", stateDir: "/var/lib/tandem" },
  });
});

it("gives the child the same directories", () => {
  const command = parseOptions(["--config-dir", "/c", "--run-dir=/r", "--state-dir", "/s"]);
  if (command.kind !== "run") throw new Error("these are good options");
  expect(parseOptions(argumentsOf(command.options))).toEqual(command);
});

it("refuses what it does not know with a sentence", () => {
  expect(parseOptions(["--confg-dir", "/c"])).toMatchObject({ kind: "wrong" });
  expect(parseOptions(["surplus"])).toMatchObject({ kind: "wrong" });
});
