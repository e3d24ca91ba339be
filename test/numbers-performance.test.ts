/**
 * Sentences with numbers in the page on speed: see numbers.test.ts. docs/benchmark.json has what docs/benchmark.png shows, the run of
 * `npm run bench` that the page is about. How large bundles are, clone.test.ts says.
 */
import { describe, expect, it } from "vitest";
import { threeDigits } from "../bench/report.ts";
import { workloads } from "../bench/workloads.ts";
import benchmark from "../docs/benchmark.json" with { type: "json" };
import { Tensor } from "../src/index.ts";
import { constant, describeSayings, grouped, inWords, rounded } from "./support/numbers.ts";
import { read } from "./support/tree.ts";

const PAGE = "docs/performance.md";
const page = read(PAGE);
const source = (file: string) => read(`src/tensor/${file}`);
const found = (file: string, pattern: RegExp): number => Number(pattern.exec(source(file))?.[1]);
const kernels = (file: string, name: string) => constant(`src/tensor/kernels/${file}`, name);
const mebibytes = (file: string, name: RegExp) => found(`memory/${file}.ts`, name);

const large = kernels("wasm/jobs.ts", "LARGE");
const fields = /class ProductJob \{([\s\S]*?)\n\}/.exec(source("kernels/assembly/matmul.ts"))?.[1];
const words = inWords(fields?.match(/^ {2}\w+: /gm)?.length ?? 0);
const columns = inWords(kernels("assembly/matmul.ts", "COLUMNS"));
const [down, across] = ["TASK_ROWS", "TASK_COLUMNS"].map((name) => kernels("assembly/matmul.ts", name));
const [inNode, inBrowser] = [1, 2].map((i) =>
  Number(/collector \? (\d+) : (\d+)\)\) \* MEBI/.exec(source("memory/memory.ts"))?.[i]),
);
const fractions = [...source("memory/memory.ts").matchAll(/reserve\(wanted \/ (\d+)\)/g)].map(([, of]) => Number(of));
const isQuarter = fractions.join() === "4,16" ? "a quarter or a sixteenth of it" : "other";
const smallest = mebibytes("memory", /SMALLEST = isPoisoned \? 1 : (\d+)/);
const young = mebibytes("heap", /YOUNG_BUDGET = (\d+) \* MEBI/);
const old = mebibytes("memory", /budget: \(settings\.budget \?\? (\d+)\) \* MEBI/);
const isOld = constant("src/tensor/memory/heap.ts", "OLD");
const most = mebibytes("budget", /LARGEST = (\d+) \* 2 \*\* 20/);
const isDear = constant("src/tensor/memory/budget.ts", "SHARE") === 1 / 4 ? "a quarter" : "other";
const vectors = /left >= 16; left -= 16/.test(source("kernels/assembly/elementwise.ts")) ? "four" : "other"; // of four
const wide = found("kernels/wasm/module.ts", /majorVersion >= (\d+) && settings\.wide/);
const node = /Node before (\d+\.\d+)/.exec(source("host.ts"))?.[1];
const jobs = Number(/\[QUEUE, LENGTH, DESCRIPTION\] = \[2048, (\d+), /.exec(source("kernels/wasm/queue.ts"))?.[1]);
const watch = kernels("wasm/worker.mjs", "WATCHFUL") === 1 / 10 ? "a tenth of a millisecond" : "other";
const patience = kernels("wasm/queue.ts", "PATIENCE") / 60_000;
const [, rounds] = /normal: \{ rounds: (\d+)/.exec(read("bench/settings.ts")) ?? [];
const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).filter(
  ([name, { value }]) => typeof value === "function" && !name.endsWith("_"),
);

describeSayings("of the source:", [
  [PAGE, `of float32, of ${large} elements or more; smaller ones take the plain loop`],
  [PAGE, `to \`run\` "add" in blocks of ${grouped(kernels("wasm/elementwise.ts", "BLOCK"))} elements`],
  [PAGE, `which loads ${vectors} vectors of each operand, adds, and stores ${vectors}`],
  [PAGE, `It describes the product in ${words} numbers`],
  [PAGE, `a by the rows of a tile, b by ${columns} columns`],
  [PAGE, `blocks of the result, of ${inWords(down)} panels of a by ${inWords(across)} of b`],
  [PAGE, `stretches of ${kernels("assembly/matmul.ts", "DEPTH")} at most`],
  [PAGE, `has 6 × 16 of them in ${inWords((6 * 16) / 8)} vectors of eight`],
  [PAGE, `4 × 8 in ${inWords((4 * 8) / 4)} vectors of four`],
  [PAGE, `goes through ${kernels("wasm/queue.ts", "SCRATCH_BYTES")} bytes of the thread's own`],
  [PAGE, `Arrays of ${smallest} elements or more lie in`],
  [PAGE, `mebibytes, ${grouped(inNode)} unless that is set, or ${isQuarter} where no more can be had`],
  [PAGE, `In a browser it is ${grouped(inBrowser)}: see the next section`],
  [PAGE, `When ${young} mebibytes have been taken`],
  [PAGE, `What has outlived ${inWords(isOld)} of these is watched by a WeakRef`],
  [PAGE, `mebibytes of it, ${old} unless that is set, or as much as is in use`],
  [PAGE, `doubles, up to ${most}, where this takes more than ${isDear} of the time`],
  [PAGE, `V8 from Node ${wide} on can join two neighbours into one`],
  [PAGE, `vectors of eight | Node from ${wide} on, in the first thread`],
  [PAGE, `| Node from ${node} on, Deno`],
  [PAGE, `up to ${jobs} of them; the other threads do them in order`],
  [PAGE, `watches for ${watch}`],
  [PAGE, `an error, within about ${patience === 1 ? "a minute" : "other"}`],
  [PAGE, `medians of ${inWords(Number(rounds))} turns`],
  [PAGE, `all of PyTorch's, about ${rounded(methods.length, 1)}, with their kernels`],
  [PAGE, `${large} elements, or ${grouped(kernels("wasm/matmul.ts", "WORTHWHILE"))} multiply-adds.`],
  [PAGE, `which is asked for every ${young} mebibytes`],
]);

const { machine, versions, microKernelGflops } = benchmark;
type Row = readonly (number | null)[];
const { training, product, elementwise, reduction, layer, softmax, optimizer, network } = benchmark;
const sections: Record<string, Readonly<Record<string, Row>>> = {
  ...{ training, product, elementwise, reduction, layer, softmax, optimizer, network },
};

const inTable = (title: string, row: Row): string => {
  const cells = benchmark.columns.map((column, i) => {
    const text = row[i] ? threeDigits(row[i]) : "";
    return column === "wasm, 2 threads" ? `**${text}**` : text;
  });
  return `|${[title, ...cells].map((text) => (text ? ` ${text} ` : " ")).join("|")}|`;
};

/** Of two threads over PyTorch's. */
const quotient = (row: Row): number => Number(row[2]) / Number(row[5]);
const quotients = (...names: string[]) => names.flatMap((name) => Object.values(sections[name]).map(quotient));
function mean(...names: string[]): string {
  const all = quotients(...names).map(Math.log);
  return Math.exp(all.reduce((a, b) => a + b) / all.length).toFixed(2);
}
const operations = ["elementwise", "reduction", "layer", "softmax", "optimizer"];
const [slow, fast] = [
  ["add", "mul", "relu", "relu backward"].map((name) => quotient(sections.elementwise[name])),
  [
    ...["var()", "var(0)", "var(1)"].map((name) => sections.reduction[name]),
    ...["max pool 64×32×28×28", "avg pool 64×32×28×28"].map((name) => sections.layer[name]),
    elementwise.tanh,
  ].map(quotient),
];
const range = (values: readonly number[], digits: number) =>
  [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits)).join(" to ");
