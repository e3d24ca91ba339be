/** What is printed comes in pieces, and not without end. */
import { expect, it } from "vitest";
import type { Shown } from "../../../docs/site/client/runner/messages.ts";
import { Output } from "../../../docs/site/client/runner/output.ts";

it("comes at once at first, and all of it by the end, in its order", () => {
  const posted: Shown[] = [];
  const output = new Output((shown) => posted.push(shown));
  output.write("out", "a\n");
  expect(posted).toEqual([{ kind: "text", stream: "out", text: "a\n" }]);
  output.write("out", "b\n");
  output.write("err", "c\n");
  output.show({ kind: "note", note: "few digits" });
  output.write("out", "d\n");
  output.end();
  const all = posted.map((shown) => (shown.kind === "text" ? `${shown.stream} ${shown.text}` : shown.kind));
  expect(all.join("")).toBe("out a\nout b\nerr c\nnoteout d\n");
});

it("is cut where nobody reads on, says so then, and at the end how much", () => {
  const posted: Shown[] = [];
  const output = new Output((shown) => posted.push(shown));
  for (let line = 0; line < 1_000_000; line++) output.write("out", `${line}\n`);
  const lines = posted.flatMap((shown) => (shown.kind === "text" ? shown.text.trimEnd().split("\n") : []));
  expect(lines).toEqual(Array.from({ length: 2000 }, (_, line) => `${line}`));
  expect(posted.at(-1)).toEqual({ kind: "cut", lines: 0 });
  output.end();
  expect(posted.at(-1)).toEqual({ kind: "cut", lines: 998_000 });
});

it("has lines that are too long cut", () => {
  const posted: Shown[] = [];
  const output = new Output((shown) => posted.push(shown));
  output.write("out", "x".repeat(10_000_000));
  output.write("out", "more\n");
  output.end();
  const length = posted.reduce((sum, shown) => sum + (shown.kind === "text" ? shown.text.length : 0), 0);
  expect(length).toBeLessThan(1_000_000);
  expect(posted.at(-1)).toEqual({ kind: "cut", lines: 1 });
});
