/**
 * Writing a result so that whoever looks sees the old file or the new one, never half of one.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function writeFileAtomically(path: string, data: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`; // in the same folder: a rename is atomic only within one file system
  try {
    writeFileSync(temporary, data, { flush: true }); // on the disk before it takes the old one's place
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
