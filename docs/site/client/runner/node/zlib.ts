/** What the engine uses of `node:zlib`. */
import { deflateSync, gunzipSync as gunzip, inflateSync as inflate, unzlibSync } from "fflate";
import { Buffer } from "./buffer.ts";

export const inflateRawSync = (packed: Uint8Array): Buffer => Buffer.from(inflate(packed));
export const inflateSync = (packed: Uint8Array): Buffer => Buffer.from(unzlibSync(packed));
export const gunzipSync = (packed: Uint8Array): Buffer => Buffer.from(gunzip(packed));
export const deflateRawSync = (bytes: Uint8Array): Buffer => Buffer.from(deflateSync(bytes));

/** Node's newer checksum, which crc.ts does without. */
export const crc32 = undefined;

export function createGunzip(): never {
  throw new Error("archives are not unpacked on this page");
}
