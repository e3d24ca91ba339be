/** The experiments at a reduced size: do they show what they are for, and do their words follow the numbers? */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { activations } from "../../examples/experiments/activations.ts";
import { all } from "../../examples/experiments/all.ts";
import { batchSize, bySize } from "../../examples/experiments/batch-size.ts";
import { bestByDepth, depth } from "../../examples/experiments/depth.ts";
import { initialization, learningRange } from "../../examples/experiments/initialization.ts";
import { learningRate, usableRange } from "../../examples/experiments/learning-rate.ts";
import { momentum } from "../../examples/experiments/momentum.ts";
import { placement } from "../../examples/experiments/placement.ts";
import { loadData } from "../../examples/experiments/support/digits.ts";
import type { Definition, Trial } from "../../examples/experiments/support/experiment.ts";
import { texts } from "../../examples/experiments/texts.ts";
import { chartSvg } from "../../examples/support/chart.ts";
import { languages } from "../../examples/support/language.ts";
import { renderPng } from "../../examples/support/render-png.ts";
import { temporaryFolder } from "../support/folder.ts";
import { read, root } from "../support/tree.ts";
import { run } from "./run.ts";

const data = await loadData();

/** An experiment of few steps; `altered` are its results had they been otherwise, and `verdict` what it says of those. */
function conduct<T extends Trial, O extends object>(
  experiment: Definition<T, O>,
  steps: number,
  isTried = (_: T) => true,
) {
  const trials = experiment.trials({ seeds: 1, steps }).filter(isTried);
  const results = trials.map((trial) => ({ ...trial, ...experiment.run(trial, data) }));
  const altered = (change: (result: T & O) => Partial<T & O>) =>
    results.map((result) => ({ ...result, ...change(result) }));
  return {
    results,
    altered,
    verdict: (change: Parameters<typeof altered>[0]) => experiment.verdict(altered(change), texts.en),
  };
}
const asItIs = () => ({});

describe("with batch norm", () => {
  it("more learning rates are usable", () => {
    const { results, altered, verdict } = conduct(learningRate, 40);
    const factor = (variant: Parameters<typeof usableRange>[1]) => usableRange(results, variant).factor;
    expect(factor("with batch norm")).toBeGreaterThan(2 * factor("without"));
    expect(factor("with batch norm")).toBeGreaterThan(factor("without, He's weights"));
    expect(verdict(asItIs)).toMatch(/^Yes\..* a factor of \d+/);
    expect(verdict(({ variant }) => (variant === "without" ? { loss: 2.3 } : {}))).toContain("without none (");
    expect(verdict(({ variant, lr }) => (variant === "with batch norm" ? { loss: lr } : {}))).toMatch(/^Not clearly\./);
    const diverged = learningRate.figure(altered(({ lr }) => (lr > 1 ? { loss: null } : {})));
    expect(chartSvg(diverged)).toContain("Crosses: diverged.");
  }, 120_000);

  it("more scales of the initial weights lead somewhere, but not all", () => {
    const { results, verdict } = conduct(initialization, 100);
    const [normalized, plain] = [learningRange(results, "before"), learningRange(results, "none")];
    expect(normalized.from).toBeLessThan(plain.from);
    expect(normalized.factor).toBeGreaterThan(10 * plain.factor);
    expect(normalized.to).toBeLessThan(10);
    expect(verdict(asItIs)).toMatch(/^Yes\./);
    expect(verdict((r) => ({ batchNorm: r.batchNorm === "none" ? "before" : "none" }))).toMatch(/^Not clearly\./);
    expect(verdict(() => ({ testAccuracy: 0.1 }))).toContain("no scale at all");
  }, 120_000);

  it("deeper networks learn, and He's weights are between", () => {
    const { results, verdict } = conduct(depth, 60, ({ depth }) => depth === 2 || depth === 12);
    const [normalized, plain, he] = (["with batch norm", "without", "without, He's weights"] as const).map(
      (variant) => bestByDepth(results, variant).find(({ x }) => x === 12)?.median ?? 0,
    );
    expect(normalized).toBeGreaterThan(he);
    expect(he).toBeGreaterThan(plain + 0.2);
    expect(verdict(asItIs)).toMatch(/^Yes\./);
    expect(verdict(() => ({ testAccuracy: 0.5 }))).toMatch(/^No\./);
  }, 120_000);

  it("numbers keep their spread through eight layers, and no unit is dead", () => {
    const { results, verdict } = conduct(activations, 30);
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) =>
      results.filter((result) => result.batchNorm === batchNorm).flatMap(({ layers }) => layers),
    );
    for (const { spread, deadUnits } of normalized) {
      expect(Math.abs(spread - 1)).toBeLessThan(0.2);
      expect(deadUnits).toBeLessThan(0.05);
    }
    expect(Math.min(...plain.map(({ spread }) => spread))).toBeLessThan(0.1);
    expect(Math.max(...plain.map(({ deadUnits }) => deadUnits))).toBeGreaterThan(0.2);
    expect(verdict(asItIs)).toContain("dead");
  }, 120_000);

  it("before or after the activation matters less than with or without", () => {
    const { results, verdict } = conduct(placement, 60);
    const [before, after, none] = ["before", "after", "none"].map((place) =>
      Math.max(...results.filter((r) => r.batchNorm === place).map((r) => r.testAccuracy)),
    );
    expect(Math.abs(before - after)).toBeLessThan(0.04);
    expect(Math.min(before, after)).toBeGreaterThan(none);
    expect(verdict((r) => ({ testAccuracy: r.batchNorm === "before" ? 0.9 : 0.8 }))).toMatch(/^Better before/);
    expect(verdict(() => ({ testAccuracy: 0.8 }))).toMatch(/^No difference/);
  }, 120_000);

  it("small batches hurt, large ones do not", () => {
    const { results, verdict } = conduct(batchSize, 100);
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) =>
      bySize(results, batchNorm, (r) => r.evalAccuracy),
    );
    expect(normalized[0].median).toBeLessThan(plain[0].median);
    expect(normalized[7].median).toBeGreaterThan(plain[7].median);
    const errors = bySize(results, "before", (r) => r.errorOfRunningMean);
    expect(errors[7].median).toBeLessThan(errors[0].median / 3);
    expect(verdict(asItIs)).toMatch(/worse at 2/);
    expect(verdict(() => ({ evalAccuracy: 0.5 }))).toMatch(/better than none at no size, and worse at no size/);
  }, 120_000);

  it("a large momentum knows the statistics sooner, a smaller one better in the end", () => {
    const { results, verdict } = conduct(momentum, 100);
    const errorOf = (value: number, at: number) => {
      const measured = results.find((r) => r.momentum === value)?.measured.find(({ step }) => step === at);
      return measured?.errorOfRunningMean ?? Number.NaN;
    };
    expect(errorOf(1, 3)).toBeLessThan(errorOf(0.1, 3));
    expect(errorOf(0.1, 3)).toBeLessThan(errorOf(0.01, 3));
    expect(errorOf(0.1, 100)).toBeLessThan(errorOf(0.1, 3) / 2);
    expect(verdict(asItIs)).toMatch(/After 10 steps .* momentum 1 /);
  }, 120_000);
});

