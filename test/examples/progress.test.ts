/** The progress bar, on a terminal made of a list and with a clock that the test winds. */
import { describe, expect, it } from "vitest";
import { Progress, type Terminal } from "../../examples/support/progress.ts";

const ERASE_LINE = "\r\x1b[K";

function setUp({ isTTY = true, columns = 100, label = "Epoch 3/10", total = 60_000 } = {}) {
  const written: string[] = [];
  const time = { ms: 5_000 };
  const terminal: Terminal = { isTTY, columns, write: (text) => written.push(text) };
  return { written, time, progress: new Progress(label, total, terminal, () => time.ms) };
}

/** The line as a reader sees it after `done` samples in `seconds`. */
function lineAt(done: number, seconds: number, options = {}): string {
  const { written, time, progress } = setUp(options);
  time.ms += 1000 * seconds;
  progress.update(done);
  return written[0].replace(ERASE_LINE, "");
}

describe("Progress", () => {
  it("tells how far, how fast and how long still", () => {
    expect(lineAt(25_500, 1.5)).toBe(
      "Epoch 3/10  ████████▌              42%  25,500/60,000  17,000 samples/s  0:03 left",
    );
  });

  it("keeps every column in place while the numbers grow", () => {
    const columnsOf = (line: string) => [line.indexOf("%"), line.indexOf("/60,000")];
    expect(columnsOf(lineAt(64, 0.1))).toEqual(columnsOf(lineAt(60_000, 9)));
  });

  it.each([
    ["fills the bar exactly at the end", 60_000, 3, {}, `${"█".repeat(20)}  100%`],
    ["fills it no further", 70_000, 3, {}, `${"█".repeat(20)}  100%`],
    ["does not fill it before", 59_999, 3, {}, " 99%"],
    ["is full where there is nothing to do", 0, 0, { total: 0 }, "100%"],
    [
      "writes long waits as hours, and slow steps with a decimal",
      1,
      0.4,
      { total: 10_000 },
      "2.5 samples/s  1:06:40 left",
    ],
  ])("%s", (_, done, seconds, options, text) => expect(lineAt(done, seconds, options)).toContain(text));

  it("makes no guess before the first sample", () => {
    expect(lineAt(0, 1)).not.toContain("left");
  });

  it.each([1, 5, 10, 20, 40, 60, 79, 80, 81, 200])("stays on one line of a terminal of %i columns", (columns) => {
    expect(lineAt(25_984, 1.4, { columns }).length).toBeLessThan(columns);
  });

  it("takes a terminal that claims no columns for one of 80", () => {
    expect(lineAt(25_984, 1.4, { columns: 0 })).toBe(lineAt(25_984, 1.4, { columns: 80 }));
  });

  it("draws at most ten times a second", () => {
    const { written, time, progress } = setUp();
    for (let step = 0; step < 938; step++, time.ms += 3) progress.update(64 * step);
    expect(written.length).toBeGreaterThan(20);
    expect(written.length).toBeLessThanOrEqual(29); // 2.8 s
    for (const text of written) expect(text.startsWith(ERASE_LINE)).toBe(true);
  });

  it("leaves an empty line to the caller, and has nothing to clear where nothing was drawn", () => {
    for (const drawn of [true, false]) {
      const { written, progress } = setUp();
      if (drawn) progress.update(64);
      progress.finish();
      expect(written.at(-1)).toBe(drawn ? ERASE_LINE : undefined);
    }
  });

  it("is silent where the output is no terminal", () => {
    const { written, time, progress } = setUp({ isTTY: false });
    for (let step = 0; step < 10; step++, time.ms += 500) progress.update(64 * step);
    progress.finish();
    expect(written).toEqual([]);
  });
});
