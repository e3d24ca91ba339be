/** A download ends: with the whole file, or with an error. */
import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, onTestFinished, vi } from "vitest";
import { download } from "../../src/data/download.ts";
import { it, serve } from "./support.ts";

const address = async (answer: RequestListener) => `${(await serve(answer)).mirrors[0]}letters.gz`;

/** What is drawn on the terminal that stderr seems to be. */
function terminal(isTTY = true): string[] {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(`${line}`) > 0);
  const before = process.stderr.isTTY;
  process.stderr.isTTY = isTTY;
  onTestFinished(() => {
    write.mockRestore();
    process.stderr.isTTY = before;
  });
  return lines;
}

const CLEAR = "\r\x1b[K";

describe("a terminal shows", () => {
  const file = Buffer.alloc(1_000_000, "abc");
  const withLength: RequestListener = (_, response) => response.setHeader("content-length", file.length).end(file);
  const without: RequestListener = (_, response) => {
    response.write(file.subarray(0, 1000));
    response.end(file.subarray(1000));
  };

  it.for<[string, RequestListener, line: RegExp, last: string]>([
    ["a bar", withLength, /letters\.gz {2}█*░* {2}\d\.\d\/1\.0 MB$/, `letters.gz  ${"█".repeat(20)}  1.0/1.0 MB`],
    ["how much has come, if nobody knows of how much", without, /letters\.gz {2}\d\.\d MB$/, "letters.gz  1.0 MB"],
  ])("%s, and nothing in the end", async ([_, answer, line, last]) => {
    const lines = terminal();
    expect(file.equals(await download(await address(answer), 2 ** 20))).toBe(true);
    expect(lines.length).toBeGreaterThan(1);
    for (const drawn of lines.slice(0, -1)) expect(drawn).toMatch(line);
    expect(lines.slice(-2)).toEqual([`${CLEAR}${last}`, CLEAR]);
  });

  it("nothing if it is a file", async () => {
    const lines = terminal(false);
    await download(await address(withLength), 2 ** 20);
    expect(lines).toEqual([]);
  });
});

it("goes on as long as something comes, however long that takes, and ends half a minute after the last", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const lines = terminal();
  const responses: ServerResponse[] = [];
  const downloading = download(await address((_, response) => responses.push(response)), 2 ** 20);
  const ended = expect(downloading).rejects.toThrow("only 0 bytes came in 30 seconds");
  await vi.waitUntil(() => responses.length > 0);
  for (let time = 1; time <= 3; time++) {
    responses[0].write(Buffer.alloc(100_000));
    await vi.waitUntil(() => lines.at(-1)?.endsWith(`0.${time} MB`));
    vi.advanceTimersByTime(30_000);
  }
  vi.advanceTimersByTime(30_000);
  await ended;
});

it.for<[string, headers: Record<string, number>, bytes: number]>([
  ["has more bytes than it may", {}, 10_001],
  ["says that it will", { "content-length": 10_001 }, 1],
])("hangs up on a file that %s", async ([_, headers, bytes]) => {
  let closed: Promise<void> | undefined;
  const answer: RequestListener = (_, response) => {
    closed = new Promise((resolve) => response.once("close", resolve));
    response.writeHead(200, headers).write(Buffer.alloc(bytes));
  };
  await expect(download(await address(answer), 10_000)).rejects.toThrow(/the file has .*more than the 10000/);
  await closed;
});
