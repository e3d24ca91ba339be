/** The example as a user runs it: a program of its own, on the real digits. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Metrics } from "../../examples/support/report.ts";
import golden from "../fixtures/mnist_batchnorm.json" with { type: "json" };
import { temporaryFolder } from "../support/folder.ts";
import { run, start } from "./run.ts";

const folder = temporaryFolder(afterAll);

/** Runs the example with `args`, a space between any two. */
async function runExample(args: string, name: string, watch?: (child: ChildProcess) => void) {
  const out = join(folder, name);
  const result = await run("mnist-batchnorm.ts", [...args.split(" "), "--out", out], watch);
  return { ...result, out };
}

const readMetrics = (out: string): Metrics => JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));

describe("one epoch of 1,280 images", () => {
  let result: Awaited<ReturnType<typeof runExample>>;
  let metrics: Metrics;
  beforeAll(async () => {
    result = await runExample("--epochs 1 --train-limit 1280", "short");
    metrics = readMetrics(result.out);
  }, 60_000);

  it("ends well, without a word on stderr", () => expect(result).toMatchObject({ code: 0, stderr: "" }));

  it.each([
    ["batchNorm", golden.bn],
    ["plain", golden.no],
  ] as const)("%s: each of the first 20 step losses is PyTorch's within 1e-5", (network, expected) => {
    const losses = metrics.training[network]?.firstStepLosses ?? [];
    expect(losses).toHaveLength(20);
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss - expected.first20[i])).toBeLessThan(1e-5);
  });

  it.each([
    [1, /\(batch_norm1\): BatchNorm1d\(256, eps=1e-05, momentum=0\.1, affine=True, track_running_stats/g],
    [2, /^Epoch:1 {3}Training Loss:\d\.\d{6}$/gm],
    [1, /^Training set, the 1280 images that both have learned from$/gm],
    [1, /^Test set, 10000 images that neither has seen$/gm],
    [1, /^batch norm +with, in train mode +with, in eval mode +without$/gm],
    [2, /^mean loss( +\d\.\d{6}){2,3}$/gm],
    [2, /^recognised( +\d+\.\d\d % \(\d+\/(1280|10000)\)){2,3}$/gm],
    [20, /^ {2}\d( +\d+\.\d\d % \(\d+\/\d+\)){2,3}$/gm],
  ])("prints %i times %s", (times, line) => expect(result.stdout.match(line)).toHaveLength(times));

  it("writes metrics that agree with themselves and with what was printed", () => {
    const { trainSet, testSet } = metrics.evaluation;
    const evaluations = [...Object.values(trainSet), ...Object.values(testSet)];
    expect(evaluations).toHaveLength(5);
    for (const { correct, total, overall, loss } of evaluations) {
      expect(correct.reduce((a, b) => a + b)).toBe(overall);
      expect([1280, 10000]).toContain(total.reduce((a, b) => a + b));
      expect(result.stdout).toMatch(new RegExp(`^mean loss .*${loss.toFixed(6)}`, "m"));
    }
    expect(testSet.plainEvalMode?.total).toEqual(golden.test_no_eval.total);
    const { epochLosses = [], firstStepLosses = [] } = metrics.training.batchNorm ?? {};
    expect(epochLosses[0]).toBeCloseTo(firstStepLosses.reduce((a, b) => a + b) / 20, 12);
    const config = { epochs: 1, lr: 0.01, batchSize: 64, hidden: 256, seed: 0, trainLimit: 1280 };
    expect(metrics.config).toMatchObject(config);
  });

  it("draws the chart, and leaves no other file", () => {
    expect(readdirSync(result.out).sort()).toEqual(["metrics.json", "training-losses.png"]);
    expect(readFileSync(join(result.out, "training-losses.png"), "latin1").slice(1, 4)).toBe("PNG");
  });
});

