/** The progress bar, on a terminal made of a list and with a clock that the test winds. */
import { describe, expect, it } from "vitest";
import { Progress, type Terminal } from "../../examples/support/progress.ts";

const ERASE_LINE = "\r\x1b[K";

/** What is written while `updates` tell, each `ms` after the one before, how many of `total` are done. */
function write(updates: readonly number[], { isTTY = true, columns = 100, total = 60_000, ms = 0 } = {}): string[] {
  const written: string[] = [];
  let now = 5_000;
  const terminal: Terminal = { isTTY, columns, write: (text) => written.push(text) };
  const progress = new Progress("Epoch 3/10", total, { terminal, now: () => now });
  for (const done of updates) {
    now += ms;
    progress.update(done);
  }
  progress.clear();
  return written;
}

/** The line as a reader sees it after `done` samples in `seconds`. */
const lineAt = (done: number, seconds: number, options = {}): string =>
  write([done], { ms: 1000 * seconds, ...options })[0].replace(ERASE_LINE, "");
const steps = Array.from({ length: 938 }, (_, step) => 64 * step);

describe("Progress", () => {
  const half = "Epoch 3/10  ████████▌              42%  25,500/60,000  17,000 samples/s  0:03 left";
  const full = `${"█".repeat(20)}  100%`;
  it.each([
    ["tells how far, how fast and how long still", 25_500, 1.5, {}, half],
    ["fills the bar exactly at the end", 60_000, 3, {}, full],
    ["fills it no further", 70_000, 3, {}, full],
    ["does not fill it before", 59_999, 3, {}, " 99%"],
    ["is full where there is nothing to do", 0, 0, { total: 0 }, "100%"],
    ["writes long waits as hours", 1, 0.4, { total: 10_000 }, "1:06:40 left"],
    ["writes slow steps with a decimal", 1, 0.4, { total: 10_000 }, "2.5 samples/s"],
  ])("%s", (_, done, seconds, options, text) => expect(lineAt(done, seconds, options)).toContain(text));

  it("keeps every column in place while the numbers grow", () => {
    const columnsOf = (line: string) => [line.indexOf("%"), line.indexOf("/60,000")];
    expect(columnsOf(lineAt(64, 0.1))).toEqual(columnsOf(lineAt(60_000, 9)));
  });

  it("makes no guess before the first sample", () => expect(lineAt(0, 1)).not.toContain("left"));

  it.each([1, 5, 10, 20, 40, 60, 79, 80, 81, 200])("stays on one line of a terminal of %i columns", (columns) => {
    expect(lineAt(25_984, 1.4, { columns }).length).toBeLessThan(columns);
  });

  it("takes a terminal that claims no columns for one of 80", () => {
    expect(lineAt(25_984, 1.4, { columns: 0 })).toBe(lineAt(25_984, 1.4, { columns: 80 }));
  });

  it("draws at most ten times a second, and leaves an empty line to the caller", () => {
    const written = write(steps, { ms: 3 });
    expect(written.length).toBeGreaterThan(20);
    expect(written.length).toBeLessThanOrEqual(1 + 29); // 2.8 s
    for (const text of written) expect(text.startsWith(ERASE_LINE)).toBe(true);
    expect(written.at(-1)).toBe(ERASE_LINE);
  });

  it("has nothing to clear where nothing was drawn", () => expect(write([])).toEqual([]));

  it("is silent where the output is no terminal", () => expect(write(steps, { isTTY: false, ms: 500 })).toEqual([]));
});