describe("the command", () => {
  const folder = temporaryFolder(afterAll);
  const runExperiment = (args: string, out = folder) => run("experiments/run.ts", [...args.split(" "), "--out", out]);

  it("writes a picture, and a file with every number in it", async () => {
    const { code, stdout, stderr } = await runExperiment("momentum --seeds 1 --steps 10");
    expect([code, stderr]).toEqual([0, ""]);
    expect(readFileSync(join(folder, "momentum.png"), "latin1").slice(1, 4)).toBe("PNG");
    const { verdict, results } = JSON.parse(readFileSync(join(folder, "momentum.json"), "utf8"));
    expect(stdout).toContain(verdict);
    const known = results.flatMap((r: { measured: object[] }) => r.measured.flatMap((m) => Object.values(m)));
    const points = momentum.figure(results).panels.flatMap(({ curves = [] }) => curves.flatMap(({ points }) => points));
    const numbers = points.flatMap(({ median, low, high }) => [median, low, high]);
    expect(numbers.length).toBeGreaterThan(40);
    expect(known).toEqual(expect.arrayContaining(numbers));
  }, 120_000);

  it("has help", async () => {
    const { code, stdout } = await runExperiment("--help");
    expect(code).toBe(0);
    for (const { name } of all) expect(stdout).toContain(`${name.padEnd(15)} ${texts.en.questions[name]}`);
  });

  it("speaks Chinese, and writes the same file", async () => {
    const english = readFileSync(join(folder, "momentum.json"), "utf8");
    const { stdout } = await runExperiment("momentum --seeds 1 --steps 10 --language zh");
    expect(readFileSync(join(folder, "momentum.json"), "utf8")).toBe(english);
    const { results } = JSON.parse(english);
    expect(stdout).toContain(`${texts.zh.questions.momentum}\n${momentum.verdict(results, texts.zh)}\n已写入`);
    expect((await runExperiment("--help --language zh")).stdout).toMatch(/^用法.*\n\n {2}learning-rate {3}批归一化/);
  }, 120_000);

  it.each(["colour", "depth --seeds 0", "depth --steps many", "--lr 1", "--language fr"])(
    "refuses %s with exit code 2",
    async (args) => {
      const missing = join(folder, "missing");
      expect(await runExperiment(args, missing)).toMatchObject({ code: 2 });
      expect(existsSync(missing)).toBe(false);
    },
  );
});

describe("docs/experiments.md and its translation", () => {
  const pages = { en: read("docs/experiments.md"), zh: read("docs/experiments.zh.md") };

  it.each(all.map(({ name }) => name))("says of %s what its numbers say", async (name) => {
    const experiment = all.find((one) => one.name === name) as unknown as Definition<Trial, object>;
    const { verdict, results, seeds, steps } = JSON.parse(read(`docs/experiments/${name}.json`));
    expect({ seeds, steps }).toEqual(experiment.effort);
    expect(experiment.verdict(results, texts.en)).toBe(verdict);
    const figure = experiment.figure(results);
    for (const { curves = [] } of figure.panels) {
      const labels = curves.map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length); // one entry in the legend each
      expect(labels.join()).toMatch(/^[\w ,.'-]+$/);
    }
    const picture = readFileSync(join(root, `docs/experiments/${name}.png`));
    expect(picture.equals(await renderPng(chartSvg(figure)))).toBe(true); // on every machine, to the byte
    for (const language of languages) {
      const page = pages[language];
      expect(page).toContain(`\n> ${experiment.verdict(results, texts[language])}\n`);
      expect(page).toContain(`](experiments/${name}.png)`);
    }
  });
});
