/** The comparison's table, which has both networks beside each other. */
import { expect, it } from "vitest";
import { tableText, widthOf } from "../../examples/support/columns.ts";
import { evaluationTable } from "../../examples/support/report.ts";
import { texts } from "../../examples/texts/mnist-batchnorm.ts";

const evaluation = { loss: 0.2071234, correct: [9782, 0], total: [10_000, 0], overall: 9782 };
const diverged = { ...evaluation, loss: Number.NaN, correct: [9999, 0], overall: 9999 };

it("has percentages to two digits, which are cut: only all is 100 %", () => {
  const rows = evaluationTable({ with: evaluation, without: diverged }, ["0", "1"], texts.en).split("\n");
  expect(rows.map((row) => row.split(/ {2,}/).filter(Boolean))).toEqual([
    ["batch norm", "with", "without"],
    ["mean loss", "0.207123", "diverged"],
    ["recognised", "97.82 % (9782/10000)", "99.99 % (9999/10000)"],
    ["0", "97.82 % (9782/10000)", "99.99 % (9999/10000)"],
    ["1", "none there", "none there"],
  ]);
  const almost = { ...evaluation, correct: [59_999], total: [60_000], overall: 59_999 };
  expect(evaluationTable({ almost }, ["0"], texts.en)).toContain("99.99 % (59999/60000)");
});

it("keeps its columns straight where texts are Chinese", () => {
  const rows = evaluationTable({ 有: evaluation, 没有: diverged }, ["0", "1"], texts.zh).split("\n");
  expect(new Set(rows.map(widthOf)).size).toBe(1);
  expect(
    tableText([
      ["轮", "损失"],
      ["a", "1"],
    ]),
  ).toBe("轮   损失\na       1");
});
