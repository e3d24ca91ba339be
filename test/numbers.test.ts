/**
 * Sentences with numbers are true: each number is computed here, of the source or of what was measured, and the sentence is looked for
 * with it. This is of README and the site's front page; numbers-guide.test.ts, -experiments, -performance and -playground are of the
 * others. Blocks of code and what they print are checked elsewhere. docs/runs.json has what examples came to whose runs are too long for
 * a test, on Node 20.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import benchmark from "../docs/benchmark.json" with { type: "json" };
import runs from "../docs/runs.json" with { type: "json" };
import { program } from "../docs/site/front.ts";
import { all } from "../examples/experiments/all.ts";
import { usableRange } from "../examples/experiments/learning-rate.ts";
import { defaults, MOST_CONTESTANTS } from "../examples/playground/settings.ts";
import { CHAPTERS } from "../examples/playground/story.ts";
import { writeReport } from "../examples/support/report.ts";
import { parseSettings } from "../examples/support/settings.ts";
import golden from "./fixtures/mnist_batchnorm.json" with { type: "json" };
import { temporaryFolder } from "./support/folder.ts";
import {
  describeSayings,
  epochsToCatchUp,
  grouped,
  inChinese,
  inWords,
  inWordsAtStart,
  readersPath,
  rounded,
} from "./support/numbers.ts";
import { read, root } from "./support/tree.ts";

const [README, CHINESE] = ["README.md", "README.zh-CN.md"];
const FRONT = "docs/site/front-texts.ts";

const { hidden, lr, batchSize, seed } = parseSettings();
const programs = read("docs/guide/from-pytorch.md").match(/^## \d\./gm)?.length ?? 0;
const { version, engines } = JSON.parse(read("package.json"));
const node = engines.node.replace(">=", "");
const facts = read("test/tour.test.ts").match(/^ *it\(/gm)?.length ?? 0;
const [, here, regions] = /^- \[torchvision\.ops\]\(#.*\): (\d+) of (\d+)$/m.exec(read("docs/compatibility.md")) ?? [];
const missing = Number(regions) - Number(here);
const lines = program.code
  .trim()
  .split("\n")
  .filter((line) => line);

describeSayings("of the source:", [
  [README, `[${inWords(programs)} programs side by side](docs/guide/from-pytorch.md)`],
  [CHINESE, `[${inChinese(programs)}个两边对照的程序](docs/guide.zh/from-pytorch.md)`],
  [README, `${inWords(all.length)} [experiments](docs/experiments.md) measure each claim`],
  [README, `[${inWordsAtStart(all.length)} experiments](docs/experiments.md), each one command`],
  [CHINESE, `${inChinese(all.length)}个[实验](docs/experiments.zh.md)`],
  [CHINESE, `[${inChinese(all.length)}个实验](docs/experiments.zh.md)`],
  [FRONT, `${inWordsAtStart(all.length)} experiments ask.`],
  [FRONT, `${inChinese(all.length)}个实验来回答。`],
  [README, `trains ${inWords(MOST_CONTESTANTS - 1)} or ${inWords(MOST_CONTESTANTS)} networks live in your browser`],
  [CHINESE, `实时训练${inChinese(MOST_CONTESTANTS - 1)}${inChinese(MOST_CONTESTANTS)}个网络`],
  [README, `a story in ${inWords(CHAPTERS.length)} steps`],
  [CHINESE, `一个分${inChinese(CHAPTERS.length)}步的故事`],
  [README, `follow ${defaults.batchSize} digits through one unit's batch norm`],
  [CHINESE, `看 ${defaults.batchSize} 个数字怎样穿过一个单元的批归一化`],
  [README, `| 784 → ${hidden} → ${hidden} → 10, SGD ${lr}, batches of ${batchSize}, seed ${seed} |`],
  [CHINESE, `| 784 → ${hidden} → ${hidden} → 10，SGD ${lr}，批大小 ${batchSize}，种子 ${seed} |`],
  [README, `At this learning rate, ${lr}, batch norm gets as far`],
  [CHINESE, `学习率为 ${lr} 时，有批归一化的网络`],
  ["docs/guide/05-batch-norm.md", `at its learning rate of ${lr} batch norm gets as far`],
  ["docs/guide.zh/05-batch-norm.md", `在它 ${lr} 的学习率下`],
  [README, `# Node ${node} or newer`],
  [README, `Node ${node} or newer runs it`],
  [CHINESE, `需要 Node ${node} 或更高版本`],
  [README, `lucidgrad-${version}.tgz`],
  [README, `The reader's path, about ${grouped(readersPath())} lines beside the comments`],
  [CHINESE, `不计注释约 ${readersPath()} 行`],
  [README, `the engine in ${inWords(facts)} facts`],
  [CHINESE, `用${inChinese(facts)}个事实介绍引擎`],
  ["CONTRIBUTING.md", `the engine in ${inWords(facts)} facts`],
  [README, `${missing} of the ${regions} operations on boxes and regions`],
  [CHINESE, `${regions} 个运算（torchvision.ops）中的 ${missing} 个`],
  [FRONT, `Here is all of it in ${inWords(lines.length - 1)} lines`], // beside the import
  [FRONT, `${inChinese(lines.length - 1)}行程序，就是它的全部`],
  ["docs/site/front.ts", "tensor(3,"], // which the front page has its reader make a 4
]);

const { "npm run example": own, "npm run example:adam": adam } = runs;
const { plain: fastPlain } = runs["npm run example -- --epochs 2 --lr 0.3"];
const { batchNorm: fastBatchNorm } = runs["npm run example -- --epochs 2 --lr 0.1"];
const [first, last] = [0, own.batchNorm.epochLosses.length - 1];
const [epochs, chineseEpochs] = [inWords(last + 1), inChinese(last + 1)];
const catchesUp = epochsToCatchUp(own.batchNorm, own.plain);
const [nearly, chineseNearly] = catchesUp > 4.5 && catchesUp < 5 ? ["nearly five", "将近五轮"] : ["other", "其他"];
const ends = (losses: readonly number[], digits: number, between: string) =>
  [losses[first], losses[last]].map((loss) => loss.toFixed(digits)).join(between);
const lossesRow = (pytorch: readonly number[], here: readonly number[]) =>
  `| ${ends(pytorch, 6, " / ")} | ${ends(here, 6, " / ")} |`;
const right = (withIt: number, without: number) => `${grouped(withIt)} / ${grouped(without)}`;
const rightInPyTorch = right(golden.test_bn_eval.overall, golden.test_no_eval.overall);
const rightHere = right(own.batchNorm.testRight, own.plain.testRight);
const [fastLoss, fastLossPlain] = [fastBatchNorm, fastPlain].map(({ epochLosses }) => epochLosses[0].toFixed(2));
const [withIt, without] = [own.batchNorm.epochLosses, own.plain.epochLosses];

const measured = JSON.parse(read("docs/experiments/learning-rate.json")).results;
const factor = (variant: Parameters<typeof usableRange>[1]) => rounded(usableRange(measured, variant).factor, 1);
const [factorWith, factorWithout, factorHe] = (["with batch norm", "without", "without, He's weights"] as const).map(
  factor,
);

const { columns, training } = benchmark;
const shown = ["wasm, 2 threads", "jax-js", "TensorFlow.js", "its DataLoader", "PyTorch"].map((name) =>
  columns.indexOf(name),
);
const speedRow = (row: readonly number[]) => `| ${shown.map((i) => row[i].toFixed(2)).join(" | ")} |`;
const seconds = Math.round((last + 1) * (training["batch norm"][shown[0]] + training.plain[shown[0]]));
const [major] = benchmark.node.split(".");
const percent = (adam.testRight[adam.testRight.length - 1] / 100).toFixed(1);

describeSayings("of what was measured:", [
  [README, `over ${last + 1} epochs](docs/training-losses.png)`],
  [CHINESE, `训练 ${last + 1} 轮的损失`],
  [README, `trains both networks for ${last + 1} epochs`],
  [README, `At [the speed measured below](#how-fast-it-is) this trains for ${seconds} seconds`],
  [CHINESE, `训练需要 ${seconds} 秒`],
  [README, `batch norm gets as far in one epoch as the plain network in ${nearly}.`],
  [CHINESE, `有批归一化的网络一轮达到的程度，普通的网络要${chineseNearly}。`],
  [FRONT, `the one with batch norm gets as far in one epoch as the other in ${nearly}.`],
  [FRONT, `有批归一化的网络一轮达到的程度，另一个要${chineseNearly}。`],
  ["docs/guide/05-batch-norm.md", `batch norm gets as far in one epoch as the plain network in ${nearly};`],
  ["docs/guide.zh/05-batch-norm.md", `有批归一化的网络一轮达到的程度，普通的网络要${chineseNearly}；`],
  [FRONT, `over ${epochs} epochs: with batch normalization it falls from ${ends(withIt, 2, " to ")}`],
  [FRONT, `without from ${ends(without, 2, " to ")}`],
  [FRONT, `训练${chineseEpochs}轮的损失：有批归一化时从 ${ends(withIt, 2, " 降到 ")}`],
  [FRONT, `没有时从 ${ends(without, 2, " 降到 ")}`],
  [
    README,
    `it comes to ${fastLossPlain} in its first epoch, and batch norm at its own better rate, 0.1, to ${fastLoss}.`,
  ],
  [CHINESE, `它的损失第一轮就降到 ${fastLossPlain}，而批归一化在更适合它的 0.1 下降到 ${fastLoss}。`],
  ...[README, CHINESE].flatMap((page) =>
    [
      lossesRow(golden.bn.epochs, withIt),
      lossesRow(golden.no.epochs, without),
      `| ${rightInPyTorch} | ${rightHere} |`,
      speedRow(training["batch norm"]),
      speedRow(training.plain),
    ].map((row) => [page, row] as const),
  ),
  [README, `| lucidgrad, Node ${own.node.split(".")[0]} |`],
  [CHINESE, `| lucidgrad，Node ${own.node.split(".")[0]} |`],
  [
    README,
    `learning rates over a factor of ${factorWith} work; without, over a factor of ${factorWithout}, and with He's initial weights of ${factorHe}.`,
  ],
  [CHINESE, `跨越 ${factorWith} 倍；没有时只有 ${factorWithout} 倍，用 He 的初始权重是 ${factorHe} 倍`],
  [README, `two cores, one run of \`npm run bench\` on Node ${major}`],
  [CHINESE, `两个核心，Node ${major}，\`npm run bench\` 的一次运行`],
  [README, `a network that reads ${percent} % of the test digits after ${inWords(adam.testRight.length)} epochs`],
  [CHINESE, `训练${inChinese(adam.testRight.length)}轮之后能认对 ${percent}% 测试数字的网络`],
  ["docs/guide/06-convolution.md", `makes a larger one read ${percent} % of the digits`],
  ["docs/guide.zh/06-convolution.md", `训练一个更大的网络，能认对 ${percent}% 的数字`],
]);

it("the losses of the first epoch agree to five digits, those of the tenth to what both pages say", () => {
  const pairs = [
    [golden.bn.epochs, withIt],
    [golden.no.epochs, without],
  ];
  for (const [pytorch, here] of pairs) expect(here[first].toPrecision(5)).toBe(pytorch[first].toPrecision(5));
  const furthest = Math.max(...pairs.map(([pytorch, here]) => Math.abs(here[last] / pytorch[last] - 1)));
  const share = (100 * furthest).toFixed(1);
  expect(read(README)).toContain(
    `agrees with PyTorch's to five digits; after ${epochs}, rounding has grown to ${share} %.`,
  );
  expect(read(CHINESE)).toContain(`前五位有效数字一致；${chineseEpochs}轮之后，舍入误差增长到 ${share}%。`);
});

it("with the best learning rate for each, batch norm is between one epoch and two ahead", () => {
  const [goal] = fastBatchNorm.epochLosses;
  const [afterOne, afterTwo] = fastPlain.epochLosses;
  expect(afterOne).toBeGreaterThan(goal);
  expect(afterTwo).toBeLessThan(goal);
  expect(read("docs/guide/05-batch-norm.md")).toContain("the lead is between one epoch and two.");
  expect(read("docs/guide.zh/05-batch-norm.md")).toContain("领先在一到两轮之间。");
});

it("the picture of the losses is drawn of them", async () => {
  const out = temporaryFolder(afterAll);
  const complete = (run: typeof own.plain) => ({ ...run, firstStepLosses: [], secondsPerEpoch: [] });
  await writeReport({
    config: { ...parseSettings(), out },
    training: { batchNorm: complete(own.batchNorm), plain: complete(own.plain) },
    evaluation: { trainSet: {}, testSet: {} },
  });
  const [drawn, kept] = [out, join(root, "docs")].map((folder) => readFileSync(join(folder, "training-losses.png")));
  expect(drawn.equals(kept)).toBe(true);
});
