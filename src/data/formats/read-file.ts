/** Reading a whole file. */
import { constants } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import { check } from "../../tensor/check.ts";
import { checkIsFile, naming, shown } from "./file-errors.ts";

/** Node reads and writes less than 2 GiB at once. */
export const LARGEST_PART = 2 ** 30;

/** @throws if there is no such file, it is too large for the memory or cannot be read */
export function readFile(path: string): Buffer {
  const stats = naming(path, "read", () => statSync(path, { throwIfNoEntry: false }));
  check(stats !== undefined, () => `${shown(path)}: there is no such file`);
  return naming(path, "read", () => {
    checkIsFile(stats);
    const file = openSync(path, "r");
    try {
      return readAll(file);
    } finally {
      closeSync(file);
    }
  });
}

function readAll(file: number): Buffer {
  const { size } = fstatSync(file);
  const most = Math.min(constants.MAX_LENGTH, totalmem());
  check(size <= most, () => `it has ${size} bytes, and only ${most} can be in memory at once`);
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (let read = 1; read > 0; at += read) read = readSync(file, bytes, at, Math.min(LARGEST_PART, size - at), null);
  return bytes.subarray(0, at); // it may have become shorter meanwhile
}
