import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { tandem } from "../../src/lab/paths.ts";

/** The command itself, as a newcomer runs it. Times are not asserted: a slow machine may say `slow`. */
const demoMs = 110_000;

interface DemoDocument {
  readonly schema: string;
  readonly ok: boolean;
  readonly machine: { readonly rootless: boolean; readonly realtime: boolean };
  readonly steps: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly problem: string | null;
    readonly slow: string | null;
    readonly ownerAfter: string | null;
    readonly measured: { readonly sent: number; readonly lost: number } | null;
    readonly sentences: readonly { readonly node: string; readonly text: string }[];
  }[];
}

const run = (program: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(program, args, { encoding: "utf8", timeout: demoMs });

describe("tandem demo", () => {
  test(
    "plays one event and tells it to programs: who owned it, what was lost, and why",
    () => {
      const { status, stdout } = run(tandem, "demo", "--story", "power-cut", "--json");
      const demo = JSON.parse(stdout) as DemoDocument;
      expect(demo.schema).toBe("tandem.demo/1");
      expect(
        demo.steps.map(({ name, problem, ownerAfter }) => ({ name, problem, ownerAfter })),
      ).toEqual([
        { name: "start", problem: null, ownerAfter: "zeus" },
        { name: "power-cut", problem: null, ownerAfter: "hera" },
      ]);
      const [, powerCut] = demo.steps;
      expect(powerCut?.measured?.lost).toBeGreaterThan(0);
      expect(powerCut?.sentences.map((sentence) => sentence.text).join()).toContain(
        "is dead: silent for",
      );
      expect(demo.ok).toBe(demo.steps.every((step) => step.ok));
      expect(status).toBe(demo.ok ? 0 : 1);
    },
    demoMs,
  );

  test(
    "says without a terminal what happens, and ends with a table",
    () => {
      const { stdout } = run(tandem, "demo", "--story", "start");
      expect(stdout).toContain("The tutorial's ha.cf, haresources and authkeys");
      expect(stdout).toContain("start: both machines are switched on; expected:");
      expect(stdout).toMatch(/event +longest silence +pings lost +pages failed +owner after/);
      expect(stdout).not.toContain("\x1b[");
    },
    demoMs,
  );

  test(
    "--keep leaves the pair up, to be entered by the commands that it prints; Ctrl-C ends it",
    async () => {
      const demo = spawn(tandem, ["demo", "--story", "start", "--json", "--keep"]);
      const ended = once(demo, "close");
      const told = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        demo[name].setEncoding("utf8").on("data", (text: string) => {
          told[name] += text;
        });
      }
      await vi.waitFor(() => expect(told.stderr).toContain("on the client: ping"), demoMs);
      const enter = told.stderr.match(/^ {2}zeus +(nsenter .*)$/m)?.[1] ?? "";
      const status = run("sh", "-c", `exec ${enter} -c '${tandem} status --json'`);
      expect(JSON.parse(status.stdout)).toMatchObject({
        schema: "tandem.status/1",
        node: "zeus.example.com",
      });
      demo.kill("SIGINT");
      await ended;
      expect(JSON.parse(told.stdout)).toMatchObject({ schema: "tandem.demo/1" });
      expect(demo.exitCode).toBe(0);
      expect(run("sh", "-c", `exec ${enter} -c true`).status).not.toBe(0);
    },
    demoMs,
  );

  test("names the sysctl and exits 3 where the kernel refuses namespaces", () => {
    const refuse = `echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all ${tandem} demo`;
    const { status, stderr } = run("unshare", "--user", "--map-root-user", "sh", "-c", refuse);
    expect(stderr).toContain("sysctl -w user.max_user_namespaces=");
    expect(status).toBe(3);
  });
});
