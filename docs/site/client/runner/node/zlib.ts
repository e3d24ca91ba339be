/** What the engine uses of `node:zlib`. Packing is left out: what is written here is read here, so it is stored as it is. */
import { Buffer } from "./buffer.ts";
import { inflate } from "./inflate.ts";

export const inflateRawSync = (packed: Uint8Array): Buffer => Buffer.from(inflate(packed));
/** Two bytes say that it is deflate; a checksum follows. */
export const inflateSync = (packed: Uint8Array): Buffer => Buffer.from(inflate(packed, 2));

/** The header has ten bytes, and what its flags say follows: more, a name, a comment, a checksum. */
export function gunzipSync(packed: Uint8Array): Buffer {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) throw new Error("incorrect header check");
  const flags = packed[3];
  let at = 10;
  if (flags & 4) at += 2 + packed[at] + 256 * packed[at + 1];
  if (flags & 8) at = packed.indexOf(0, at) + 1;
  if (flags & 16) at = packed.indexOf(0, at) + 1;
  if (flags & 2) at += 2;
  return Buffer.from(inflate(packed, at));
}

/** Blocks of at most so many bytes, each with its length and the length's complement before it. */
const LONGEST = 0xffff;

export function deflateRawSync(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  do {
    const part = bytes.subarray(at, at + LONGEST);
    at += LONGEST;
    const { length } = part;
    parts.push(
      Uint8Array.of(at >= bytes.length ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255),
    );
    parts.push(part);
  } while (at < bytes.length);
  return Buffer.concat(parts);
}

/** Node's newer checksum, which crc.ts does without. */
export const crc32 = undefined;

export function createGunzip(): never {
  throw new Error("archives are not unpacked on this page");
}
