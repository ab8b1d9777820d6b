/**
 * Heartbeat's CRC-32: polynomial 0x04C11DB7, most significant bit first, initial value 0, final
 * complement; POSIX `cksum` without the length behind the data (wire.md 3).
 */
export function crc32(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc = (crc << 8) ^ (table[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

const polynomial = 0x04c11db7;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    crc = crc < 0 ? (crc << 1) ^ polynomial : crc << 1;
  }
  return crc;
});
