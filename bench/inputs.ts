/** The numbers that a workload is done on, as files that every engine reads. */
import { Net } from "../examples/network.ts";
import { MNIST } from "../src/data/datasets.ts";
import { Generator, manualSeed, rand, randint } from "../src/index.ts";
import type { NamedArray } from "./engine.ts";
import { type ArrayFile, writeArray } from "./serve.ts";
import { HIDDEN, type Input, isTraining, type Workload } from "./workloads.ts";

const SEED = 0;

function draw(input: Input, i: number): NamedArray {
  const generator = new Generator(SEED + i);
  const shape = [...input.shape];
  const drawn =
    "below" in input
      ? randint(0, input.below, shape, { generator })
      : rand(shape, { generator })
          .mul(2 * input.bound)
          .sub(input.bound);
  return { name: `input ${i}`, shape, data: drawn.data as Float32Array | Int32Array };
}

async function mnist(): Promise<NamedArray[]> {
  const { images, targets, length } = await MNIST.load();
  return [
    { name: "images", shape: [length, 784], data: images },
    { name: "labels", shape: [length], data: Uint8Array.from(targets) },
  ];
}

/** The initial weights that PyTorch has for the same seed. */
function initialState(batchNorm: boolean): NamedArray[] {
  manualSeed(SEED);
  return Object.entries(new Net(HIDDEN, batchNorm).stateDict()).flatMap(([name, { shape, dtype, data }]) =>
    dtype === "float32" ? [{ name, shape, data: data as Float32Array }] : [],
  );
}

export async function writeInputs(workload: Workload, folder: string): Promise<ArrayFile[]> {
  const arrays = isTraining(workload)
    ? [...(await mnist()), ...initialState(workload.batchNorm)]
    : workload.inputs.map(draw);
  return arrays.map((array) => writeArray(folder, array));
}
