import { quoted } from "./source.ts";
import type { AddressConfig } from "./types.ts";

/** An address as haresources writes it, or the part of it that is wrong. */
export type AddressReading =
  | { readonly ok: true; readonly value: Omit<AddressConfig, "kind" | "name"> }
  | {
      readonly ok: false;
      /** Where in the text, and how long. */
      readonly offset: number;
      readonly length: number;
      readonly message: string;
    };

/** Heartbeat's own test: four parts, each beginning with a digit (config.md 3.1). */
export function looksLikeAddress(text: string): boolean {
  return /^\d[^./]*\.\d[^./]*\.\d[^./]*\.\d/.test(text);
}

/** `ip[/netmask[/interface[:label][/broadcast]]]`, or `ip/bits/broadcast` (config.md 3.3). */
export function readAddress(text: string): AddressReading {
  const parts = partsOf(text);
  const [ip, bits, third, fourth, fifth] = parts;
  const hasInterface = third !== undefined && !/^\d/.test(third.text);
  const broadcast = hasInterface ? fourth : third;
  const left = hasInterface ? fifth : fourth;
  if (ip === undefined || !isIPv4(ip.text)) return wrong(ip, "is not an IPv4 address");
  const prefix = bits && prefixOf(bits.text);
  if (bits !== undefined && prefix === undefined)
    return wrong(bits, "is neither a number of netmask bits from 0 to 32 nor a netmask");
  if (hasInterface && !isInterface(third.text)) return wrong(third, "is not an interface");
  if (broadcast !== undefined && !isIPv4(broadcast.text))
    return wrong(broadcast, "is not a broadcast address");
  if (left !== undefined) return wrong(left, "is one part more than an address has");
  const [name] = hasInterface ? third.text.split(":") : [];
  return {
    ok: true,
    value: {
      address: ip.text,
      prefix,
      interface: name,
      label: hasInterface && third.text !== name ? third.text : undefined,
      broadcast: broadcast?.text,
    },
  };
}

interface Part {
  readonly text: string;
  readonly offset: number;
}

function partsOf(text: string): readonly Part[] {
  let offset = 0;
  return text.split("/").map((part) => {
    const at = { text: part, offset };
    offset += part.length + 1;
    return at;
  });
}

function wrong(part: Part | undefined, what: string): AddressReading {
  const { text, offset } = part ?? { text: "", offset: 0 };
  return {
    ok: false,
    offset,
    length: Math.max(1, text.length),
    message: `${quoted(text)} ${what}`,
  };
}

/** Heartbeat's scripts take `24` and `255.255.255.0` alike (seen with both, IPaddr and IPaddr2). */
function prefixOf(text: string): number | undefined {
  if (!/^\d{1,2}$/.test(text)) return bitsOfMask(text);
  return Number(text) <= 32 ? Number(text) : undefined;
}

/** No leading zeros: some programs read them as octal. */
export function isIPv4(text: string): boolean {
  const bytes = text.split(".");
  return (
    bytes.length === 4 &&
    bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255)
  );
}

/** Name and label together have at most 15 characters: IFA_LABEL is an IFNAMSIZ too. */
function isInterface(text: string): boolean {
  return /^[^/:\s]+(:[^/:\s]+)?$/.test(text) && text.length <= 15;
}

/** 24 for 255.255.255.0. */
function bitsOfMask(text: string): number | undefined {
  if (!isIPv4(text)) return undefined;
  const bits = toNumber(text).toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** Whether two addresses are in one network of so many bits. */
export function isSameNetwork(a: string, b: string, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(toNumber(a) / size) === Math.floor(toNumber(b) / size);
}
