import { ipv6Bytes } from "../base/ipv6.ts";
import { isIPv4 } from "./address.ts";
import { quoted } from "./source.ts";
import type { Reading, ValueKind } from "./values.ts";

/** RFC 1123, and the underscore that many a hosts file has. */
const NAME = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?$/i;

/** A host by IPv4 address or by name. */
export const HOST: ValueKind<string> = {
  syntax: "HOST",
  read: (word) => {
    if (isIPv6(word)) return no("bad-host", word, "is an IPv6 address; an IPv4 one is wanted");
    if (!/^[\d.]+$/.test(word)) return hostName(word);
    if (!isIPv4(word)) return no("bad-host", word, "is not an IPv4 address");
    return isOneHost(word) ? { ok: true, value: word } : no("bad-host", word, "is no other host");
  },
};

/** A host by IPv6 address or by name. A zone (`%eth1`) is left out: the interface stands in the line. */
export const HOST6: ValueKind<string> = {
  syntax: "HOST",
  read: (word) => {
    const address = word.replace(/%.*$/, "");
    const bytes = ipv6Bytes(address);
    if (bytes?.[0] === 0xff) return no("bad-host", word, "is a group of hosts: that is `mcast6`");
    if (bytes !== undefined) return { ok: true, value: address };
    if (isIPv4(word)) return no("bad-host", word, "is an IPv4 address; an IPv6 one is wanted");
    return word.includes(":") ? no("bad-host", word, "is not an IPv6 address") : hostName(word);
  },
};

/** An IPv4 multicast group. */
export const GROUP: ValueKind<string> = {
  syntax: "GROUP",
  read: (word) =>
    isIPv4(word) && /^(22[4-9]|23\d)\./.test(word)
      ? { ok: true, value: word }
      : no("bad-group", word, "is no multicast group from 224.0.0.0 to 239.255.255.255"),
};

/** An IPv6 multicast group. */
export const GROUP6: ValueKind<string> = {
  syntax: "GROUP",
  read: (word) => {
    const group = word.replace(/%.*$/, "");
    return ipv6Bytes(group)?.[0] === 0xff
      ? { ok: true, value: group }
      : no("bad-group", word, "is no IPv6 multicast group: those begin with ff");
  },
};

function isIPv6(word: string): boolean {
  return ipv6Bytes(word.replace(/%.*$/, "")) !== undefined;
}

function hostName(word: string): Reading<string> {
  return NAME.test(word) && !word.includes("..")
    ? { ok: true, value: word }
    : no("bad-host", word, "is neither an address nor a name");
}

/** Neither this machine itself nor many. */
function isOneHost(address: string): boolean {
  return !/^(0|127|22[4-9]|2[345]\d)\./.test(address);
}

function no(code: "bad-host" | "bad-group", word: string, what: string): Reading<string> {
  return { ok: false, code, message: `${quoted(word)} ${what}` };
}
