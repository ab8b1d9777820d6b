import { isIPv4 } from "../address.ts";
import { quoted, type Word } from "../source.ts";
import type { Report } from "./report.ts";
import { atoi, each, numberRule, onlyOnce, type Rule } from "./rule.ts";

const BAUD_RATES = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800];

const bcast: Rule = each((value, _line, { media }, report) => {
  media.push(value);
  const here = report.interfaceNamed(value.text);
  if (here === "missing") {
    const why = `there is no interface ${quoted(value.text)} on this machine`;
    report.refuse(value, why, "Write the name as `ip -br link` shows it.");
  } else if (here === "without-address") {
    const what = `3.0.6 refuses ${quoted(value.text)} if it has no address when it starts`;
    report.warn(value, what, "Have the address set up before Heartbeat starts.");
  }
});

const serial: Rule = each((value, _line, { media }, report) => {
  media.push(value);
  const { text } = value;
  if (!text.startsWith("/")) {
    const why = `${quoted(text)} is not a full path`;
    report.refuse(value, why, `Write \`serial /dev/${text}\`.`);
  } else if (report.ask("file", text) === false) {
    const why = `${quoted(text)} is not there: 3.0.6 does not start without the device`;
    report.refuse(value, why, "Name a device that is there, or remove the line.");
  } else if (report.ask("character-device", text) === false) {
    const why = `${quoted(text)} is not a character device`;
    report.refuse(value, why, "Name a serial device, such as `/dev/ttyS0`.");
  }
});

const baud: Rule = each((value, _line, state, report) => {
  const rate = atoi(value.text);
  if (!BAUD_RATES.includes(rate)) {
    const why = `${quoted(value.text)} is none of ${BAUD_RATES.join(", ")}`;
    report.refuse(value, why, "Write `baud 19200`.");
  }
  onlyOnce("baud", value, state, report);
  const above = state.seen.get("serial");
  if (above !== undefined && rate !== 19_200) {
    const what = `the serial line above, in line ${above.line}, runs at 19200 all the same`;
    report.warn(value, what, "Write `baud` above the first `serial`.");
  }
});

const udpport: Rule = (line, state, report) => {
  numberRule(1, Number.POSITIVE_INFINITY)(line, state, report);
  const above = state.seen.get("bcast") ?? state.seen.get("udp") ?? state.seen.get("ucast");
  for (const value of line.values) {
    const port = atoi(value.text);
    if (port > 65_535) {
      const what = `${port} is no port, and 3.0.6 does not look: its low 16 bits are used`;
      report.warn(value, what, "Write `udpport 694`.");
    } else if (above !== undefined && port !== 694) {
      const what = `the medium in line ${above.line} uses port 694 all the same`;
      report.warn(value, what, "Write `udpport` above the first medium.");
    }
  }
};

/** The parts of a line with one medium on it; the first one that is wrong is told. */
type Part = (word: Word, report: Report) => boolean;

function wholeLine(parts: readonly (readonly [what: string, check: Part])[]): Rule {
  return ({ name, words }, { media }, report) => {
    media.push(name);
    for (const [index, [what, check]] of parts.entries()) {
      const word = words[index];
      if (word === undefined) {
        const isCrash = index === 0 && ["ucast", "mcast"].includes(name.text);
        const end = isCrash ? "3.0.6 ends with a segmentation fault" : "3.0.6 refuses the line";
        report.refuse(name, `the ${what} is missing: ${end}`, syntaxMend(name.text));
        return;
      }
      if (!check(word, report)) {
        const why = `${quoted(word.text)} will not do as the ${what}`;
        report.refuse(word, why, syntaxMend(name.text));
        return;
      }
    }
  };
}

const SYNTAX: Readonly<Record<string, string>> = {
  ucast: "ucast eth1 10.10.10.2",
  ucast6: "ucast6 eth1 fe80::2",
  mcast: "mcast eth1 225.0.0.1 694 1 0",
  mcast6: "mcast6 eth1 ff02::1 694 1 0",
  ping_group: "ping_group gateways 192.168.43.1 192.168.43.254",
};

function syntaxMend(name: string): string {
  return `Write it like \`${SYNTAX[name]}\`.`;
}

const interfaceHere: Part = (word, report) => report.interfaceNamed(word.text) !== "missing";
const anything: Part = () => true;
const host: Part = (word, report) => report.ask("host", word.text) !== false;
const within =
  (min: number, max: number): Part =>
  (word) =>
    atoi(word.text) >= min && atoi(word.text) <= max;
const multicast: Part = ({ text }) => isIPv4(text) && /^(22[4-9]|23\d)\./.test(text);
const multicast6: Part = ({ text }) => /^ff[0-9a-f]{2}:[0-9a-f:.]*$/i.test(text);
/** Multicast, `::1` and IPv4 are refused (seen). */
const unicast6: Part = ({ text }) =>
  /^(?!ff)[0-9a-f]*:[0-9a-f:.]*(%.*)?$/i.test(text) && text !== "::1";
const PORT: Part = within(1, Number.POSITIVE_INFINITY);

const ping: Rule = each((value, _line, { media, pingNodes }, report) => {
  media.push(value);
  pingNodes.add(value.text.toLowerCase());
  if (report.ask("host", value.text) !== false) return;
  const why = `${quoted(value.text)} cannot be resolved to an address`;
  report.refuse(value, why, "Write the address itself.");
});

const pingGroup: Rule = (line, state, report) => {
  wholeLine([
    ["name of the group", anything],
    ["first host", anything],
  ])(line, state, report);
  const [group, ...hosts] = line.words;
  if (group !== undefined) state.pingNodes.add(group.text.toLowerCase());
  for (const word of hosts)
    if (report.ask("host", word.text) === false) {
      const what = `${quoted(word.text)} cannot be resolved: 3.0.6 goes on without it`;
      report.warn(word, what, "Write the address itself.");
    }
};

/** How the nodes hear each other. */
export const MEDIA_RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ["bcast", bcast],
  [
    "udp",
    (line, state, report) => {
      report.warn(line.name, "`udp` is replaced by `bcast`, with a warning", "Write `bcast`.");
      bcast(line, state, report);
    },
  ],
  ["serial", serial],
  ["baud", baud],
  ["udpport", udpport],
  // The interface of ucast is not looked at (seen with one that is not there).
  [
    "ucast",
    wholeLine([
      ["interface", anything],
      ["address of the other node", host],
    ]),
  ],
  [
    "ucast6",
    wholeLine([
      ["interface", interfaceHere],
      ["address of the other node", unicast6],
    ]),
  ],
  [
    "mcast",
    wholeLine([
      ["interface", interfaceHere],
      ["multicast address", multicast],
      ["port", PORT],
      ["ttl from 0 to 4", within(0, 4)],
      ["loop, 0 or 1,", within(0, 1)],
    ]),
  ],
  [
    "mcast6",
    wholeLine([
      ["interface", interfaceHere],
      ["multicast address", multicast6],
      ["port", PORT],
      ["hops from 0 to 4", within(0, 4)],
      ["loop, 0 or 1,", within(0, 1)],
    ]),
  ],
  ["ping", ping],
  ["ping_group", pingGroup],
];
