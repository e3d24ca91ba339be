/** Digits as pictures: any size and colour comes to what MNIST has, and the programs do what they say. */
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { asDigit } from "../../examples/support/as-digit.ts";
import { MNIST } from "../../src/data/datasets.ts";
import { loadTensors } from "../../src/data/files.ts";
import { readPng, writePng } from "../../src/data/image.ts";
import { cat, full, nn, ones, stack, type Tensor, zeros } from "../../src/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import { run } from "./run.ts";

const folder = temporaryFolder(afterAll);
const digits = await MNIST.load({ train: false });

/** Test digit k as (28, 28). */
const digitNumber = (k: number): Tensor => digits.get(k)[0].select(0, 0);

/** A grey picture (H, W) as red, green, blue and opacity. */
const coloured = (grey: Tensor): Tensor => stack([grey, grey, grey, ones(grey.shape)]);
const inverted = (grey: Tensor): Tensor => grey.neg().add(1);
const enlarged = (image: Tensor, times: number): Tensor => image.repeatInterleave(times, 0).repeatInterleave(times, 1);

describe("asDigit", () => {
  const variants: Record<string, (image: Tensor) => Tensor> = {
    "as it is": (image) => coloured(image),
    "dark on light": (image) => coloured(inverted(image)),
    "six times as large": (image) => coloured(enlarged(image, 6)),
    "in a corner of a large page": (image) =>
      coloured(nn.functional.pad(inverted(enlarged(image, 3)), [200, 10, 5, 150], "constant", 1)),
    faint: (image) => coloured(image.mul(0.3).add(0.1)),
    "ink on a transparent picture": (image) => cat([zeros([3, 28, 28]), image.unsqueeze(0)]),
  };

  it.each(Object.entries(variants))("%s, a digit comes to what MNIST has", (_, vary) => {
    for (const k of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [digit, found] = [digitNumber(k), asDigit(vary(digitNumber(k)))!];
      expect(found.shape).toEqual([1, 28, 28]);
      const likeness = found.mul(digit).sum().div(found.norm().mul(digit.norm())).item(); // 1 for the same picture
      expect(likeness).toBeGreaterThan(0.9);
    }
  });

  it("is null of an empty picture", () => {
    expect(asDigit(full([4, 10, 10], 1))).toBeNull();
  });

  it("takes a single line, and a single point", () => {
    const line = zeros([30, 30]);
    line.narrow(0, 5, 20).select(1, 15).fill_(1);
    expect(asDigit(coloured(line))?.sum().item()).toBeCloseTo(20);
    const point = zeros([30, 30]);
    point.select(0, 3).select(0, 4).fill_(1);
    expect(asDigit(coloured(point))?.sum().item()).toBeGreaterThan(0);
  });
});

describe("training with Adam, then reading a picture", () => {
  const picture = join(folder, "digit.png");
  const model = join(folder, "model.safetensors");

  it("works, one after the other", async () => {
    const trained = await run("mnist-adam.ts", ["--epochs", "1", "--train-limit", "2560", "--out", folder]);
    expect(trained.stderr).toBe("");
    expect(Number(/Test Accuracy: ([\d.]+) %/.exec(trained.stdout)?.[1])).toBeGreaterThan(85);

    writePng(picture, inverted(enlarged(digitNumber(0), 4))); // a seven, dark on light
    expect(readPng(picture).shape).toEqual([3, 112, 112]);
    const { stdout, code } = await run("classify.ts", [picture, "--model", model]);
    expect(code).toBe(0);
    expect(stdout).toContain("is a 7");
    const shares = [...stdout.matchAll(/^\d .* ([\d.]+) %/gm)].map(([, share]) => Number(share));
    expect(shares).toHaveLength(10);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 0);
  }, 120_000);

  it("keeps the model of the last epoch that was done when it is interrupted", async () => {
    const out = join(folder, "interrupted");
    const args = ["--epochs", "200", "--train-limit", "640", "--out", out];
    const { code, stderr } = await run("mnist-adam.ts", args, (child) =>
      child.stdout?.on("data", (printed) => {
        if (`${printed}`.includes("Epoch 1/200")) child.kill("SIGINT");
      }),
    );
    const path = join(out, "model.safetensors");
    expect(code).toBe(130);
    expect(stderr).toMatch(/^\nInterrupted: .*model\.safetensors has the model after epoch \d+\/200\.\n$/);
    expect(Object.keys(loadTensors(path)).length).toBeGreaterThan(10);
  });

  it.each([
    ["Train a model first", "classify.ts", [picture, "--model", "none"]],
    ["usage: npm run example:classify", "classify.ts", []],
    ["--epochs must be a whole number of at least 1", "mnist-adam.ts", ["--epochs", "none"]],
    ["--train-limit must be a whole number of at least 64", "mnist-adam.ts", ["--train-limit", "63"]],
  ])("says what is missing: %s", async (message, program, args) => {
    expect(await run(program, args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
