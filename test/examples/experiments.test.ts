/** The experiments at a reduced size: do they show what they are for, and do their words follow the numbers? */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
import type { Definition, Effort, Trial } from "../../examples/experiments/support/experiment.ts";
import { chartSvg } from "../../examples/support/chart.ts";
import { renderPng } from "../../examples/support/render-png.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const data = await loadData();

function runAll<T extends Trial, O extends object>(experiment: Definition<T, O>, effort: Effort): (T & O)[] {
  return experiment.trials(effort).map((trial) => ({ ...trial, ...experiment.run(trial, data) }));
}

/** Every number in a figure, legends and titles apart. */
const numbersIn = (figure: object): number[] =>
  [...JSON.stringify(figure).matchAll(/"(?:median|low|high)":(-?[\d.e+-]+)/g)].map(([, digits]) => Number(digits));

describe("with batch norm", () => {
  it("more learning rates are usable", () => {
    const results = runAll(learningRate, { seeds: 1, steps: 100 });
    const factor = (variant: Parameters<typeof usableRange>[1]) => usableRange(results, variant).factor;
    expect(factor("with batch norm")).toBeGreaterThan(2 * factor("without"));
    expect(factor("with batch norm")).toBeGreaterThan(factor("without, He's weights"));
    expect(learningRate.verdict(results)).toMatch(/^Yes\..* a factor of \d+/);
    const nothing = results.map((result) => (result.variant === "without" ? { ...result, loss: 2.3 } : result));
    expect(learningRate.verdict(nothing)).toContain("without none (");
    const worse = results.map((result) =>
      result.variant === "with batch norm" ? { ...result, loss: result.lr } : result,
    );
    expect(learningRate.verdict(worse)).toMatch(/^Not clearly\./);
    const diverged = results.map((result) => (result.lr > 1 ? { ...result, loss: null } : result));
    expect(chartSvg(learningRate.figure(diverged))).toContain("Crosses: diverged.");
  }, 30_000);

  it("more scales of the initial weights lead somewhere, but not all", () => {
    const results = runAll(initialization, { seeds: 1, steps: 100 });
    const [normalized, plain] = [learningRange(results, "before"), learningRange(results, "none")];
    expect(normalized.from).toBeLessThan(plain.from);
    expect(normalized.factor).toBeGreaterThan(10 * plain.factor);
    expect(normalized.to).toBeLessThan(10);
    expect(initialization.verdict(results)).toMatch(/^Yes\./);
    const swapped = results.map((r) => ({
      ...r,
      batchNorm: r.batchNorm === "none" ? ("before" as const) : ("none" as const),
    }));
    expect(initialization.verdict(swapped)).toMatch(/^Not clearly\./);
    const nothing = results.map((result) => ({ ...result, testAccuracy: 0.1 }));
    expect(initialization.verdict(nothing)).toContain("no scale at all");
  }, 30_000);

  it("deeper networks learn, and He's weights are between", () => {
    const results = runAll(depth, { seeds: 1, steps: 60 });
    const [normalized, plain, he] = (["with batch norm", "without", "without, He's weights"] as const).map(
      (variant) => bestByDepth(results, variant).find(({ x }) => x === 12)?.median ?? 0,
    );
    expect(normalized).toBeGreaterThan(he);
    expect(he).toBeGreaterThan(plain + 0.2);
    expect(depth.verdict(results)).toMatch(/^Yes\./);
    expect(depth.verdict(results.map((result) => ({ ...result, testAccuracy: 0.5 })))).toMatch(/^No\./);
  }, 40_000);

  it("numbers keep their spread through eight layers, and no unit is dead", () => {
    const results = runAll(activations, { seeds: 1, steps: 30 });
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) =>
      results.filter((result) => result.batchNorm === batchNorm).flatMap(({ layers }) => layers),
    );
    for (const { spread, deadUnits } of normalized) {
      expect(Math.abs(spread - 1)).toBeLessThan(0.2);
      expect(deadUnits).toBeLessThan(0.05);
    }
    expect(Math.min(...plain.map(({ spread }) => spread))).toBeLessThan(0.1);
    expect(Math.max(...plain.map(({ deadUnits }) => deadUnits))).toBeGreaterThan(0.2);
    expect(activations.verdict(results)).toContain("dead");
  }, 20_000);

  it("before or after the activation matters less than with or without", () => {
    const results = runAll(placement, { seeds: 1, steps: 60 });
    const best = (place: string) =>
      Math.max(...results.filter((r) => r.batchNorm === place).map((r) => r.testAccuracy));
    expect(Math.abs(best("before") - best("after"))).toBeLessThan(0.04);
    expect(Math.min(best("before"), best("after"))).toBeGreaterThan(best("none"));
    const shifted = results.map((r) => ({ ...r, testAccuracy: r.batchNorm === "before" ? 0.9 : 0.8 }));
    expect(placement.verdict(shifted)).toMatch(/^Better before/);
    expect(placement.verdict(shifted.map((r) => ({ ...r, testAccuracy: 0.8 })))).toMatch(/^No difference/);
  }, 20_000);

  it("small batches hurt, large ones do not", () => {
    const results = runAll(batchSize, { seeds: 1, steps: 100 });
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) =>
      bySize(results, batchNorm, (r) => r.evalAccuracy),
    );
    expect(normalized[0].median).toBeLessThan(plain[0].median);
    expect(normalized[7].median).toBeGreaterThan(plain[7].median);
    const errors = bySize(results, "before", (r) => r.errorOfRunningMean);
    expect(errors[7].median).toBeLessThan(errors[0].median / 3);
    expect(batchSize.verdict(results)).toMatch(/worse at 2/);
    expect(batchSize.verdict(results.map((r) => ({ ...r, evalAccuracy: 0.5 })))).toMatch(
      /better than none at no size, and worse at no size/,
    );
  }, 20_000);

  it("a large momentum knows the statistics sooner, a smaller one better in the end", () => {
    const results = runAll(momentum, { seeds: 1, steps: 100 });
    const errorOf = (value: number, step: number) =>
      results.find((r) => r.momentum === value)?.measured.find((m) => m.step === step)?.errorOfRunningMean ??
      Number.NaN;
    expect(errorOf(1, 3)).toBeLessThan(errorOf(0.1, 3));
    expect(errorOf(0.1, 3)).toBeLessThan(errorOf(0.01, 3));
    expect(errorOf(0.1, 100)).toBeLessThan(errorOf(0.1, 3) / 2);
    expect(momentum.verdict(results)).toMatch(/After 10 steps .* momentum 1 /);
  }, 20_000);
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "experiments-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "examples/experiments/run.ts", ...args], {
      cwd: root,
      encoding: "utf8",
    });

  it("writes a picture, and a file with every number in it", () => {
    const { status, stdout, stderr } = run("momentum", "--seeds", "1", "--steps", "10", "--out", folder);
    expect([status, stderr]).toEqual([0, ""]);
    expect(readFileSync(join(folder, "momentum.png")).subarray(1, 4).toString()).toBe("PNG");
    const { verdict, results } = JSON.parse(readFileSync(join(folder, "momentum.json"), "utf8"));
    expect(stdout).toContain(verdict);
    const figure = momentum.figure(results);
    const known = new Set(results.flatMap((r: { measured: object[] }) => r.measured.flatMap((m) => Object.values(m))));
    expect(numbersIn(figure).length).toBeGreaterThan(40);
    for (const value of numbersIn(figure)) expect(known).toContain(value);
  }, 30_000);

  it("has help, and refuses what it does not know with exit code 2", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const { name, question } of all) expect(stdout).toContain(`${name.padEnd(15)} ${question}`);
    const missing = join(folder, "missing");
    for (const args of [["colour"], ["depth", "--seeds", "0"], ["depth", "--steps", "many"], ["--lr", "1"]]) {
      expect(run(...args, "--out", missing)).toMatchObject({ status: 2 });
    }
    expect(existsSync(missing)).toBe(false);
  }, 30_000);
});

describe("docs/experiments.md and its translation", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const pages = [read("docs/experiments.md"), read("docs/experiments.zh.md")];

  it.each(all.map((experiment) => [experiment.name, experiment] as const))(
    "says of %s what its numbers say",
    async (name, experiment) => {
      const { verdict, results, seeds, steps } = JSON.parse(read(`docs/experiments/${name}.json`));
      expect({ seeds, steps }).toEqual(experiment.effort);
      expect((experiment as unknown as Definition<Trial, object>).verdict(results)).toBe(verdict);
      const figure = (experiment as unknown as Definition<Trial, object>).figure(results);
      for (const { curves = [] } of figure.panels) {
        const labels = curves.map(({ label }) => label);
        expect(new Set(labels).size).toBe(labels.length); // one entry in the legend each
        expect(labels.join()).toMatch(/^[\w ,.'-]+$/);
      }
      const picture = readFileSync(join(root, `docs/experiments/${name}.png`));
      expect(picture.equals(await renderPng(chartSvg(figure)))).toBe(true); // on every machine, to the byte
      for (const page of pages) {
        expect(page).toContain(`\n> ${verdict}\n`);
        expect(page).toContain(`](experiments/${name}.png)`);
      }
    },
  );
});
