/**
 * Sentences with numbers, in README, guide and experiments, are true: each number is computed here, of the source or of what was measured,
 * and the sentence is looked for with it. Blocks of code and what they print are checked elsewhere.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { all } from "../examples/experiments/all.ts";
import { bySize } from "../examples/experiments/batch-size.ts";
import { usableRange } from "../examples/experiments/learning-rate.ts";
import { logSpaced, summarize } from "../examples/experiments/support/statistics.ts";
import { nn } from "../src/index.ts";
import golden from "./fixtures/mnist_batchnorm.json" with { type: "json" };
import { read, root } from "./support/tree.ts";

const lines = (file: string): number => read(file).trimEnd().split("\n").length;
const withoutComments = (file: string): number =>
  read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => line.trim() && !line.trim().startsWith("//")).length;
const rounded = (value: number, digits: number) => Number(value.toPrecision(digits));
const inWords = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const grouped = (value: number) => value.toLocaleString("en-US");

/** The body of a block, from where it opens to where it closes at the same depth. */
function blockAt(file: string, opening: string): string {
  const text = read(file);
  const start = text.lastIndexOf("\n", text.indexOf(opening)) + 1;
  const indent = /^ */.exec(text.slice(start))?.[0] ?? "";
  return text.slice(start, text.indexOf(`\n${indent}}`, start) + 1 + indent.length + 1);
}

