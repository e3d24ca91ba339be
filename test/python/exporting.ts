/** Models as programs for PyTorch, which is asked what they give there, and how their training goes. */
import {
  DataLoader,
  Generator,
  manualSeed,
  type nn,
  noGrad,
  randperm,
  safetensors,
  stack,
  type Tensor,
} from "../../src/index.ts";
import type { ModelInput, MovingDims } from "../../src/python/examples.ts";
import { movingDims } from "../../src/python/examples.ts";
import { inPython, type ToPyTorchOptions } from "../../src/python/in-python.ts";
import { modelInPython } from "../../src/python/model.ts";
import { type Answers, torch } from "../support/index.ts";
import { trained, written } from "../support/torch.ts";

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString("base64");

/** The text of model.py. */
export const sourceOf = (model: nn.Module, inputs: readonly ModelInput[], moving?: MovingDims): string =>
  modelInPython(model, inputs, movingDims(inputs, moving)).source;

/** Asks what a model gives in PyTorch for other inputs than those that it was traced with. */
export function asksFor(
  answers: Answers,
  name: string,
  model: nn.Module,
  inputs: readonly ModelInput[],
  others: readonly ModelInput[],
  moving?: MovingDims,
): void {
  model.train();
  const source = sourceOf(model, inputs, moving);
  written.set(source, model);
  const weights = base64(safetensors.serialize(model.stateDict()));
  answers.it(name, () => torch.inPython(source, weights, others));
}

/** A training: the samples, the first dimension of all tensors, and what a model makes of a batch of them. */
export interface Task {
  readonly model: nn.Module;
  readonly inputs: readonly (Tensor | readonly Tensor[])[];
  readonly lossOf: (output: Tensor, target: Tensor) => Tensor;
  /** Both are in the options, too: here for what train.py does with them. */
  readonly optimizer: { zeroGrad(): void; step(closure: () => Tensor): Tensor | undefined };
  readonly afterStep?: () => void;
  readonly afterEpoch?: (loss: number) => void;
  /** The target that train.py draws, if the options have none. */
  readonly drawn?: Tensor;
  readonly options: ToPyTorchOptions & { batchSize: number; epochs: number };
}

/** Asks how train.py trains it, in one process and as many as are said. */
export function asksToTrain(answers: Answers, name: string, task: Task, processes: readonly number[] = [1, 2]): void {
  const files = Object.entries(inPython(task.model, task.inputs, task.options));
  const contents = files.map(([file, content]) => [file, base64(content)] as const);
  const losses = train(task);
  trained.set(
    contents[0][1],
    processes.map(() => losses),
  );
  answers.it(name, () => torch.trains(contents, processes));
}

/** The training of train.py: the mean loss of each epoch. */
function train({ model, inputs, lossOf, optimizer, afterStep, afterEpoch, drawn, options }: Task): number[] {
  const { batchSize, epochs } = options;
  const target = (options.target ?? drawn)!;
  model.train();
  manualSeed(0);
  const samples = Array.from({ length: target.shape[0] }, (_, i) => i);
  return Array.from({ length: epochs }, (_, epoch) => {
    const order = randperm(samples.length, { generator: new Generator(epoch) });
    const sampler = Array.from(order.data);
    const losses: number[] = [];
    const collateFn = (batch: number[]) => batch;
    for (const batch of new DataLoader<number, number[]>(samples, { batchSize, sampler, collateFn })) {
      const pick = (x: Tensor | readonly Tensor[]) =>
        Array.isArray(x) ? batch.map((i) => x[i]) : noGrad(() => stack(batch.map((i) => (x as Tensor).select(0, i))));
      const loss = optimizer.step(() => {
        const loss = lossOf(model.forward(...inputs.map(pick)), pick(target) as Tensor);
        optimizer.zeroGrad();
        loss.backward();
        return loss;
      });
      afterStep?.();
      losses.push(loss!.item());
    }
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    afterEpoch?.(mean);
    return mean;
  });
}
