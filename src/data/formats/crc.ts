/** Cyclic checksums of 32 bits: zip files have one of each file in them, TensorFlow's records another. */
import * as zlib from "node:zlib";

/** The remainder of bytes, as one long polynomial, divided by this one, whose bits are reversed. */
export function crcBy(polynomial: number): (bytes: Uint8Array) => number {
  /** What eight steps of the division leave of each byte. */
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest;
  });
  return (bytes) => {
    let rest = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) rest = table[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
    return ~rest >>> 0;
  };
}

/** The checksum of zip, gzip and PNG, by the polynomial 0x04C11DB7. Node's own, which it has since 20.15, is ten times as fast. */
export const crc32: (bytes: Uint8Array) => number = zlib.crc32 ?? crcBy(0xedb88320);

/** CRC-32C, Castagnoli's, as RFC 3720 has it, by the polynomial 0x1EDC6F41. */
export const crc32c = crcBy(0x82f63b78);

/** Turned by 15 bits, plus a constant, as TensorFlow does: a checksum of bytes that have checksums among them is a poor one. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
