import type { ErrorCode } from "../base/errors.ts";
import { nearest } from "./nearest.ts";
import { quoted } from "./source.ts";

/** What a word means as a value of some kind, or what is wrong with it and how to mend it. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly mend?: string;
    };

/** A kind of value: how the manual writes it and how a word is read. */
export interface ValueKind<T> {
  /** `TIME`, `on|off`. */
  readonly syntax: string;
  readonly read: (word: string) => Reading<T>;
}

/** 24 days: what a timer of the platform can hold, in ms. */
const TIME_MS_MAX = 2 ** 31 - 1;

/** Seconds, or with `ms` or `us` behind it; in whole milliseconds (config.md 1.1). */
export const TIME: ValueKind<number> = {
  syntax: "TIME",
  read: (word) => {
    // Heartbeat ignores what follows the unit: `500msec`.
    const match = /^(\d+\.?\d*|\.\d+)(?:(ms|us)[a-z]*)?$/i.exec(word);
    if (match === null) return { ok: false, code: "bad-time", ...wrongUnit(word) };
    const factor = { ms: 1, us: 0.001 }[match[2]?.toLowerCase() ?? ""] ?? 1000;
    const value = Math.round(Number(match[1]) * factor);
    if (value <= TIME_MS_MAX) return { ok: true, value };
    return { ok: false, code: "bad-time", message: `${quoted(word)} is longer than 24 days` };
  },
};

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ...["s", "sec", "secs", "second", "seconds"].map((unit) => [unit, 1] as const),
  ...["m", "min", "mins", "minute", "minutes"].map((unit) => [unit, 60] as const),
  ...["h", "hour", "hours"].map((unit) => [unit, 3600] as const),
]);

function wrongUnit(word: string): { message: string; mend?: string } {
  const [, number = "", unit = ""] = /^(\d*\.?\d+)([a-z]+)$/i.exec(word) ?? [];
  const seconds = UNIT_SECONDS.get(unit.toLowerCase());
  if (seconds === undefined) return { message: `${quoted(word)} is not a time` };
  return {
    message: `${quoted(word)}: \`${unit}\` is not a unit that Heartbeat knows; a number alone is seconds`,
    mend: `\`${Number((Number(number) * seconds).toFixed(3))}\``,
  };
}

/** If the second of two words is the unit of the first (`500 ms`): the one word that was meant. */
export function gluedUnit(first: string, second: string): string | undefined {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(first)) return undefined;
  if (/^(ms|us)[a-z]*$/i.test(second)) return `${first}${second}`;
  const seconds = UNIT_SECONDS.get(second.toLowerCase());
  return seconds === undefined ? undefined : String(Number((Number(first) * seconds).toFixed(3)));
}

/** Heartbeat's words for on and off, in any case. */
export const BOOLEAN: ValueKind<boolean> = {
  syntax: "on|off",
  read: (word) => {
    if (/^(true|on|yes|y|1)$/i.test(word)) return { ok: true, value: true };
    if (/^(false|off|no|n|0)$/i.test(word)) return { ok: true, value: false };
    return { ok: false, code: "bad-boolean", message: `${quoted(word)} is neither on nor off` };
  },
};

/** A whole number, both bounds included. */
export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    syntax: "NUMBER",
    read: (word) => {
      const value = /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
      if (value >= min && value <= max) return { ok: true, value };
      const message = `${quoted(word)} is not a whole number from ${min} to ${max}`;
      return { ok: false, code: "bad-number", message };
    },
  };
}

/** One of a few words. */
export function choice<T extends string>(...words: readonly T[]): ValueKind<T> {
  return {
    syntax: words.join("|"),
    read: (word) => {
      const value = words.find((one) => one === word.toLowerCase());
      if (value !== undefined) return { ok: true, value };
      const near = nearest(word, words);
      const message = `${quoted(word)} is none of ${words.join(", ")}`;
      return { ok: false, code: "bad-choice", message, ...(near && { mend: `\`${near}\`` }) };
    },
  };
}

/** A full path. */
export const PATH: ValueKind<string> = {
  syntax: "PATH",
  read: (word) =>
    word.startsWith("/")
      ? { ok: true, value: word }
      : { ok: false, code: "bad-path", message: `${quoted(word)} is not a full path` },
};

/** Anything: what is not run is not judged. */
export const ANYTHING: ValueKind<string> = {
  syntax: "…",
  read: (value) => ({ ok: true, value }),
};
