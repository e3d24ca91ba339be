/** A file is read whole, or it is said which one cannot be, and why. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readFile } from "../../../src/data/formats/read-file.ts";
import { it } from "../support.ts";

it("gives every byte, also through a link", ({ root }) => {
  const bytes = Buffer.from("grüße\r\n\0");
  writeFileSync(join(root, "file"), bytes);
  symlinkSync("file", join(root, "link"));
  for (const name of ["file", "link"]) expect(readFile(join(root, name))).toEqual(bytes);
  writeFileSync(join(root, "file"), "");
  expect(readFile(join(root, "file")).length).toBe(0);
});

it.for<[kind: string, make: (path: string) => void, message: string]>([
  ["nothing", () => {}, ": there is no such file"],
  ["a folder", (path) => mkdirSync(path), ": cannot be read (it is a folder)"],
  [
    "a pipe, which would keep the program waiting",
    (path) => execFileSync("mkfifo", [path]),
    "it is a pipe, not a file",
  ],
  ["a device, which has no end", (path) => symlinkSync("/dev/zero", path), "it is a device, not a file"],
  ["a link to itself", (path) => symlinkSync(path, path), ": cannot be read (too many symbolic links encountered)"],
  [
    "more than fits into memory",
    (path) => {
      writeFileSync(path, "");
      truncateSync(path, 1e13);
    },
    ": cannot be read (it has 10000000000000 bytes, and only ",
  ],
])("refuses %s, with the path", ([_, make, message], { root }) => {
  const path = join(root, "file");
  make(path);
  expect(() => readFile(path)).toThrow(message);
  expect(() => readFile(path)).toThrow(path);
});

it("has the system's error as the cause", ({ root }) => {
  expect(() => readFile(root)).toThrow(expect.objectContaining({ cause: expect.objectContaining({ code: "EISDIR" }) }));
});

it.for([
  ["", '"": there is no such file'],
  ["a\0b", '"a\\u0000b": cannot be read ('],
])("shows a path that nobody sees in quotation marks", ([path, message]) => {
  expect(() => readFile(path)).toThrow(message);
});
