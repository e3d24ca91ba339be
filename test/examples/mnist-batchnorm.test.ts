/** The example as a user runs it: a program of its own, on the real digits. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Metrics } from "../../examples/support/report.ts";
import golden from "../fixtures/mnist_batchnorm.json" with { type: "json" };

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mnist-batchnorm-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the example; `onOutput` sees what it has printed so far, and may send it a signal. */
function run(args: string[], onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void) {
  return new Promise<Result>((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", "examples/mnist-batchnorm.ts", ...args], { cwd: root });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => {
      stdout += text;
      onOutput?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const readMetrics = (out: string): Metrics => JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));

describe("one epoch of 1,280 images", () => {
  const out = join(folder, "short");
  let result: Result;
  let metrics: Metrics;
  beforeAll(async () => {
    result = await run(["--epochs", "1", "--train-limit", "1280", "--out", out]);
    metrics = readMetrics(out);
  }, 60_000);

  it("ends well, without a word on stderr", () => {
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["batchNorm", golden.bn],
    ["plain", golden.no],
  ] as const)("%s: each of the first 20 step losses is PyTorch's within 1e-5", (network, expected) => {
    const losses = metrics.training[network]?.firstStepLosses;
    expect(losses).toHaveLength(20);
    losses?.forEach((loss, i) => {
      expect(Math.abs(loss - expected.first20[i])).toBeLessThan(1e-5);
    });
  });

  it("prints both models, the epochs and five evaluations", () => {
    const { stdout } = result;
    expect(stdout).toContain(
      "(batch_norm1): BatchNorm1d(256, eps=1e-05, momentum=0.1, affine=True, track_running_stats",
    );
    expect(stdout.match(/^Epoch:1 {3}Training Loss:\d\.\d{6}$/gm)).toHaveLength(2);
    expect(stdout.match(/^Test Loss: \d\.\d{6}$/gm)).toHaveLength(5);
    expect(stdout.match(/^Test Accuracy of {5}\d: +\d+% \(\d+\/\d+\)$/gm)).toHaveLength(50);
    expect(stdout.match(/^Test Accuracy \(Overall\): \d+% \(\d+\/(1280|10000)\)$/gm)).toHaveLength(5);
  });

  it("writes metrics that agree with themselves and with what was printed", () => {
    const { trainSet, testSet } = metrics.evaluation;
    const evaluations = [...Object.values(trainSet), ...Object.values(testSet)];
    expect(evaluations).toHaveLength(5);
    for (const { correct, total, overall, loss } of evaluations) {
      expect(correct.reduce((a, b) => a + b)).toBe(overall);
      expect([1280, 10000]).toContain(total.reduce((a, b) => a + b));
      expect(result.stdout).toContain(`Test Loss: ${loss.toFixed(6)}`);
    }
    expect(testSet.plainEvalMode?.total).toEqual(golden.test_no_eval.total);
    const first = metrics.training.batchNorm;
    expect(first?.epochLosses[0]).toBeCloseTo((first?.firstStepLosses.reduce((a, b) => a + b) ?? 0) / 20, 12);
    expect(metrics.config).toMatchObject({
      epochs: 1,
      lr: 0.01,
      batchSize: 64,
      hidden: 256,
      seed: 0,
      trainLimit: 1280,
    });
  });

  it("draws the chart, and leaves no other file", () => {
    expect(readdirSync(out).sort()).toEqual(["metrics.json", "training-losses.png"]);
    expect([...readFileSync(join(out, "training-losses.png")).subarray(1, 4)]).toEqual(
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
  });
});

it("compares convolutional networks, too, with their own defaults", async () => {
  const out = join(folder, "cnn");
  const { code, stdout, stderr } = await run([
    "--network",
    "cnn",
    "--epochs",
    "1",
    "--train-limit",
    "1280",
    "--out",
    out,
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("(batch_norm1): BatchNorm2d(16, eps=1e-05, momentum=0.1, affine=True, track_running_stats");
  const { config, training } = readMetrics(out);
  expect(config).toMatchObject({ network: "cnn", momentum: 0.9, hidden: 32 });
  const [withBatchNorm, plain] = [training.batchNorm, training.plain].map((run) => run?.epochLosses[0] ?? Number.NaN);
  expect(withBatchNorm).toBeLessThan(plain);
}, 60_000);

it("keeps what was measured when it is interrupted", async () => {
  const out = join(folder, "interrupted");
  const { code, stdout } = await run(["--epochs", "1", "--out", out], (printed, kill) => {
    if (printed.includes("Training with batch norm")) setTimeout(() => kill("SIGINT"), 1000);
  });
  expect(code).toBe(130);
  expect(stdout).toContain("Interrupted");
  const metrics = readMetrics(out);
  expect(metrics.interrupted).toBe(true);
  expect(metrics.training.batchNorm?.firstStepLosses.length).toBeGreaterThan(0);
  expect(metrics.training.batchNorm?.epochLosses).toEqual([]);
}, 30_000);

describe("arguments", () => {
  it.each([
    ["--epochs", "0"],
    ["--epochs", "1.5"],
    ["--lr", "fast"],
    ["--lr", "-1"],
    ["--batch-size", "1"],
    ["--hidden", ""],
    ["--seed", "-1"],
    ["--dataset", "cifar"],
    ["--train-limit", "65"],
    ["--epochs"],
    ["--speed", "9"],
    ["extra"],
  ])("%s %s: a usage line and exit code 2", async (...args) => {
    const out = join(folder, "refused");
    const { code, stdout, stderr } = await run([...args, "--out", out]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/.+\nusage: npm run example[^\n]+\n$/);
    expect(existsSync(out)).toBe(false);
  });

  it("--out that is a file is refused before anything is trained", async () => {
    const out = join(folder, "a file");
    writeFileSync(out, "not a folder");
    const { code, stdout, stderr } = await run(["--train-limit", "128", "--epochs", "1", "--out", out]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^--out must be a folder/);
  });

  it("--help explains all of them", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const flag of ["epochs", "lr", "batch-size", "hidden", "seed", "dataset", "data", "train-limit", "out"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}--${flag} .*\\(.+\\)$`, "m"));
    }
  });

  it("a damaged file is an error that names it and says what to do", async () => {
    const raw = join(folder, "data", "FashionMNIST", "raw");
    mkdirSync(raw, { recursive: true });
    writeFileSync(join(raw, "train-images-idx3-ubyte"), "not images");
    writeFileSync(join(raw, "train-labels-idx1-ubyte"), "not labels");
    const out = join(folder, "none");
    const { code, stderr } = await run(["--dataset", "fashion-mnist", "--data", join(folder, "data"), "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/train-images-idx3-ubyte: expected .* delete it/);
    expect(existsSync(out)).toBe(false);
  });
});
