/** CIFAR-10 (Krizhevsky 2009), as its binary version has it: a label and 3 x 32 x 32 bytes, again and again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stack, type Tensor, tensor } from "lucidgrad";
import type { Labelled } from "./augmented.ts";

export const CIFAR10 = "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck".split(",");
const SIZE = 32;
const BYTES = 3 * SIZE * SIZE;

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new Error(
      `There is no ${path}. The binary version of CIFAR-10, unpacked, has it: https://www.cs.toronto.edu/~kriz/cifar.html`,
    );
  }
}

/** The first `limit` pictures of each class. @throws if a file is missing, or is not one of CIFAR-10's */
export function readCifar10(folder: string, part: "train" | "test", limit: number): Labelled {
  const names = part === "test" ? ["test_batch"] : [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);
  const found = CIFAR10.map(() => 0);
  const pictures: Tensor[] = [];
  const labels: number[] = [];
  for (const path of names.map((name) => join(folder, `${name}.bin`))) {
    const bytes = readFile(path);
    for (let at = 0; at < bytes.length; at += 1 + BYTES) {
      const label = bytes[at];
      if (label >= CIFAR10.length || at + BYTES >= bytes.length) throw new Error(`${path} is not a file of CIFAR-10`);
      if (found[label]++ >= limit) continue;
      pictures.push(
        tensor([...bytes.subarray(at + 1, at + 1 + BYTES)])
          .view(3, SIZE, SIZE)
          .div(255),
      );
      labels.push(label);
    }
  }
  return { pictures: stack(pictures), labels: tensor(labels, { dtype: "int32" }) };
}
