import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { hostLayouts, type NodeHost, serviceAddress } from "../../src/lab/layout.ts";
import { doublyAnswered, firstAnswerAfter, summarizePings } from "../../src/lab/probe/outage.ts";
import { type Probe, startProbe } from "../../src/lab/probe/probe.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";
import { addressScript } from "./lab-scripts.ts";

/** The lab measured with itself: if these fail, no end-to-end test can be believed. */
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({
    files: { "ha.cf": "node zeus.example.com\n", authkeys: "auth 1\n1 crc\n" },
    onComplaint: (line) => console.error(line),
  });
});
afterAll(() => lab?.close());

const shell = async (host: NodeHost, script: string): Promise<string> => {
  const { stdout } = await lab.host(host).run(["sh", "-c", script]);
  return stdout;
};
const macOf = (host: NodeHost): string | undefined => hostLayouts[host].interfaces[0]?.mac;

describe("hosts", () => {
  test("each is a machine of its own: name, files, processes, boot", async () => {
    expect(await shell("zeus", "uname -n; id -u")).toBe("zeus.example.com\n0\n");
    expect(await shell("hera", "uname -n; stat -c %a /etc/ha.d/authkeys")).toBe(
      "hera.example.com\n600\n",
    );
    await lab.host("zeus").writeFile("/run/only-here", "zeus");
    expect((await lab.host("hera").run(["cat", "/run/only-here"])).code).toBe(1);
    const bootId = "cat /proc/sys/kernel/random/boot_id";
    expect(await shell("zeus", bootId)).not.toBe(await shell("hera", bootId));
  });

  test.each([
    ["LAN", "192.168.43.52"],
    ["crossover", "10.10.10.2"],
  ])("zeus reaches hera over the %s", async (_, address) => {
    const probe = await startProbe(lab.host("zeus"), { kinds: ["pings"], address });
    await probe.until(({ pings }) => pings.some((ping) => ping.answeredAt !== undefined));
    await probe.stop();
  });

  test("the serial line carries bytes both ways", async () => {
    expect(await sayOverSerial("zeus", "hera", "from zeus")).toBe("from zeus\n");
    expect(await sayOverSerial("hera", "zeus", "from hera")).toBe("from hera\n");
  });

  test("orphans are reaped", async () => {
    const zombies = "sh -c 'sleep 0.1 & sleep 0.1 & :'; sleep 0.3; cat /proc/[0-9]*/stat";
    expect(await shell("zeus", zombies)).not.toMatch(/\) Z /);
  });

  test("httpd keeps LSB's rules", async () => {
    const httpd = async (action: string) =>
      (await lab.host("zeus").run(["/etc/init.d/httpd", action])).code;
    expect(await httpd("status")).toBe(3);
    expect(await httpd("stop")).toBe(0);
    expect(await httpd("start")).toBe(0);
    expect(await httpd("start")).toBe(0);
    expect(await httpd("status")).toBe(0);
    expect(await httpd("stop")).toBe(0);
    expect(await httpd("status")).toBe(3);
  });

  test("a command that hangs is ended with its time", async () => {
    const result = await lab.host("zeus").run(["sleep", "1000"], { timeoutMs: 50 });
    expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL" });
  });
});

describe("cables", () => {
  test("a LAN cable pulled takes the carrier of its host alone", async () => {
    await lab.cutCable("zeus", "eth0");
    expect(await lab.host("zeus").hasCarrier("eth0")).toBe(false);
    expect(await lab.host("hera").hasCarrier("eth0")).toBe(true);
    await lab.plugCable("zeus", "eth0");
    expect(await lab.host("zeus").hasCarrier("eth0")).toBe(true);
  });

  test("the crossover pulled takes the carrier at both ends", async () => {
    await lab.cutCable("hera", "eth1");
    expect(await lab.host("zeus").hasCarrier("eth1")).toBe(false);
    expect(await lab.host("hera").hasCarrier("eth1")).toBe(false);
    await lab.plugCable("hera", "eth1");
    expect(await lab.host("zeus").hasCarrier("eth1")).toBe(true);
  });

  test("what is said into a pulled serial line is lost", async () => {
    await lab.cutCable("zeus", "serial");
    await shell("zeus", "echo lost > /dev/ttyS1; sleep 0.1");
    await lab.plugCable("zeus", "serial");
    expect(await sayOverSerial("zeus", "hera", "found")).toBe("found\n");
  });
});

