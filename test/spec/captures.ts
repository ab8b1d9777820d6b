import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { SigningKey, SigningKeys } from "../../src/wire/signature.ts";

/** Reads test/captures: what real Heartbeat sent, and with which keys. */
const folder = new URL("../captures/", import.meta.url);

export interface CapturedPacket {
  readonly bytes: Uint8Array;
  readonly keys: SigningKeys;
  /** File and line, for a failing test. */
  readonly where: string;
}

/** What the experimenter did: `crash zeus`. */
export interface CapturedMark {
  readonly event: string;
}

type TimedLine = (CapturedPacket | CapturedMark) & { readonly atMs: number };

interface Line {
  readonly t?: number;
  readonly event?: string;
  readonly b64?: string;
  readonly test?: string;
  readonly what?: string;
  readonly accepted?: boolean;
}

/** All files of packets: 01–22, 25, 30–36 and 40. 24 is a stream in chunks, 26 has tests of its own. */
export function packetFiles(): readonly string[] {
  return readdirSync(folder).filter(
    (name) => /^\d\d-.*\.jsonl\.gz$/.test(name) && !/^2[46]/.test(name),
  );
}

export function packetsOf(file: string): readonly CapturedPacket[] {
  let keys = keysOf(file);
  const packets: CapturedPacket[] = [];
  linesOf(file).forEach((line, index) => {
    if (line.event === "reload-authkeys") keys = reloaded;
    if (line.b64 === undefined) return;
    packets.push({ bytes: Buffer.from(line.b64, "base64"), keys, where: `${file}:${index + 1}` });
  });
  return packets;
}

/** Packets and marks in their order, with the time since the start of the slice. */
export function timelineOf(file: string): readonly TimedLine[] {
  let keys = keysOf(file);
  return linesOf(file).flatMap((line, index): readonly TimedLine[] => {
    const atMs = Math.round((line.t ?? 0) * 1000);
    if (line.event !== undefined) {
      if (line.event === "reload-authkeys") keys = reloaded;
      return [{ event: line.event, atMs }];
    }
    if (line.b64 === undefined) return [];
    const bytes = Buffer.from(line.b64, "base64");
    return [{ bytes, keys, where: `${file}:${index + 1}`, atMs }];
  });
}

export interface Injection {
  readonly test: string;
  readonly what: string;
  readonly accepted: boolean;
  readonly bytes: Uint8Array;
}

/** Capture 26: hand-made packets, and whether the real zeus took them. */
export function injections(): readonly Injection[] {
  return linesOf("26-injection-tests.jsonl.gz").map(
    ({ test = "", what = "", accepted = false, b64 = "" }) => ({
      test,
      what,
      accepted,
      bytes: Buffer.from(b64, "base64"),
    }),
  );
}

export function serialStream(direction: "hera-to-zeus" | "zeus-to-hera"): Uint8Array {
  return gunzipSync(readFileSync(new URL(`23-serial-${direction}.txt.gz`, folder)));
}

/** The keys of a file before any mark: the table of the captures' own notes. */
export function keysOf(file: string): SigningKeys {
  const number = file.slice(0, 2);
  if (number === "20") return { active: 1, keys: [bicycle(1)] };
  if (number === "21") return { active: 3, keys: [crc(1), bicycle(2), river] };
  if (number === "25" || number === "26") return { active: 4, keys: [kOne, crc(4), kFive] };
  return { active: 4, keys: [crc(4)] };
}

const crc = (number: number): SigningKey => ({ number, method: "crc", key: "" });
const bicycle = (number: number): SigningKey => ({ number, method: "md5", key: "Bicycle-lamp" });
const river: SigningKey = { number: 3, method: "sha1", key: "Hi!quiet-river" };
const kOne: SigningKey = { number: 1, method: "md5", key: "k-one" };
const kFive: SigningKey = { number: 5, method: "sha1", key: "k-five" };
const reloaded: SigningKeys = {
  active: 2,
  keys: [{ number: 2, method: "md5", key: "newkey" }, crc(4)],
};

function linesOf(file: string): readonly Line[] {
  const text = gunzipSync(readFileSync(new URL(file, folder))).toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));
}
