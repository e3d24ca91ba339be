/** What the engine uses of `node:crypto` for the names of its temporary files. */
import { Buffer } from "./buffer.ts";

export const randomUUID = (): string => globalThis.crypto.randomUUID();

/** No cryptography: temporary files on a disk in memory need names that differ, no more. */
export function createHash(kind: string) {
  if (kind !== "sha1") throw new Error("this page fetches no data sets from other places");
  let text = "";
  return {
    update(part: string) {
      text += part;
      return this;
    },
    digest: (): string => Buffer.from(text).toString("hex").padEnd(16, "0"),
  };
}
