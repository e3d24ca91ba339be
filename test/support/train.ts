/** Training, as every test of it does it. */
import type { optim, Tensor } from "../../src/index.ts";

/** The loss of each batch, after which the optimizer makes a step. */
export const trainOn = <B>(optimizer: optim.Optimizer<object>, batches: Iterable<B>, lossOf: (batch: B) => Tensor) =>
  Array.from(batches, (batch): Tensor => {
    optimizer.zeroGrad();
    const loss = lossOf(batch);
    loss.backward();
    optimizer.step();
    return loss;
  });
