/** Training and testing, the same for all experiments. */
import { Generator, nn, noGrad, optim, randint } from "lucidgrad";
import type { Data, Digits } from "./digits.ts";

export interface TrainingSettings {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly lr: number;
}

const criterion = new nn.CrossEntropyLoss();

/**
 * Trains with plain SGD on random batches, the same ones for the same seed, whatever the network.
 *
 * @param watch is told after each step, counted from 1
 * @returns the loss of each step; after a loss that is not finite it ends, and the rest are NaN
 */
export function train(
  model: nn.Module,
  { images, labels }: Digits,
  { seed, steps, batchSize, lr }: TrainingSettings,
  watch?: (step: number) => void,
): number[] {
  const generator = new Generator(seed);
  const optimizer = new optim.SGD(model.parameters(), { lr });
  const losses = new Array<number>(steps).fill(Number.NaN);
  model.train();
  for (let step = 1; step <= steps; step++) {
    const batch = randint(0, labels.numel, [batchSize], { generator });
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(images.index(batch)), labels.index(batch));
    if (!Number.isFinite(loss.item())) break;
    loss.backward();
    optimizer.step();
    losses[step - 1] = loss.item();
    watch?.(step);
  }
  return losses;
}

/** The mean loss of the last fifth of the steps: one batch alone is too noisy. NaN if training diverged. */
function finalLoss(losses: readonly number[]): number {
  const last = losses.slice(-Math.max(1, Math.floor(losses.length / 5)));
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

/** The share of digits that are read correctly, in the mode that the model is in, `batchSize` at a time. */
export function accuracy(model: nn.Module, { images, labels }: Digits, batchSize = labels.numel): number {
  let right = 0;
  for (let start = 0; start + batchSize <= labels.numel; start += batchSize) {
    const output = noGrad(() => model.forward(images.narrow(0, start, batchSize)));
    right += output
      .argmax(1)
      .eq(labels.narrow(0, start, batchSize))
      .sum()
      .item();
  }
  return right / (labels.numel - (labels.numel % batchSize));
}

export interface Trained {
  /** The final loss; null if training diverged. */
  readonly loss: number | null;
  /** Of the test digits, in eval mode. */
  readonly testAccuracy: number;
}

/** What most experiments do with a network. */
export function trainAndTest(model: nn.Module, { train: digits, test }: Data, settings: TrainingSettings): Trained {
  const loss = finalLoss(train(model, digits, settings));
  return { loss: Number.isNaN(loss) ? null : loss, testAccuracy: accuracy(model.eval(), test) };
}
