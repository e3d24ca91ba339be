/** Classes as vectors. */
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";

/**
 * y[…, k] = 1 where the class x[…] is k, else 0, int32. Mirrors `torch.nn.functional.one_hot`.
 *
 * @param x int32, any shape @param numClasses -1 for one more than the largest class
 * @returns (…, numClasses)
 * @throws for a class that is not in [0, numClasses)
 * @example nn.functional.oneHot(tensor([0, 2], { dtype: "int32" }), 3)
 */
function oneHot(x: Tensor, numClasses: Int = -1): Tensor {
  check(
    x.dtype === "int32",
    () =>
      `one_hot is only applicable to index tensor. That is int32 here, but got ${x.dtype}: convert it, with x.to("int32")`,
  );
  check(x.numel > 0 || numClasses > 0, "Can not infer total number of classes from empty tensor.");
  const classes = elementsOf(x);
  let count = numClasses === -1 ? 0 : numClasses;
  for (const k of classes) {
    check(k >= 0, () => `Class values must be non-negative. It is ${k}`);
    check(
      numClasses === -1 || k < numClasses,
      () => `Class values must be smaller than num_classes. It is ${k} of ${numClasses}`,
    );
    count = Math.max(count, k + 1);
  }
  const y = Tensor.zeros([...x.shape, count], "int32");
  const { data } = y.storage;
  classes.forEach((k, i) => {
    data[i * count + k] = 1;
  });
  return y;
}

export default { oneHot };