const milliseconds = (column: number) => (network["CNN batch 64"][column]! / 1000).toFixed(1);

/** Of an epoch: forward, the weights' gradients, and the inputs' of all layers but the first. */
const products = 2 * 60_000 * (3 * (784 * 256 + 256 * 256 + 256 * 10) - 784 * 256);
const atBest = products / (2 * microKernelGflops * 1e9);

describeSayings("of what was measured:", [
  [
    PAGE,
    `${machine}, Node ${benchmark.node}, lucidgrad ${versions.lucidgrad}, jax-js ${versions["jax-js"]}, TensorFlow.js ${versions["TensorFlow.js"]}, PyTorch 1.13.0`,
  ],
  [
    PAGE,
    `takes ${milliseconds(1)} ms on one thread and ${milliseconds(2)} on two, PyTorch ${milliseconds(5)} on the faster of both`,
  ],
  ...Object.entries(benchmark.environment).map(([name, value]) => [PAGE, `\`${name}=${value}\``] as const),
  [
    PAGE,
    `Over all ${quotients(...operations).length} operations but products the geometric mean is ${mean(...operations)} of PyTorch's time`,
  ],
  [
    PAGE,
    `${mean("elementwise")} element by element, ${mean("reduction")} for reductions, ${mean("layer")} for layers, ${mean("softmax")} for softmax and losses, ${mean("optimizer")} for optimizers.`,
  ],
  [PAGE, `Over the training steps it is ${mean("network")}.`],
  [PAGE, `Additions, products of elements and relu take ${range(slow, 1)} times as long as PyTorch`],
  [PAGE, `Variances, pooling and tanh take ${range(fast, 2)} of its time`],
  [
    PAGE,
    `A tiny network's step takes ${quotient(network["MLP 2×32 batch 8"]).toFixed(2)} of PyTorch's time, forty layers ${quotient(network["MLP 40×256 batch 64"]).toFixed(2)}.`,
  ],
  [
    PAGE,
    `An epoch has ${(products / 1e9).toFixed(1)} thousand million operations in products, which is ${atBest.toFixed(2)} s of it on two threads at the micro-kernel's ${microKernelGflops} GFLOP/s`,
  ],
]);

