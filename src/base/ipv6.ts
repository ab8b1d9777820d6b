const GROUPS = 8;

/** The 16 bytes of an IPv6 address as text (RFC 4291, 2.2); undefined: it is none. A zone (`%eth0`) is no part of it. */
export function ipv6Bytes(text: string): Uint8Array | undefined {
  const [first = "", second, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const head = groupsOf(first, second === undefined);
  const tail = groupsOf(second ?? "", true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = GROUPS - head.length - tail.length;
  // `::` stands for one group of zeros at least.
  if (second === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups on one side of `::`; the last two of all may be written as an IPv4 address. */
function groupsOf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const words = text.split(":");
  for (const [at, word] of words.entries()) {
    const pair = isEnd && at === words.length - 1 ? embedded(word) : undefined;
    if (pair !== undefined) groups.push(...pair);
    else if (/^[0-9a-f]{1,4}$/i.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

function embedded(word: string): readonly [number, number] | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(word)?.slice(1);
  if (bytes === undefined || bytes.some((byte) => String(Number(byte)) !== byte)) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = bytes.map(Number);
  return [a, b, c, d].every((byte) => byte <= 255) ? [(a << 8) | b, (c << 8) | d] : undefined;
}
