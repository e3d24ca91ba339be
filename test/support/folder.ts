/** Folders that tests write into. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** When a folder is deleted: `onTestFinished` or, for one that several tests use, `afterAll`. */
export type WhenOver = (remove: () => void) => void;

/** A new, empty folder, deleted when the test that called this is over. */
export function temporaryFolder(whenOver: WhenOver = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-"));
  whenOver(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
