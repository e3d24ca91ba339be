/** Training, as every test of it does it. */
import type { optim, Tensor } from "../../src/index.ts";

/** The loss of each batch, after which the optimizer makes a step. */
export const trainOn = <Batch>(
  optimizer: optim.Optimizer<object>,
  batches: Iterable<Batch>,
  lossOf: (batch: Batch) => Tensor,
): Tensor[] =>
  Array.from(batches, (batch) => {
    optimizer.zeroGrad();
    const loss = lossOf(batch);
    loss.backward();
    optimizer.step();
    return loss;
  });
