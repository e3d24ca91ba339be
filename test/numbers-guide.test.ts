/** Sentences with numbers in the guide: see numbers.test.ts. */
import { expect, it } from "vitest";
import { nextSequence } from "../src/autograd/graph.ts";
import { nn, ones } from "../src/index.ts";
import {
  between,
  describeSayings,
  grouped,
  inChinese,
  inWords,
  inWordsAtStart,
  lines,
  readersPath,
  rounded,
} from "./support/numbers.ts";
import { read } from "./support/tree.ts";

const chapter = (name: string) => `docs/guide/${name}.md`;
const translated = (name: string) => `docs/guide.zh/${name}.md`;
const sections = (name: string) => read(chapter(name)).match(/^## \d\./gm)?.length ?? 0;
const source = (file: string) => `src/tensor/${file}.ts`;

/** The body of a block, from where it opens to where it closes at the same depth. */
function blockAt(file: string, opening: string): string {
  const text = read(file);
  const start = text.lastIndexOf("\n", text.indexOf(opening)) + 1;
  const indent = /^ */.exec(text.slice(start))?.[0] ?? "";
  return text.slice(start, text.indexOf(`\n${indent}}`, start) + 1 + indent.length + 1);
}

const stridedLines = lines("src/tensor/strided.ts");
const convolutionLines = lines("src/autograd/ops/layers/convolution.ts");
const programs = sections("from-pytorch");
const [products, ways] = [sections("07-speed"), sections("08-own-operation")];
const [, size] = /^const SIZE = (\d+);$/m.exec(read(chapter("07-speed"))) ?? [];
const surprises = between(read(chapter("02-autograd")), "## Three things", "\n## ").match(/^\*\*/gm)?.length ?? 0;
const stepLines = read(chapter("04-training")).match(/^ {4}.*; \/\/ \d\. /gm)?.length ?? 0;
const deep = Number(/for \(let layer = 0; layer < (\d+); layer\+\+\)/.exec(read(chapter("05-batch-norm")))?.[1]);
const spreads = read(chapter("05-batch-norm")).match(/^weights × .* spread at the end /gm)?.length ?? 0;
const [, epsilon] = /eps: 1e-(\d)/.exec(read("src/autograd/gradcheck.ts").slice(1000)) ?? [];

describeSayings("of the source:", [
  [chapter("01-tensor"), `is worth reading now: ${stridedLines} lines.`],
  [translated("01-tensor"), `${stridedLines} 行`],
  [chapter("02-autograd"), `## ${inWordsAtStart(surprises)} things that surprise everyone once`],
  [translated("02-autograd"), `## ${inChinese(surprises)}件人人都会意外一次的事`],
  [chapter("03-gradcheck"), `takes central differences, a step of 10⁻${"⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(epsilon)]}`],
  [translated("03-gradcheck"), `采用中心差分，步长取 10⁻${"⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(epsilon)]}`],
  [chapter("04-training"), `# Modules and training: ${inWords(stepLines)} lines, repeated`],
  [translated("04-training"), `# 模块与训练：${inChinese(stepLines)}行代码，反复执行`],
  [chapter("04-training"), `shows what each of the ${inWords(stepLines)} lines of a training loop does`],
  [translated("04-training"), `说明训练循环的${inChinese(stepLines)}行代码各做什么`],
  [chapter("from-pytorch"), `the ${inWords(stepLines)} lines of a training loop`],
  [translated("from-pytorch"), `训练循环的${inChinese(stepLines)}行代码`],
  [chapter("README"), `what each of the ${inWords(stepLines)} lines of a training loop does`],
  [translated("README"), `训练循环的${inChinese(stepLines)}行代码各做什么`],
  [chapter("05-batch-norm"), `through ${inWords(deep)} layers, with weights drawn ${inWords(spreads)} ways`],
  [translated("05-batch-norm"), `一个批次穿过${inChinese(deep)}层，权重按${inChinese(spreads)}种尺度抽取`],
  [chapter("06-convolution"), `${convolutionLines} lines with its two companions`],
  [translated("06-convolution"), `连同它的两个同伴一共 ${convolutionLines} 行`],
  [chapter("README"), `sees ${inWords(programs)} programs side by side`],
  [translated("README"), `可以看${inChinese(programs)}个程序用两边的写法并排写出`],
  [chapter("from-pytorch"), `Here are ${inWords(programs)} programs`],
  [translated("from-pytorch"), `这里有${inChinese(programs)}个程序`],
  [chapter("07-speed"), `# How it is made fast: one loop, ${inWords(products)} times`],
  [translated("07-speed"), `同一个循环，写${inChinese(products)}遍`],
  [
    chapter("07-speed"),
    `one product, ${size} × ${size} × ${size}, and makes it ${inWords(products)} times, in ${inWords(products)} ways`,
  ],
  [
    translated("07-speed"),
    `一个乘积，${size} × ${size} × ${size}，并用${inChinese(products)}种方法把它做${inChinese(products)}遍`,
  ],
  [chapter("08-own-operation"), `Here are ${inWords(ways)} ways`],
  [translated("08-own-operation"), `这里有${inChinese(ways)}种办法`],
  [chapter("README"), `${grouped(readersPath())} lines in the order in which to read them`],
  [translated("README"), `一共约 ${readersPath()} 行`],
  [chapter("08-own-operation"), `is about ${grouped(readersPath())} lines.`],
  [translated("08-own-operation"), `一共约 ${readersPath()} 行`],
]);

const { eps, momentum } = new nn.BatchNorm1d(1);
const kept = Math.round(100 * (1 - Number(momentum)) ** 20);
const hidden = new nn.Linear(784, 64);
const parameters = hidden.weight.numel + 64 + 64 * 10 + 10;
const images = 60_000;
const cheaper =
  images / 64 > 900 && images / 64 < 1100 ? ["a thousand times as cheap", "只有千分之一"] : ["other", "其他"];

const table = read(chapter("06-convolution"));
const layersOf = (kind: string) =>
  [...table.matchAll(new RegExp(`\\(${kind}\\) .*\\] +([\\d,]+) +([\\d,]+)$`, "gm"))].map(([, ...numbers]) =>
    numbers.map((text) => Number(text.replaceAll(",", ""))),
  );
const [convolutions, [[linear, linearWork]]] = [layersOf("Conv2d"), layersOf("Linear")];
const [weights, work] = [0, 1].map((i) => convolutions.reduce((sum, row) => sum + row[i], 0));
const all = weights + 32 + 64 + linear;
const share = Math.floor((100 * work) / (work + linearWork));
const times = Math.floor(hidden.weight.numel / weights);

describeSayings("of networks and batches:", [
  [chapter("04-training"), `log 10 = ${Math.log(10).toFixed(2)}`],
  [translated("04-training"), `log 10 = ${Math.log(10).toFixed(2)}`],
  [chapter("04-training"), `noisy, and ${cheaper[0]}.`],
  [translated("04-training"), `代价${cheaper[1]}。`],
  [chapter("05-batch-norm"), `ε, 10⁻⁵, is there so that`],
  [translated("05-batch-norm"), `ε 等于 10⁻⁵`],
  [chapter("05-batch-norm"), `with a momentum of ${momentum}, and`],
  [translated("05-batch-norm"), `即**动量**，是 ${momentum}。`],
  [chapter("05-batch-norm"), `${kept} % after 20 batches`],
  [translated("05-batch-norm"), `20 个批次之后是 ${kept}%`],
  [chapter("06-convolution"), `Those ${grouped(new nn.Conv2d(16, 32, 3).weight.numel)} numbers`],
  [translated("06-convolution"), `就是这 ${new nn.Conv2d(16, 32, 3).weight.numel} 个数值`],
  [
    chapter("06-convolution"),
    `The convolutions have ${grouped(weights)} of the ${grouped(all)} parameters and do ${share} % of the work`,
  ],
  [translated("06-convolution"), `${all} 个参数中，卷积层只占 ${weights} 个，却完成了 ${share}% 的**乘加**`],
  [chapter("06-convolution"), `has ${inWords(times)} times as many parameters as both of them`],
  [translated("06-convolution"), `参数是这两个卷积层总和的${inChinese(times)}倍`],
  [chapter("07-speed"), `the network of chapter 4 takes ${((4 * parameters) / 1e6).toFixed(1)} MB`],
  [translated("07-speed"), `第 4 章的网络只占 ${((4 * parameters) / 1e6).toFixed(1)} MB`],
]);

const ms = [...read(chapter("07-speed")).matchAll(/^[1-4]\. .* (\d+\.\d) ms$/gm)].map(([, ms]) => Number(ms));
const faster = 10 * Math.floor(ms[0] / ms[3] / 10);
const million = (64 * 784 * 256) / 1e6;
const [, node] = /majorVersion >= (\d+) && settings\.wide/.exec(read(source("kernels/wasm/module"))) ?? [];
const smallest = /SMALLEST = isPoisoned \? 1 : (\d+)/.exec(read(source("memory/memory")))?.[1];
const young = /YOUNG_BUDGET = (\d+) \* MEBI/.exec(read(source("memory/heap")))?.[1];
const old = /budget: \(settings\.budget \?\? (\d+)\) \* MEBI/.exec(read(source("memory/memory")))?.[1];
/** Of the innermost loops, by their names. */
const tile = (name: string) => /tile(\d)x(\d+)/.exec(name)?.slice(1).map(Number) ?? [];
const [[rows, columns], [wideRows, wideColumns], [plainRows, plainColumns]] = ["tile4x8", "tile6x16", "tile2x4"].map(
  tile,
);

describeSayings("of speed and memory:", [
  [chapter("README"), `how two cores come to ${inWords(faster)} times the speed of three loops`],
  [translated("README"), `两个核心怎样达到三重循环${inChinese(faster)}倍的速度`],
  [chapter("07-speed"), `64 · 784 · 256 = ${million.toFixed(1)} million`],
  [translated("07-speed"), `64 · 784 · 256，约 ${rounded(100 * million, 3)} 万次`],
  [chapter("07-speed"), `from one row to the next, ${(4 * Number(size)) / 1024} kB away`],
  [translated("07-speed"), `每步相隔 ${(4 * Number(size)) / 1024} kB`],
  [
    chapter("07-speed"),
    `computes ${plainRows} × ${plainColumns} results at a time. ${inWordsAtStart(plainRows + plainColumns)} numbers read make ${inWords(plainRows * plainColumns)} multiply-adds`,
  ],
  [
    translated("07-speed"),
    `每次计算 ${plainRows} × ${plainColumns} 个结果。读${inChinese(plainRows + plainColumns)}个数值，做${inChinese(plainRows * plainColumns)}次乘加`,
  ],
  [chapter("07-speed"), `${rows} rows by ${columns} columns, ${inWords((rows * columns) / 4)} vectors of sums.`],
  [translated("07-speed"), `${rows} 行乘 ${columns} 列，${inChinese((rows * columns) / 4)}个向量存放各个和`],
  [
    chapter("07-speed"),
    `${wideRows} rows by ${wideColumns} columns, ${inWords((wideRows * wideColumns) / 8)} vectors of eight.`,
  ],
  [translated("07-speed"), `${wideRows} 行乘 ${wideColumns} 列，${inChinese((wideRows * wideColumns) / 8)}个八元向量`],
  [chapter("07-speed"), `V8 from Node ${node} on can join`],
  [translated("07-speed"), `从 Node ${node} 起，V8 能把`],
  [chapter("07-speed"), `So a tensor of ${smallest} elements or more`],
  [translated("07-speed"), `有 ${smallest} 个或更多元素的张量`],
  [
    chapter("07-speed"),
    `whenever ${young} MB have been taken, and for one of all garbage when ${old} MB have outlived that.`,
  ],
  [translated("07-speed"), `每取用 ${young} MB，就请求一次短暂的新生代回收；其中存活下来的积累到 ${old} MB 时`],
]);

it("an engine in under forty lines", () => {
  const section = between(read(chapter("02-autograd")), "## An engine in under forty lines", "\n## ");
  const engine = between(section, "```ts\n", "```");
  const code = engine.split("\n").filter((line) => /\S/.test(line) && !/^ *console\.log/.test(line));
  expect(code.length).toBeLessThan(40);
  expect(read(translated("02-autograd"))).toContain("## 不到四十行的引擎");
});

it("propagate, a loop of some twenty lines", () => {
  const loop = blockAt("src/autograd/engine.ts", "for (const node of nodes) {\n      const arrived");
  expect(rounded(loop.split("\n").length, 1)).toBe(20);
  expect(read(chapter("02-autograd"))).toContain("a loop of some twenty lines");
  expect(read(translated("02-autograd"))).toContain("其中是一个二十行左右的循环");
});

it("batch norm in five lines, which are nine operations", () => {
  const body = between(read(chapter("05-batch-norm")), "eps = 1e-5): Tensor {\n", "\n}");
  expect(body.split("\n")).toHaveLength(5);
  expect(eps).toBe(1e-5);
  const x = ones([4, 3], { requiresGrad: true });
  const before = nextSequence();
  new Function("x", "gamma", "beta", "eps", body)(x, ones([3]), ones([3]), eps);
  expect(nextSequence() - before).toBe(9);
  expect(read(chapter("05-batch-norm"))).toContain(
    "Autograd differentiates the five lines by itself, and the results are right. But they are nine operations",
  );
  expect(read(translated("05-batch-norm"))).toContain("自动微分能自己对这五行求导，结果也是对的。但它们是九个运算");
});

it("the first 6,400 of 60,000 digits, and a fifth of the way to the minimum", () => {
  const page = read(chapter("04-training"));
  const [, count] = /Array\.from\(\{ length: (\d+) \}/.exec(page) ?? [];
  expect(page).toContain(`the first ${grouped(Number(count))} of ${grouped(images)}`);
  expect(read(translated("04-training"))).toContain(`${images} 张中的前 ${count} 张`);
  const [, lr] = /new optim\.SGD\(\[w\], \{ lr: (.*) \}\)/.exec(page) ?? [];
  expect(2 * Number(lr)).toBe(1 / 5); // of w, whose gradient is 2w
});
