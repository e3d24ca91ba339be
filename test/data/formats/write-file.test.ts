/** A file is written whole or not at all. */
import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { writeFileAtomically } from "../../../src/data/formats/write-file.ts";
import { filesIn, it } from "../support.ts";

describe("writeFileAtomically", () => {
  it.for([
    ["text", "grüße\n"],
    ["bytes", Uint8Array.of(0, 255, 13, 10)],
    ["nothing", ""],
  ])("writes %s, and makes the folders that are missing", ([_, data], { root }) => {
    writeFileAtomically(join(root, "a", "b", "file"), data);
    expect(filesIn(root)).toEqual(["a/b/file"]);
    expect(readFileSync(join(root, "a", "b", "file")).equals(Buffer.from(data as string))).toBe(true);
  });

  it("puts a new file in the old one's place: who has the old one open keeps reading that", ({ root }) => {
    const path = join(root, "file");
    writeFileSync(path, "old");
    linkSync(path, join(root, "the old file's other name"));
    writeFileAtomically(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readFileSync(join(root, "the old file's other name"), "utf8")).toBe("old");
    expect(filesIn(root).length).toBe(2);
  });

  it("leaves nothing behind if it fails at the end", ({ root }) => {
    const path = join(root, "file");
    mkdirSync(join(path, "in the way"), { recursive: true });
    expect(() => writeFileAtomically(path, "new")).toThrow(path);
    expect(filesIn(root)).toEqual([]);
  });

  it("fails if a file is where a folder should be, and leaves that alone", ({ root }) => {
    writeFileSync(join(root, "file"), "old");
    expect(() => writeFileAtomically(join(root, "file", "below"), "new")).toThrow();
    expect(filesIn(root)).toEqual(["file"]);
    expect(readFileSync(join(root, "file"), "utf8")).toBe("old");
  });
});