describe("the client", () => {
  let probe: Probe;
  beforeAll(async () => {
    await changeAddress("zeus", "take");
    await lab.host("zeus").run(["/etc/init.d/httpd", "start"]);
    probe = await startProbe(lab.host("client"), { realtime: lab.facts.realtime });
    await probe.until(({ pings, pages }) => pings.length > 0 && pages.some(isServed));
  });
  afterAll(() => probe?.stop());

  test("reads the name of the host that serves", () => {
    expect(probe.pages.find(isServed)).toMatchObject({ server: "zeus.example.com", status: 200 });
  });

  test("loses no ping while a script moves the address to and fro", async () => {
    const from = bootTimeMs();
    for (const [giver, taker] of [
      ["zeus", "hera"],
      ["hera", "zeus"],
      ["zeus", "hera"],
    ] as const) {
      await changeAddress(taker, "take");
      await changeAddress(giver, "drop");
      await answeredOnlyBy(probe, taker);
    }
    const summary = summarizePings(await probe.pingsBetween(from, bootTimeMs()));
    expect(summary.sent).toBeGreaterThan(0);
    expect(summary.losses).toEqual([]);
  });

  test("sees two hosts that answer", async () => {
    const from = bootTimeMs();
    await changeAddress("zeus", "take");
    const isDouble = () =>
      doublyAnswered(probe.arp.filter((question) => question.askedAt > from)).length > 0;
    await probe.until(isDouble);
    await changeAddress("hera", "drop");
    await answeredOnlyBy(probe, "zeus");
  });

  test("measures the outage of a pulled cable", async () => {
    const cutAt = await lab.cutCable("zeus", "eth0");
    await sleep(300);
    const pluggedAt = bootTimeMs();
    await lab.plugCable("zeus", "eth0");
    await probe.until(({ pings }) => firstAnswerAfter(pings, pluggedAt) !== undefined);
    const summary = summarizePings(await probe.pingsBetween(cutAt - 1000, bootTimeMs()));
    expect(summary.lost).toBeGreaterThan(0);
    // The cable was certainly out between the end of one call and the beginning of the other.
    expect(summary.longestGapMs).toBeGreaterThanOrEqual(300);
    expect(summary.longestGap?.from).toBeLessThan(pluggedAt);
    expect(summary.longestGap?.until).toBeGreaterThan(pluggedAt);
  });
});

describe("power", () => {
  test("a cut ends every process at once and takes what was in memory, not what is on the disk", async () => {
    const zeus = lab.host("zeus");
    await zeus.writeFile("/run/in-memory", "gone");
    await zeus.writeFile("/var/lib/tandem/on-disk", "kept");
    const bootId = await zeus.readFile("/proc/sys/kernel/random/boot_id");
    const running = await zeus.spawn(["sleep", "1000"]);

    await lab.powerCut("zeus");
    expect(await running.ended).toEqual({ code: null, signal: "SIGKILL" });
    await expect(zeus.run(["true"])).rejects.toThrow("zeus is off");
    expect(await lab.host("hera").hasCarrier("eth1")).toBe(false);
    expect(await lab.host("hera").hasCarrier("eth0")).toBe(true);

    await lab.powerOn("zeus");
    expect(await zeus.readFile("/var/lib/tandem/on-disk")).toBe("kept");
    expect(await zeus.readFile("/etc/ha.d/ha.cf")).toBe("node zeus.example.com\n");
    await expect(zeus.readFile("/run/in-memory")).rejects.toThrow("ENOENT");
    expect(await zeus.readFile("/proc/sys/kernel/random/boot_id")).not.toBe(bootId);
    expect(await lab.host("hera").hasCarrier("eth1")).toBe(true);
    expect(await sayOverSerial("hera", "zeus", "welcome back")).toBe("welcome back\n");
  });

  test("a cable stays pulled through a power cut", async () => {
    await lab.cutCable("zeus", "eth0");
    await lab.powerCut("zeus");
    await lab.powerOn("zeus");
    expect(await lab.host("zeus").hasCarrier("eth0")).toBe(false);
    await lab.plugCable("zeus", "eth0");
    expect(await lab.host("zeus").hasCarrier("eth0")).toBe(true);
  });
});

async function sayOverSerial(from: NodeHost, to: NodeHost, text: string): Promise<string> {
  const heard = lab.host(to).run(["head", "-n", "1", "/dev/ttyS1"]);
  await shell(from, `echo '${text}' > /dev/ttyS1`);
  return (await heard).stdout;
}

async function changeAddress(host: NodeHost, change: "take" | "drop"): Promise<void> {
  const result = await lab.host(host).run(addressScript(serviceAddress, change));
  expect(result).toMatchObject({ code: 0, stderr: "" });
}

/** Resolves at the first question, asked from now on, that this host alone answers. */
async function answeredOnlyBy(probe: Probe, host: NodeHost): Promise<void> {
  const from = bootTimeMs();
  const isOnly = ({ arp }: Probe): boolean =>
    arp.some(
      ({ askedAt, answers }) =>
        askedAt > from &&
        answers.length > 0 &&
        answers.every((answer) => answer.mac === macOf(host)),
    );
  await probe.until(isOnly);
}

function isServed(page: { readonly status?: number }): boolean {
  return page.status === 200;
}
