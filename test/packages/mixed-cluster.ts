import { expect, type TestContext } from "vitest";
import { HeartbeatNode, LOST_ITS_OWN_WORD, LogFile } from "../../src/lab/heartbeat-node.ts";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { projectRoot } from "../../src/lab/paths.ts";
import { doublyAnswered } from "../../src/lab/probe/outage.ts";
import { type Probe, startProbe } from "../../src/lab/probe/probe.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";

/**
 * What 3.0.6 accepts of the tutorial: `auto_failback`, a key number below 16, no ccm (config.md 0),
 * and timers a test can wait for. Tandem reads the same files.
 */
const timers = `keepalive 500ms
warntime 1500ms
deadtime 3
initdead 5
`;

const haCf = `logfile /var/log/ha-log
${timers}auto_failback on
bcast eth1
node zeus.example.com
node hera.example.com
`;

const files = {
  "ha.cf": haCf,
  haresources: "zeus.example.com 192.168.43.53 httpd\n",
  authkeys: "auth 4\n4 crc\n",
};

export interface MixedOptions {
  /** Lines of ha.cf in the place of `bcast eth1`. */
  readonly media?: string;
  /** Lines of ha.cf in the place of the four timers. */
  readonly timers?: string;
  readonly authkeys?: string;
  readonly haresources?: string;
  readonly autoFailback?: "on" | "off" | "legacy";
  readonly tandemCf?: string;
}

/** One node of the lab runs a real Heartbeat, the other one Tandem; a client watches the address. */
export class MixedCluster {
  readonly lab: Lab;
  readonly tandem: NodeHost;
  readonly heartbeat: HeartbeatNode;
  readonly tandemLog: LogFile;
  readonly probe: Probe;
  readonly autoFailback: NonNullable<MixedOptions["autoFailback"]>;
  #awaited: string | undefined;

  private constructor(lab: Lab, tandem: NodeHost, probe: Probe, options: MixedOptions) {
    this.autoFailback = options.autoFailback ?? "on";
    this.lab = lab;
    this.tandem = tandem;
    this.heartbeat = new HeartbeatNode(lab.host(tandem === "zeus" ? "hera" : "zeus"));
    this.tandemLog = new LogFile(lab.host(tandem), "/var/log/ha-log");
    this.probe = probe;
  }

  static async start(tandem: NodeHost, options: MixedOptions = {}): Promise<MixedCluster> {
    const { media = "bcast eth1", authkeys = files.authkeys, tandemCf } = options;
    const { haresources = files.haresources } = options;
    const haCf = files["ha.cf"]
      .replace("bcast eth1", media)
      .replace(timers, options.timers ?? timers)
      .replace("auto_failback on", `auto_failback ${options.autoFailback ?? "on"}`);
    const lab = await startLab({
      files: { "ha.cf": haCf, haresources, authkeys, ...(tandemCf && { "tandem.cf": tandemCf }) },
      copies: ["/etc/ha.d", "/var/lib/heartbeat"],
      onComplaint: (text) => console.error(text),
    });
    try {
      const probe = await startProbe(lab.host("client"), { kinds: ["arp", "pages"] });
      return new MixedCluster(lab, tandem, probe, options);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  async startTandem(): Promise<void> {
    await this.lab.host(this.tandem).startDaemon();
  }

  /** `tandem standby` or `tandem takeover` on Tandem's host; it says when it is done. */
  async tandemMoves(
    command: "standby" | "takeover",
    set: "all" | "local" | "foreign" | "failback" = "all",
  ): Promise<void> {
    const { code, stderr } = await this.#tandem(command, set);
    expect(code, stderr).toBe(0);
  }

  /** The same where a refusal is a fair answer. */
  async tandemIsAsked(
    command: "standby" | "takeover",
    set: "all" | "local" | "foreign" | "failback" = "all",
  ): Promise<boolean> {
    const { code, stderr } = await this.#tandem(command, set);
    expect([0, 1], stderr).toContain(code);
    return code === 0;
  }

  #tandem(
    command: string,
    set: string,
  ): Promise<{ readonly code: number | null; readonly stderr: string }> {
    const argv = [`${projectRoot}bin/tandem`, command, set];
    return this.lab.host(this.tandem).run(argv, { timeoutMs: 100_000 });
  }

  /** Who owns the group, as `tandem status` of Tandem's host says; undefined while it cannot say. */
  async ownerByTandem(): Promise<string | undefined> {
    const argv = [`${projectRoot}bin/tandem`, "status", "--json"];
    const { stdout } = await this.lab.host(this.tandem).run(argv);
    if (!stdout.startsWith("{")) return undefined;
    const status: { groups: readonly { owner?: string }[] } = JSON.parse(stdout);
    return status.groups[0]?.owner;
  }

  /** Resolves once this host alone answers for the address, and its page is served. */
  async servedBy(host: NodeHost): Promise<void> {
    const from = bootTimeMs();
    const mac = hostLayouts[host].interfaces[0]?.mac;
    this.#awaited = `${host} serves`;
    await this.probe.until(
      ({ arp, pages }) =>
        arp.some(
          ({ askedAt, answers }) =>
            askedAt > from && answers.length > 0 && answers.every((answer) => answer.mac === mac),
        ) && pages.some(({ at, server }) => at > from && server === hostLayouts[host].fullName),
    );
    this.#awaited = undefined;
  }

  /** Nobody but this host answers for the address for so long. */
  async keptBy(host: NodeHost, ms: number): Promise<void> {
    const from = bootTimeMs();
    const mac = hostLayouts[host].interfaces[0]?.mac;
    await this.probe.until(({ arp }) => (arp.at(-1)?.askedAt ?? 0) > from + ms);
    const others = this.probe.arp
      .filter(({ askedAt }) => askedAt > from)
      .filter(({ answers }) => answers.length !== 1 || answers[0]?.mac !== mac);
    expect(others).toEqual([]);
  }

  /** The times in which two hosts answered, up to now. */
  doubles(): ReturnType<typeof doublyAnswered> {
    return doublyAnswered(this.probe.arp);
  }

  /**
   * For `afterEach`. A test that failed leaves what was waited for, and what both nodes said. Where Heartbeat
   * lost a word of its own it says so in the words for which vitest.config.ts plays the test again.
   */
  async close({ task }: TestContext): Promise<void> {
    const hasFailed = task.result?.state === "fail";
    const said = await this.heartbeat.log.whole();
    if (hasFailed || process.env["SHOW_LOGS"] !== undefined) await this.#tell();
    await this.probe.stop().catch(() => {});
    await this.lab.close();
    if (hasFailed && LOST_ITS_OWN_WORD.test(said)) {
      throw new Error("Heartbeat lost a word of its own script (heartbeat-node.ts)");
    }
  }

  async #tell(): Promise<void> {
    const { heartbeat, tandemLog } = this;
    const awaited = [this.#awaited, heartbeat.log.awaited, tandemLog.awaited];
    console.log(
      `Waited for: ${awaited.filter((what) => what !== undefined).join(", ") || "nothing"}`,
    );
    console.log(`Answers to ARP, newest last: ${JSON.stringify(this.probe.arp.slice(-3))}`);
    console.log(`Heartbeat:\n${await heartbeat.log.whole()}`);
    console.log(`Tandem:\n${await tandemLog.whole()}`);
  }
}
