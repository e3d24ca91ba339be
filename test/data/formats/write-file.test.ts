/** A file is written whole or not at all, and nothing else about it changes. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { writeFileAtomically } from "../../../src/data/formats/write-file.ts";
import { filesIn, it } from "../support.ts";

const isRoot = process.getuid?.() === 0;

/** The error that writing ends in. */
function errorOf(path: string, data = "new"): Error {
  try {
    writeFileAtomically(path, data);
  } catch (error) {
    return error as Error;
  }
  return expect.fail(`${path} was written`);
}

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

  it("writes parts, one after the other", ({ root }) => {
    writeFileAtomically(join(root, "file"), [Buffer.from("a"), Buffer.alloc(0), Buffer.from("bc")]);
    expect(readFileSync(join(root, "file"), "utf8")).toBe("abc");
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

  it("leaves nothing behind if a folder is in the way", ({ root }) => {
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

describe("the file that is replaced", () => {
  it.for([0o600, 0o640, 0o755])("keeps its mode %i and its owner", (mode, { root }) => {
    const path = join(root, "file");
    writeFileSync(path, "old");
    chmodSync(path, mode);
    if (isRoot) chownSync(path, 1234, 77);
    const before = statSync(path);
    writeFileAtomically(path, "new");
    const { uid, gid, mode: now } = statSync(path);
    expect([uid, gid, now]).toEqual([before.uid, before.gid, before.mode]);
  });

  it.for<[string, to: string, target: string]>([
    ["there", "target", "target"],
    ["not there yet, nor its folder", "new/folder/target", "new/folder/target"],
    ["beside a folder that is a link", "linked/../target", "elsewhere/target"],
  ])("stays a link to one that is %s", ([_, to, target], { root }) => {
    mkdirSync(join(root, "elsewhere/folder"), { recursive: true });
    symlinkSync("elsewhere/folder", join(root, "linked"));
    writeFileSync(join(root, "target"), "old");
    const path = join(root, "link");
    symlinkSync(to, path);
    writeFileAtomically(path, "new");
    expect(readlinkSync(path)).toBe(to);
    expect(readFileSync(join(root, target), "utf8")).toBe("new");
  });

  it("may have the longest name", ({ root }) => {
    const path = join(root, `${"é".repeat(127)}x`);
    for (const data of ["old", "new"]) writeFileAtomically(path, data);
    expect(readFileSync(path, "utf8")).toBe("new");
  });
});

describe("what cannot be written is an error with the path that was given, and stays as it is:", () => {
  it.for<[kind: string, make: (path: string) => void]>([
    ["folder", (path) => mkdirSync(path)],
    ["pipe", (path) => execFileSync("mkfifo", [path])],
    ["device", (path) => symlinkSync("/dev/null", path)],
  ])("a %s", ([kind, make], { root }) => {
    const path = join(root, "file");
    make(path);
    const before = lstatSync(path);
    expect(errorOf(path).message).toMatch(`${path}: cannot be written (it is a ${kind}`);
    expect([lstatSync(path).ino, readdirSync(root)]).toEqual([before.ino, ["file"]]);
  });

  it("a file that may only be read", ({ root }) => {
    const path = join(root, "file");
    writeFileSync(path, "old", { mode: 0o444 });
    chmodSync(root, 0o777);
    if (isRoot) process.seteuid?.(65534); // root may write to it
    const { message, cause } = errorOf(path);
    if (isRoot) process.seteuid?.(0);
    expect(message).toBe(`${path}: cannot be written (permission denied)`);
    expect(cause).toMatchObject({ code: "EACCES" });
    expect([filesIn(root), readFileSync(path, "utf8")]).toEqual([["file"], "old"]);
  });

  it("a link to itself", ({ root }) => {
    const path = join(root, "file");
    symlinkSync(path, path);
    expect(errorOf(path).cause).toMatchObject({ code: "ELOOP" });
  });

  it("a file below a folder that nobody can make", () => {
    expect(errorOf("/proc/nobody/file").message).toMatch("/proc/nobody/file: cannot be written (");
  });

  it.for([
    ["", '""'],
    ["a\0b", '"a\\u0000b"'],
  ])("a path that is none", ([path, shown]) => {
    expect(errorOf(path).message).toMatch(`${shown}: cannot be written (`);
  });
});

/** A program that has `writeFileAtomically` and a path. */
function program(source: string, path: string): string[] {
  const module = JSON.stringify(new URL("../../../src/data/formats/write-file.ts", import.meta.url).href);
  const names = `const { writeFileAtomically } = await import(${module}); const path = process.argv[1];`;
  return ["--import", "tsx", "--input-type=module", "--eval", `${names} ${source}`, path];
}

it("a full disk leaves the old file alone, and nothing else", { timeout: 20_000 }, ({ root }) => {
  const path = join(root, "file");
  writeFileSync(path, "old");
  const writer = program('writeFileAtomically(path, "new".repeat(1e6));', path);
  const limited = ["-c", 'ulimit -f 1; exec "$@"', "sh", process.execPath, ...writer];
  const { stderr } = spawnSync("sh", limited, { encoding: "utf8" });
  expect(stderr).toContain(`${path}: cannot be written (file too large)`);
  expect(stderr).toContain("code: 'EFBIG'");
  expect([readdirSync(root), readFileSync(path, "utf8")]).toEqual([["file"], "old"]);
});

describe("a writer that is killed", { timeout: 20_000 }, () => {
  /** Is killed when all is written but nothing renamed yet. What it leaves beside the file. */
  function abandoned(path: string): string {
    const kill = 'fs.renameSync = () => process.kill(process.pid, "SIGKILL"); module.syncBuiltinESMExports();';
    const imports =
      'const { default: fs } = await import("node:fs"); const { default: module } = await import("node:module");';
    spawnSync(process.execPath, program(`${imports} ${kill} writeFileAtomically(path, "half");`, path));
    return readdirSync(join(path, "..")).find((name) => name.endsWith(".tmp"))!;
  }

  it("leaves the old file, and what else it leaves goes when the file is next written", ({ root }) => {
    const path = join(root, "file");
    writeFileSync(path, "old");
    const temporary = abandoned(path);
    expect(readFileSync(path, "utf8")).toBe("old");
    writeFileAtomically(join(root, "another file"), "new");
    expect(readdirSync(root).sort()).toEqual([temporary, "another file", "file"]);
    writeFileAtomically(path, "new");
    expect(readdirSync(root).sort()).toEqual(["another file", "file"]);
  });

  it("is told from one that is at work", ({ root }) => {
    const path = join(root, "file");
    const [mark, file, , ...rest] = abandoned(path).split("-");
    const [working, predecessor] = [process.ppid, process.pid].map((pid) => [mark, file, pid, ...rest].join("-"));
    for (const name of [working, predecessor]) writeFileSync(join(root, name), "half");
    writeFileAtomically(path, "new");
    expect(readdirSync(root).sort()).toEqual([working, "file"]);
  });

  /** KILLS=200 in the environment kills more of them. */
  const kills = Number(process.env.KILLS ?? 4);

  it("at any time leaves a whole file", { timeout: 10_000 * kills }, async ({ root }) => {
    const path = join(root, "file");
    const size = 4_000_000;
    for (let k = 0; k < kills; k++) {
      const source = `for (let k = 0; ; k++, process.stdout.write(".")) writeFileAtomically(path, Buffer.alloc(${size}, k));`;
      const child = spawn(process.execPath, program(source, path), { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      setTimeout(() => child.kill("SIGKILL"), 40 * Math.random());
      await once(child, "close");
      const bytes = readFileSync(path);
      expect(bytes.equals(Buffer.alloc(size, bytes[0]))).toBe(true);
      writeFileAtomically(path, bytes);
      expect(readdirSync(root)).toEqual(["file"]);
    }
  });
});