it("compares convolutional networks, too, with their own defaults", async () => {
  const { code, stdout, stderr, out } = await runExample("--network cnn --epochs 1 --train-limit 1280", "cnn");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("(batch_norm1): BatchNorm2d(16, eps=1e-05, momentum=0.1, affine=True, track_running_stats");
  const { config, training } = readMetrics(out);
  expect(config).toMatchObject({ network: "cnn", momentum: 0.9, hidden: 32 });
  const [withBatchNorm, plain] = [training.batchNorm, training.plain].map((run) => run?.epochLosses[0] ?? Number.NaN);
  expect(withBatchNorm).toBeLessThan(plain);
});

it("keeps what was measured when it is interrupted", async () => {
  const { code, stdout, out } = await runExample("--epochs 1 --batch-size 2", "interrupted", (child) =>
    child.stdout?.on("data", (printed) => {
      if (`${printed}`.includes("Training with batch norm")) setTimeout(() => child.kill("SIGINT"), 1000);
    }),
  );
  expect(code).toBe(130);
  expect(stdout).toContain("Interrupted");
  const { interrupted, training } = readMetrics(out);
  expect(interrupted).toBe(true);
  expect(training.batchNorm?.firstStepLosses.length).toBeGreaterThan(0);
  expect(training.batchNorm?.epochLosses).toEqual([]);
}, 30_000);

it.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)(
  "keeps the epochs that are done at %s, also where nobody reads its output any more",
  async (signal, code) => {
    const out = join(folder, signal);
    const child = start("mnist-batchnorm.ts", ["--epochs", "200", "--train-limit", "1280", "--out", out]);
    child.stdout.on("data", (printed) => {
      if (!`${printed}`.includes("Epoch:2")) return;
      child.stdout.destroy();
      child.kill(signal);
    });
    expect(await once(child, "exit")).toEqual([code, null]);
    const { interrupted, training } = readMetrics(out);
    expect(interrupted).toBe(true);
    expect(training.batchNorm?.epochLosses.length).toBeGreaterThanOrEqual(2);
    expect(readdirSync(out).sort()).toEqual(["metrics.json", "training-losses.png"]);
  },
  30_000,
);

describe("arguments", () => {
  it.each([
    "--epochs 0",
    "--epochs 1.5",
    "--lr fast",
    "--lr -1",
    "--batch-size 1",
    "--hidden ", // nothing
    "--seed -1",
    "--dataset cifar",
    "--train-limit 65",
    "--epochs",
    "--speed 9",
    "extra",
  ])("%s: a usage line and exit code 2", async (args) => {
    const { code, stdout, stderr, out } = await runExample(args, "refused");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/.+\nusage: npm run example[^\n]+\n$/);
    expect(existsSync(out)).toBe(false);
  });

  it("--out that is a file is refused before anything is trained", async () => {
    writeFileSync(join(folder, "a file"), "not a folder");
    const { code, stdout, stderr } = await runExample("--train-limit 128 --epochs 1", "a file");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^--out must be a folder/);
  });

  it("--help explains all of them", async () => {
    const { code, stdout } = await runExample("--help", "none");
    expect(code).toBe(0);
    for (const flag of ["epochs", "lr", "batch-size", "hidden", "seed", "dataset", "data", "train-limit", "out"])
      expect(stdout).toMatch(new RegExp(`^ {2}--${flag} .*\\(.+\\)$`, "m"));
  });

  it("a damaged file is an error that names it and says what to do", async () => {
    const raw = join(folder, "data/FashionMNIST/raw");
    mkdirSync(raw, { recursive: true });
    for (const name of ["images-idx3", "labels-idx1"]) writeFileSync(join(raw, `train-${name}-ubyte`), "neither");
    const { code, stderr, out } = await runExample(`--dataset fashion-mnist --data ${join(folder, "data")}`, "none");
    expect(code).toBe(1);
    expect(stderr).toMatch(/train-images-idx3-ubyte: expected .* delete it/);
    expect(existsSync(out)).toBe(false);
  });
});
