/** Averages of the weights that a model has in the course of its training, and batch norm's statistics for them. */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { add, div, sub } from "../autograd/ops/elementwise.ts";
import { copyInto } from "../tensor/apply.ts";
import { zeros } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constant_ } from "./init.ts";
import { Module } from "./module.ts";
import { BatchNorm1d, BatchNorm2d } from "./normalization.ts";

/** The next average of a parameter, given that of the first `count` models (a scalar) and the parameter of the next one. */
export type Averaging = (average: Tensor, parameter: Tensor, count: Tensor) => Tensor;

/** What AveragedModel may be told. */
export interface AveragedModelOptions {
  /** How to average. Default: null, a ← a + (p - a) / (count + 1): all models count the same. */
  avgFn?: Averaging | null;
  /** Whether to average buffers, too. Default: false: they stay what they were, and `updateBn` computes those of batch norm. */
  useBuffers?: boolean;
}

const equally: Averaging = (average, parameter, count) => add(average, div(sub(parameter, average), add(count, 1)));

/**
 * A copy of a model whose parameters become averages of those that the model has, as often as it is told to look. Mirrors
 * `torch.optim.swa_utils.AveragedModel` (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407).
 * @example
 * const model = new nn.Linear(1, 1, { bias: false });
 * const average = new optim.swaUtils.AveragedModel(model);
 * for (const weight of [1, 2, 6]) {
 *   nn.init.constant_(model.weight, weight);
 *   average.updateParameters(model);
 * }
 * console.log(average.stateDict());
 */
export class AveragedModel<Model extends Module = Module> extends Module {
  /** The averages, in a copy of the model. */
  readonly module: Model;
  /** How many models have been averaged, a scalar. */
  readonly nAveraged: Tensor;
  protected readonly avgFn: Averaging;
  /** Whether buffers are averaged, too. */
  readonly useBuffers: boolean;

  constructor(model: Model, options?: AveragedModelOptions) {
    super();
    const { avgFn, useBuffers } = readOptions(options, { avgFn: null, useBuffers: false });
    this.module = model.deepcopy();
    this.nAveraged = this.registerBuffer("nAveraged", zeros([], { dtype: "int32" }));
    this.avgFn = avgFn ?? equally;
    this.useBuffers = useBuffers;
  }

  override forward(...inputs: Parameters<Model["forward"]>): ReturnType<Model["forward"]> {
    return this.module.forward(...inputs);
  }

  /** Counts the model's parameters into the averages; the first ones are copied. */
  updateParameters(model: Module): void {
    const averaged = (module: Module) => [...module.parameters(), ...(this.useBuffers ? module.buffers() : [])];
    const current = averaged(model);
    const count = this.nAveraged.item();
    noGrad(() => {
      for (const [i, average] of averaged(this.module).entries()) {
        const parameter = detach(current[i]);
        copyInto(average, count === 0 ? parameter : this.avgFn(detach(average), parameter, this.nAveraged));
      }
      constant_(this.nAveraged, count + 1);
    });
  }
}

/** A batch as a loader gives it: the input, or a list that begins with it. */
type Batch = Tensor | readonly [Tensor, ...unknown[]] | readonly Tensor[];

/**
 * Gives each batch norm of the model the statistics of all batches of a loader, each counting the same: those that it has are of
 * other weights, where these are averages. Mirrors `torch.optim.swa_utils.update_bn`.
 * @example
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
 * const loader = new DataLoader(new TensorDataset(randn([8, 2]), randn([8, 1])), { batchSize: 4 });
 * optim.swaUtils.updateBn(loader, model);
 * console.log(model.getBuffer("1.num_batches_tracked"));
 */
export function updateBn(loader: Iterable<Batch>, model: Module): void {
  const layers = model.modules().filter((module) => module instanceof BatchNorm1d || module instanceof BatchNorm2d);
  if (layers.length === 0) return;
  const momenta = layers.map(({ momentum }) => momentum);
  const setMomentum = (layer: Module, momentum: number | null) => Object.assign(layer, { momentum });
  const { training } = model;
  model.train();
  for (const layer of layers) {
    layer.resetRunningStats();
    setMomentum(layer, null); // a plain average
  }
  try {
    noGrad(() => {
      for (const batch of loader) model.forward(Array.isArray(batch) ? batch[0] : batch);
    });
  } finally {
    for (const [i, layer] of layers.entries()) setMomentum(layer, momenta[i]);
    model.train(training);
  }
}
