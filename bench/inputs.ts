/** The numbers that a workload is done on, as files that every engine reads. */
import { Net } from "../examples/network.ts";
import { MNIST } from "../src/data/datasets.ts";
import { Generator, manualSeed, rand } from "../src/index.ts";
import type { NamedArray } from "./engine.ts";
import { type ArrayFile, writeArray } from "./serve.ts";
import { HIDDEN, isTraining, type Workload } from "./workloads.ts";

const SEED = 0;

/** Uniform on ±1: half of what relu sees is negative. */
function uniform(shape: readonly number[], i: number): NamedArray {
  const generator = new Generator(SEED + i);
  return {
    name: `input ${i}`,
    shape,
    data: rand([...shape], { generator })
      .mul(2)
      .sub(1).data as Float32Array,
  };
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
    : workload.shapes.map(uniform);
  return arrays.map((array) => writeArray(folder, array));
}
