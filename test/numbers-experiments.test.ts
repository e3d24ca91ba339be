/** Sentences with numbers in the page of experiments, beside the verdicts, which experiments.test.ts compares: see numbers.test.ts. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { all } from "../examples/experiments/all.ts";
import { bySize } from "../examples/experiments/batch-size.ts";
import { loadData } from "../examples/experiments/support/digits.ts";
import { logSpaced, summarize } from "../examples/experiments/support/statistics.ts";
import { describeSayings, grouped, inChinese, inWords, lines, rounded } from "./support/numbers.ts";
import { read, root } from "./support/tree.ts";

const [ENGLISH, CHINESE] = ["docs/experiments.md", "docs/experiments.zh.md"];
const measured = (name: string) => JSON.parse(read(`docs/experiments/${name}.json`));
const results = (name: string) => measured(name).results;
const median = (values: readonly number[]): number => summarize(values).median;

const data = await loadData();
const [trained, tested] = [data.train.labels.numel, data.test.labels.numel];
const count = inWords(all.length);

describeSayings("of the source:", [
  [ENGLISH, `many times on ${grouped(trained)} digits of MNIST`],
  [CHINESE, `它在 ${grouped(trained)} 个 MNIST 数字上`],
  [ENGLISH, `over the first ${grouped(tested)} test digits`],
  [CHINESE, `准确率按前 ${grouped(tested)} 个测试数字计算`],
  [ENGLISH, `\`npm run experiments\` runs all ${count}, in minutes`],
  [CHINESE, `\`npm run experiments\` 用几分钟依次跑完${inChinese(all.length)}个实验`],
]);

const rates = logSpaced(0.001, 10, 13);
const step = rounded((10 / 0.001) ** (1 / 12), 3);
const amplified = Math.round(1 / Math.sqrt(1e-5));
const smaller = Math.sqrt(784 / 100);
const { results: sizes, steps } = measured("batch-size");
const noise = (1 / Math.sqrt(results("momentum")[0].batchSize)).toFixed(2);
const depthRates: number[] = results("depth").map(({ lr }: { lr: number }) => lr);
const [lowest, highest] = [Math.min(...depthRates), Math.max(...depthRates)];
const lastSeed = (name: string) => measured(name).seeds - 1;
const placements = measured("placement").seeds;

describeSayings("of what was measured:", [
  [ENGLISH, `The rates are a factor of ${step} apart`],
  [CHINESE, `相邻的学习率相差 ${step} 倍`],
  [ENGLISH, `multiplied by up to 1/√ε = ${amplified}`],
  [CHINESE, `最多被乘以 1/√ε = ${amplified}`],
  [ENGLISH, `and ${measured("initialization").steps} steps do not get anywhere`],
  [CHINESE, `${measured("initialization").steps} 步之内学不到什么`],
  [
    ENGLISH,
    `does not learn in these ${measured("depth").steps} steps, at none of the rates tried, from ${lowest} to ${highest}`,
  ],
  [CHINESE, `在这 ${measured("depth").steps} 步里什么也学不到，试过的学习率（${lowest} 到 ${highest}）都不行`],
  [ENGLISH, `${measured("activations").steps === 300 ? "Three hundred" : "Other"} steps of such gradients`],
  [CHINESE, `用这样的梯度走${measured("activations").steps === 300 ? "三百" : "其他"}步`],
  [ENGLISH, `Its weights are ${smaller} times smaller, since it has 784 inputs and not 100`],
  [CHINESE, `它有 784 个输入而不是 100 个，所以权重小 ${smaller} 倍`],
  [ENGLISH, `that ${inWords(placements)} seeds and ${grouped(tested)} digits could show`],
  [CHINESE, `用${inChinese(placements)}个种子和 ${grouped(tested)} 个测试数字`],
  [
    ENGLISH,
    `All sizes take ${steps} steps at one rate, ${sizes[0].lr}, so batches of 2 see only ${grouped(2 * steps)} images`,
  ],
  [CHINESE, `都以同一个学习率 ${sizes[0].lr} 走 ${steps} 步，所以批大小为 2 时总共只看到 ${grouped(2 * steps)} 张图像`],
  [
    ENGLISH,
    `After ${measured("momentum").steps} steps both matter: momentum 1 is at its noise, 1/√64 = ${noise}, while 0.03 and less are still late`,
  ],
  [
    CHINESE,
    `${measured("momentum").steps} 步之后两者都要紧：动量 1 的误差就是它的噪声 1/√64 = ${noise}，而 0.03 及更小的动量仍然滞后`,
  ],
  [ENGLISH, `with the seeds 0 to ${lastSeed("depth")} (placement: 0 to ${lastSeed("placement")})`],
  [CHINESE, `种子 0 到 ${lastSeed("depth")}（放置的位置：0 到 ${lastSeed("placement")}）`],
]);

describeSayings("of what the tests below show:", [
  [ENGLISH, "differences below one percent mean nothing"],
  [CHINESE, "小于百分之一的差别没有意义"],
  [ENGLISH, "At the two leftmost points the variance is below ε"],
  [CHINESE, "最左边的两个点，方差已经小于 ε"],
  [ENGLISH, "a network of eight fully connected layers does not learn"],
  [CHINESE, "八个全连接层的网络在这 300 步里什么也学不到"],
  [ENGLISH, "no network here profits from twenty layers"],
  [CHINESE, "这里没有哪个网络因为有二十层而得益"],
  [ENGLISH, "up to thousands of times smaller than with batch norm"],
  [CHINESE, "最多比有批归一化时小几千倍"],
  [ENGLISH, "From the last hidden layer to the second the gradient doubles"],
  [CHINESE, "从最后一个隐藏层到第二层，梯度增大一倍"],
  [
    ENGLISH,
    "at the smallest rate the loss is lower for every seed with batch norm after the ReLU, at 0.3 with batch norm before it",
  ],
  [CHINESE, "学习率最小时，放在 ReLU 之后的损失对每个种子都更低；学习率为 0.3 时，放在之前的更低"],
  [ENGLISH, "From eight on batch norm is ahead in the median"],
  [CHINESE, "从八张图像起，批归一化的中位数领先"],
]);

it("experiments of about a hundred lines each", () => {
  const programs = readdirSync(join(root, "examples/experiments")).filter((name) =>
    /^(?!all|run|texts).*\.ts$/.test(name),
  );
  for (const name of programs) expect(rounded(lines(`examples/experiments/${name}`) / 100, 1)).toBeCloseTo(1, 0);
  expect(read(ENGLISH)).toContain("about a hundred lines each");
  expect(read(CHINESE)).toContain("每个大约一百行");
});

it("differences below one percent are within the error of so few digits", () => {
  const error = Math.sqrt((0.9 * 0.1) / tested); // of a share of 90 %
  expect(2 * error).toBeGreaterThan(0.01);
});

it("the rates that are tried", () => expect(rates[1] / rates[0]).toBeCloseTo(2.15, 0));

it("at the two leftmost points the variance is below ε, and digits are read", () => {
  const stds = [...new Set<number>(results("initialization").map(({ std }: { std: number }) => std))].sort(
    (a, b) => a - b,
  );
  const spread = data.train.images.var(0).sum().item(); // of a unit whose weights have variance 1
  expect(stds.filter((std) => std ** 2 * spread < 1e-5)).toEqual(stds.slice(0, 2));
});

it("from batches of eight on, batch norm is ahead in the median", () => {
  const [normalized, plain] = (["before", "none"] as const).map((kind) => bySize(sizes, kind, (r) => r.evalAccuracy));
  expect(normalized.map(({ x, median }, i) => x >= 8 === median > plain[i].median)).not.toContain(false);
});

it("the loss is lower for every seed with batch norm after the ReLU at the smallest rate, before it at 0.3", () => {
  const losses = (place: string, lr: number): number[] =>
    results("placement").flatMap((r: { batchNorm: string; lr: number; loss: number }) =>
      r.batchNorm === place && r.lr === lr ? [r.loss] : [],
    );
  for (const [lr, better, worse] of [
    [0.01, "after", "before"],
    [0.3, "before", "after"],
  ] as const)
    for (const [seed, loss] of losses(better, lr).entries()) expect(loss).toBeLessThan(losses(worse, lr)[seed]);
});

describe("depth:", () => {
  interface Result {
    readonly variant: string;
    readonly depth: number;
    readonly testAccuracy: number;
  }
  const all: Result[] = results("depth");

  it("without batch norm eight layers do not learn, at any rate", () => {
    const eight = all.filter(({ variant, depth }) => variant === "without" && depth === 8);
    expect(eight.length).toBeGreaterThan(10);
    for (const { testAccuracy } of eight) expect(testAccuracy).toBeLessThan(0.25);
  });

  it("no network profits from twenty layers", () => {
    for (const variant of new Set(all.map((result) => result.variant))) {
      const best = (depth: number) =>
        Math.max(...all.filter((r) => r.variant === variant && r.depth === depth).map((r) => r.testAccuracy));
      expect(best(20)).toBeLessThan(best(2));
    }
  });
});

it("gradients are up to thousands of times smaller without batch norm, and double on their way back with it", () => {
  interface State {
    step: number;
    layer: number;
    gradientNorm: number;
  }
  const norm = (kind: string, layer: number): number => {
    const runs = results("activations").filter((r: { batchNorm: string }) => r.batchNorm === kind);
    const states: State[] = runs.flatMap((r: { layers: State[] }) => r.layers);
    return median(states.filter((s) => s.step === 0 && s.layer === layer).map((s) => s.gradientNorm));
  };
  const layers = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(Math.max(...layers.map((layer) => norm("before", layer) / norm("none", layer)))).toBeGreaterThan(2000);
  expect(Math.round(norm("before", 2) / norm("before", 8))).toBe(2);
});

it("after 500 steps momentum 1 is at its noise, and 0.03 and less are later than 0.1", () => {
  interface Result {
    readonly momentum: number | null;
    readonly measured: readonly { step: number; errorOfRunningMean: number }[];
  }
  const errors: Map<number, number> = new Map(
    [1, 0.3, 0.1, 0.03, 0.01, 0.003].map((momentum) => {
      const runs = (results("momentum") as Result[]).filter((result) => result.momentum === momentum);
      return [
        momentum,
        median(runs.flatMap((run) => run.measured.filter(({ step }) => step === 500).map((m) => m.errorOfRunningMean))),
      ];
    }),
  );
  const error = (momentum: number) => errors.get(momentum) ?? Number.NaN;
  expect(error(1).toFixed(2)).toBe(noise);
  for (const late of [0.03, 0.01, 0.003]) expect(error(late)).toBeGreaterThan(error(0.1));
});