/** The files of the reader's path, in the order of the README. */
const path = [
  ...(/The reader's path[\s\S]*?\n\n/.exec(read("README.md"))?.[0] ?? "").matchAll(/\]\((src\/[^)#]+)/g),
].map(([, file]) => file);
const pathLength = rounded(
  path.reduce((sum, file) => sum + withoutComments(file), 0),
  2,
);

const measured = (name: string) => JSON.parse(read(`docs/experiments/${name}.json`)).results;
const factor = (variant: Parameters<typeof usableRange>[1]) =>
  rounded(usableRange(measured("learning-rate"), variant).factor, 1);
const listed = (module: string) => {
  const [, here, of] =
    new RegExp(`^- \\[${module}\\]\\(#.*\\): (\\d+) of (\\d+)$`, "m").exec(read("docs/compatibility.md")) ?? [];
  return { missing: Number(of) - Number(here), all: Number(of) };
};
const { missing, all: regions } = listed("torchvision.ops");

const chapter = (name: string) => `docs/guide/${name}.md`;
const times = [...read(chapter("07-speed")).matchAll(/^[1-4]\. .* (\d+\.\d) ms$/gm)].map(([, ms]) => Number(ms));
const table = read(chapter("06-convolution"));
const layerOf = (kind: string) =>
  [...table.matchAll(new RegExp(`\\(${kind}\\) .*\\] +([\\d,]+) +([\\d,]+)$`, "gm"))].map(([, parameters, work]) =>
    [parameters, work].map((text) => Number(text.replaceAll(",", ""))),
  );
const [convolutions, [[linear, linearWork]]] = [layerOf("Conv2d"), layerOf("Linear")];
const [weights, work] = [0, 1].map((i) => convolutions.reduce((sum, row) => sum + row[i], 0));
const hidden = new nn.Linear(784, 64);

describe("pages say what is true of the source:", () => {
  it.each<[page: string, sentence: string]>([
    ["README.md", `The reader's path, about ${grouped(pathLength)} lines beside the comments`],
    ["README.zh-CN.md", `不计注释约 ${pathLength} 行`],
    [chapter("README"), `${grouped(pathLength)} lines in the order in which to read them`],
    ["docs/guide.zh/README.md", `一共约 ${pathLength} 行`],
    [chapter("08-own-operation"), `is about ${grouped(pathLength)} lines.`],
    ["docs/guide.zh/08-own-operation.md", `一共约 ${pathLength} 行`],
    [chapter("01-tensor"), `${lines("src/tensor/strided.ts")} lines.`],
    ["docs/guide.zh/01-tensor.md", `${lines("src/tensor/strided.ts")} 行`],
    [chapter("06-convolution"), `${lines("src/autograd/ops/layers/convolution.ts")} lines with its two companions`],
    [
      "README.md",
      `the engine in ${read("test/tour.test.ts").match(/^ *it\(/gm)?.length === 15 ? "fifteen" : "other"} facts`,
    ],
    ["README.md", `${inWords[all.length]} [experiments]`],
    ["README.md", `${missing} of the ${regions} operations on boxes and regions`],
    ["README.zh-CN.md", `${regions} 个运算（torchvision.ops）中的 ${missing} 个`],
    ["README.md", `lucidgrad-${JSON.parse(read("package.json")).version}.tgz`],
    ["CONTRIBUTING.md", `\`test/tour.test.ts\`, the engine in fifteen facts`],
  ])("%s: %s", (page, sentence) => expect(read(page)).toContain(sentence));

  it("an engine in under forty lines", () => {
    const [, engine] =
      /## An engine in under forty lines[\s\S]*?```ts\n([\s\S]*?)```/.exec(read(chapter("02-autograd"))) ?? [];
    expect(engine.split("\n").filter((line) => /\S/.test(line) && !/^ *console\.log/.test(line)).length).toBeLessThan(
      40,
    );
  });

  it("propagate, a loop of some twenty lines", () => {
    const loop = blockAt("src/autograd/engine.ts", "for (const node of nodes) {\n      const arrived");
    expect(rounded(loop.split("\n").length, 1)).toBe(20);
  });

  it("experiments of about a hundred lines each", () => {
    const programs = readdirSync(join(root, "examples/experiments")).filter((name) =>
      /^(?!all|run|texts).*\.ts$/.test(name),
    );
    for (const name of programs) expect(rounded(lines(`examples/experiments/${name}`) / 100, 1)).toBeCloseTo(1, 0);
  });
});

describe("pages say what was measured:", () => {
  const rates = logSpaced(0.001, 10, 13);
  it.each<[page: string, sentence: string]>([
    [
      "README.md",
      `learning rates over a factor of ${factor("with batch norm")} work; without, over a factor of ${factor("without")}, and with He's initial weights of ${factor("without, He's weights")}`,
    ],
    [
      "README.zh-CN.md",
      `跨越 ${factor("with batch norm")} 倍；没有时只有 ${factor("without")} 倍，用 He 的初始权重是 ${factor("without, He's weights")} 倍`,
    ],
    [
      "README.md",
      `| training loss of epoch 1 / 10, with batch norm | ${golden.bn.epochs[0].toFixed(6)} / ${golden.bn.epochs[9].toFixed(6)} |`,
    ],
    [
      "README.md",
      `| training loss of epoch 1 / 10, without | ${golden.no.epochs[0].toFixed(6)} / ${golden.no.epochs[9].toFixed(6)} |`,
    ],
    [
      "README.md",
      `| test digits right, of 10,000, with / without | ${grouped(golden.test_bn_eval.overall)} / ${grouped(golden.test_no_eval.overall)} |`,
    ],
    ["docs/experiments.md", `The rates are a factor of ${rounded((10 / 0.001) ** (1 / 12), 3)} apart`],
    ["docs/experiments.md", `multiplied by up to 1/√ε = ${Math.round(1 / Math.sqrt(1e-5))}`],
    ["docs/experiments.md", `Its weights are ${Math.sqrt(784 / 100)} times smaller`],
    ["docs/experiments.md", `so batches of 2 see only ${grouped(2 * measured("batch-size")[0].steps)} images`],
    ["docs/experiments.md", `momentum 1 is at its noise, 1/√64 = ${(1 / 8).toFixed(2)}`],
    [chapter("04-training"), `log 10 = ${Math.log(10).toFixed(2)}`],
    [chapter("05-batch-norm"), `${Math.round(100 * 0.9 ** 20)} % after 20 batches`],
    [
      chapter("06-convolution"),
      `The convolutions have ${grouped(weights)} of the ${grouped(weights + 32 + 64 + linear)} parameters and do ${Math.floor((100 * work) / (work + linearWork))} % of the work`,
    ],
    ["docs/guide.zh/06-convolution.md", `${weights + 32 + 64 + linear} 个参数中，卷积层只占 ${weights} 个`],
    [
      chapter("06-convolution"),
      `has ${Math.floor(hidden.weight.numel / weights) === 10 ? "ten" : "other"} times as many parameters as both of them`,
    ],
    [chapter("07-speed"), `64 · 784 · 256 = ${((64 * 784 * 256) / 1e6).toFixed(1)} million`],
    [
      chapter("README"),
      `how two cores come to ${rounded(times[0] / times[3], 1) >= 50 ? "fifty" : "other"} times the speed of three loops`,
    ],
    [chapter("07-speed"), `the network of chapter 4 takes ${((4 * 50890) / 1e6).toFixed(1)} MB`],
  ])("%s: %s", (page, sentence) => expect(read(page)).toContain(sentence));

  it("the rates that are tried", () => expect(rates[1] / rates[0]).toBeCloseTo(2.15, 0));

  it("from batches of eight on, batch norm is ahead in the median", () => {
    const [normalized, plain] = (["before", "none"] as const).map((kind) =>
      bySize(measured("batch-size"), kind, (r) => r.evalAccuracy),
    );
    expect(normalized.map(({ x, median }, i) => x >= 8 === median > plain[i].median)).not.toContain(false);
  });

  it("the loss is lower for every seed with batch norm after the ReLU at the smallest rate, before it at 0.3", () => {
    const losses = (place: string, lr: number): number[] =>
      measured("placement").flatMap((r: { batchNorm: string; lr: number; loss: number }) =>
        r.batchNorm === place && r.lr === lr ? [r.loss] : [],
      );
    for (const [lr, better, worse] of [
      [0.01, "after", "before"],
      [0.3, "before", "after"],
    ] as const)
      for (const [seed, loss] of losses(better, lr).entries()) expect(loss).toBeLessThan(losses(worse, lr)[seed]);
  });

  it("without batch norm eight layers do not learn, at any rate", () => {
    const eight = measured("depth").filter(
      (r: { variant: string; depth: number }) => r.variant === "without" && r.depth === 8,
    );
    expect(eight.length).toBeGreaterThan(10);
    for (const { testAccuracy } of eight) expect(testAccuracy).toBeLessThan(0.25);
  });

  it("gradients are up to thousands of times smaller without batch norm, and double on their way back with it", () => {
    interface State {
      step: number;
      layer: number;
      gradientNorm: number;
    }
    const norm = (kind: string, layer: number): number => {
      const runs = measured("activations").filter((r: { batchNorm: string }) => r.batchNorm === kind);
      const states: State[] = runs.flatMap((r: { layers: State[] }) => r.layers);
      return summarize(states.filter((s) => s.step === 0 && s.layer === layer).map((s) => s.gradientNorm)).median;
    };
    const layers = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(Math.max(...layers.map((layer) => norm("before", layer) / norm("none", layer)))).toBeGreaterThan(2000);
    expect(Math.round(norm("before", 2) / norm("before", 8))).toBe(2);
  });
});
