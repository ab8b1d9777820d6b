import { afterAll, beforeAll, expect, test } from "vitest";
import { HeartbeatNode } from "../../src/lab/heartbeat-node.ts";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { PROBES } from "../spec/heartbeat-probes.ts";
import { VARIANTS, type Variant } from "../spec/heartbeat-variants.ts";
import { captured } from "../spec/heartbeat-verdicts.ts";

/** The files that test/spec judges by our rules are given to the real Heartbeat 3.0.6 here. */
let lab: Lab;
let heartbeat: HeartbeatNode;

beforeAll(async () => {
  lab = await startLab({
    files: {},
    copies: ["/etc/ha.d", "/var/lib/heartbeat"],
    onComplaint: (text) => console.error(text),
  });
  heartbeat = new HeartbeatNode(lab.host("zeus"));
});
afterAll(async () => {
  await lab?.close();
});

test("each of the 157 variants is accepted or refused as when they were captured", async () => {
  const cases = captured().map(({ name, started }, index) => {
    const variant = VARIANTS[index];
    if (variant === undefined) throw new Error(`no files for ${name}`);
    return { variant, starts: started };
  });
  expect(await disagreements(cases)).toEqual([]);
});

test("and so is each of the further probes", async () => {
  expect(await disagreements(PROBES)).toEqual([]);
});

/** What the real daemon sees otherwise than the list says. */
async function disagreements(
  cases: readonly { readonly variant: Variant; readonly starts: boolean }[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { variant, starts } of cases) {
    await put(variant);
    if ((await heartbeat.judges()) !== starts) found.push(variant.name);
  }
  return found;
}

async function put(variant: Variant): Promise<void> {
  const host = lab.host("zeus");
  await host.run(["sh", "-c", "cd /etc/ha.d && rm -f ha.cf haresources authkeys"]);
  if (variant.hacf !== undefined) await host.writeFile("/etc/ha.d/ha.cf", variant.hacf);
  if (variant.haresources !== undefined)
    await host.writeFile("/etc/ha.d/haresources", variant.haresources);
  if (variant.authkeys !== undefined)
    await host.writeFile("/etc/ha.d/authkeys", variant.authkeys, variant.authkeysMode);
}
