import * as zlib from 'node:zlib';

/** CRC-32 (IEEE) of `bytes`. */
export const crc32: (bytes: Uint8Array) => number = zlib.crc32 ?? crc32ByTable;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Node 21 to 22.1 have no `zlib.crc32`. */
export function crc32ByTable(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
