import { ipv6Bytes } from "../base/ipv6.ts";
import { quoted } from "./source.ts";

/** The script of resource.d that runs an IPv6 address (config.md 3.4). */
const script = "IPv6addr";

/**
 * haresources knows only IPv4 addresses by themselves, and `::` divides arguments in it: an IPv6 address
 * has to be named with its script and written out. Undefined: the word holds none, or is well written.
 */
export function objectionToIPv6(
  word: string,
): { readonly message: string; readonly mend: string } | undefined {
  const isNamed = word.startsWith(`${script}::`);
  const rest = isNamed ? word.slice(script.length + 2) : word;
  const [address = ""] = rest.split("/", 1);
  const bytes = ipv6Bytes(address);
  if (bytes === undefined) return undefined;
  const isWrittenOut = !address.includes("::");
  if (isNamed ? isWrittenOut : !isWrittenOut && looksLikeScript(address)) return undefined;
  return {
    message: isNamed
      ? `\`::\` divides arguments, so that ${script} is not given ${quoted(address)}`
      : `${quoted(address)} is an IPv6 address, which needs the script ${script}`,
    mend: `Write \`${script}::${writtenOut(bytes)}${rest.slice(address.length)}\`.`,
  };
}

/** `db::1` is a script with its argument; `2001::1` and `fe80:0::1` are nothing but addresses. */
function looksLikeScript(address: string): boolean {
  return /^[a-z][0-9a-z]*::[^:]*$/i.test(address);
}

function writtenOut(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const groups = Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at));
  return groups.map((group) => group.toString(16)).join(":");
}