describe("the table of one run", () => {
  const rows: [title: string, row: Row][] = [
    ["training, batch norm, s an epoch", training["batch norm"]],
    ["training, plain, s an epoch", training.plain],
    ["product 64 × 784 × 256, GFLOP/s", product["64×784×256"]],
    ["product 512³, GFLOP/s", product["512×512×512"]],
    ["product 1024³, GFLOP/s", product["1024×1024×1024"]],
    ["add, 1,000,000 elements, µs", elementwise.add],
    ["relu", elementwise.relu],
    ["exp", elementwise.exp],
    ["tanh", elementwise.tanh],
    ["sum of 1024 × 1000, µs", reduction["sum()"]],
    ["var of each column", reduction["var(0)"]],
    ["max of each row", reduction["max(1)"]],
    ["batch norm and gradient, 64 × 256, µs", layer["batch norm 64×256"]],
    ["the same, 64 × 32 × 28 × 28", layer["batch norm 64×32×28×28"]],
    ["layer norm and gradient, 1024 × 256", layer["layer norm 1024×256"]],
    ["max pooling and gradient, 64 × 32 × 28 × 28", layer["max pool 64×32×28×28"]],
    ["embedding and gradient, 4,096 of 10,000 × 64", layer["embedding 4096 of 10000×64"]],
    ["softmax, 1024 × 1000, µs", softmax.softmax],
    ["cross entropy and gradient, 1024 × 1000", softmax["cross entropy + grad"]],
    ["SGD with momentum, 1,000,000 parameters, µs", optimizer["SGD with momentum"]],
    ["Adam", optimizer.Adam],
    ["training step of a CNN, batch 64, µs", network["CNN batch 64"]],
    ["of an MLP, 2 × 32, batch 8", network["MLP 2×32 batch 8"]],
    ["of an MLP, 2 × 256, batch 64", network["MLP 2×256 batch 64"]],
    ["of an MLP, 2 × 2048, batch 64", network["MLP 2×2048 batch 64"]],
    ["of an MLP, 40 × 256, batch 64", network["MLP 40×256 batch 64"]],
  ];
  it("has the run's numbers, and no others", () => {
    const [, table] = /\n\| \| lucidgrad js \|.*\n\| ---.*\n((?:\|.*\n)*)/.exec(page) ?? [];
    expect(table?.trim().split("\n")).toEqual(rows.map(([title, row]) => inTable(title, row)));
  });

  it("is of what npm run bench measures", () => {
    const measured = workloads.map(({ section, name }) => `${section} ${name}`);
    const kept = Object.entries(sections).flatMap(([section, rows]) =>
      Object.keys(rows).map((name) => `${section} ${name}`),
    );
    expect(kept).toEqual(measured);
  });
});
