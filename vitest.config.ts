import { defineConfig, type ViteUserConfig } from "vitest/config";

const lab = {
  // Real daemons and namespaces: each file in a process of its own.
  pool: "forks",
  globalSetup: ["test/set-up.ts"],
  testTimeout: 120_000,
  hookTimeout: 60_000,
};

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "bench/**/*.test.ts",
            "test/{spec,scenarios,contract,tidy}/**/*.test.ts",
          ],
          exclude: ["**/*.lab.test.ts"],
          testTimeout: 60_000,
        },
      },
      { test: { name: "sim", include: ["test/sim/**/*.test.ts"], testTimeout: 1_800_000 } },
      {
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts", "test/contract/**/*.lab.test.ts"],
          ...lab,
          // Counts of lost pings want the machine for themselves.
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "packages",
          include: ["test/packages/**/*.test.ts"],
          ...lab,
          // Mostly waiting for real programs; more at a time would keep two processors busy.
          maxWorkers: 2,
          // A fault of Heartbeat alone (test/packages/mixed-cluster.ts); nothing else is tried again.
          retry: { count: 2, condition: /Heartbeat lost a word of its own script/ },
        },
      },
    ],
  },
});

export default config;
