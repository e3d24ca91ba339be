/** summary: a network as a table of its layers, what comes out of each, how many numbers it learns and how much it computes. */
import { noGrad } from "../autograd/grad-mode.ts";
import { Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d } from "../nn/convolution.ts";
import { contentsOf } from "../nn/fields.ts";
import { Linear } from "../nn/linear.ts";
import type { Module } from "../nn/module.ts";
import { GRU, LSTM, RNN } from "../nn/recurrent.ts";
import { GRUCell, LSTMCell, RNNCell } from "../nn/recurrent-cells.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, numelOf, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A line of the table. */
export interface LayerSummary {
  /** As in `namedModules`: "" is the network itself. */
  readonly name: string;
  /** The class. */
  readonly type: string;
  /** Of the last call, and of its first tensor; null if the layer was never called, which a container is not. */
  readonly outputShape: Shape | null;
  /** How many numbers the layer learns by itself, without those of the layers in it. */
  readonly parameters: number;
  /** Of all its calls, in its own products. */
  readonly multiplyAdds: number;
}

/**
 * What `summary` returns; printed, it is a table.
 * @example
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU());
 * const table = summary(model, [1, 4]);
 * console.log(table instanceof NetworkSummary, table.parameters, table.layers[1].outputShape);
 */
export class NetworkSummary {
  /** In the order of `namedModules`, the network itself first. */
  readonly layers: readonly LayerSummary[];
  /** How many numbers the network learns. */
  readonly parameters: number;
  /** Of all layers, for the input that `summary` was told. */
  readonly multiplyAdds: number;

  constructor(layers: readonly LayerSummary[]) {
    this.layers = layers;
    this.parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
    this.multiplyAdds = layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
  }

  /** The table. */
  toString(): string {
    const rows = this.layers.map(({ name, type, outputShape, parameters, multiplyAdds }) => [
      name === "" ? type : `${"  ".repeat(name.split(".").length)}${name} (${type})`,
      outputShape ? formatShape(outputShape) : "-",
      count(parameters),
      count(multiplyAdds),
    ]);
    const table = [
      ["Layer", "Output shape", "Parameters", "Multiply-adds"],
      ...rows,
      ["Total", "", count(this.parameters), count(this.multiplyAdds)],
    ];
    const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
    const line = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
    const texts = table.map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
    );
    return [texts[0], line, ...texts.slice(1, -1), line, texts[texts.length - 1]].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** What `summary` may be told. */
export interface SummaryOptions {
  /** Of the input: "int32" for an Embedding. Default: "float32". */
  dtype?: DType;
}

/**
 * Runs a network once on zeros, in eval mode and without recording, and reports each layer. The network is as before
 * afterwards. Multiply-adds are those of Linear, convolution and recurrent layers, one a weight and position; the rest of the
 * arithmetic is not counted, nor are products in a forward of your own. Mirrors `torchinfo.summary`.
 *
 * @param inputShape of the one input, the batch included
 * @example
 * const pixels = 8 * 26 * 26;
 * const model = new nn.Sequential(new nn.Conv2d(1, 8, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(pixels, 10));
 * console.log(summary(model, [1, 1, 28, 28]));
 */
export function summary(model: Module, inputShape: Shape, options?: SummaryOptions): NetworkSummary {
  const { dtype } = readOptions(options, { dtype: "float32" });
  const modules = model.namedModules();
  const calls = new Map<Module, Call[]>(modules.map(([, module]) => [module, []]));
  const handles = modules.map(([, module]) =>
    module.registerForwardHook((_, inputs, output) => {
      calls.get(module)?.push({ input: shapeOf(inputs), output: shapeOf(output) });
    }),
  );
  const modes = modules.map(([, module]) => module.training);
  try {
    model.eval();
    noGrad(() => model.forward(zeros(inputShape, { dtype })));
  } finally {
    for (const handle of handles) handle.remove();
    for (const [i, [, module]] of modules.entries()) module.training = modes[i];
  }
  const counted = new Set<Tensor>(); // a weight that layers share counts once
  return new NetworkSummary(
    modules.map(([name, module]) => {
      const own = module
        .parameters({ recurse: false })
        .filter((parameter) => !counted.has(parameter) && counted.add(parameter));
      const made = calls.get(module) ?? [];
      return {
        name,
        type: module.constructor.name,
        outputShape: made.at(-1)?.output ?? null,
        parameters: own.reduce((sum, { numel }) => sum + numel, 0),
        multiplyAdds: made.reduce((sum, call) => sum + multiplyAdds(module, call), 0),
      };
    }),
  );
}

/** The shape of a tensor, or of the first in an array or object; null if there is none. */
function shapeOf(value: unknown): Shape | null {
  const [first] = contentsOf("", value).flatMap((content) => (content.value instanceof Tensor ? [content.value] : []));
  return first?.shape ?? null;
}

/** What a module was called with and gave, as far as these were tensors. */
interface Call {
  readonly input: Shape | null;
  readonly output: Shape | null;
}

const recurrentLayers = [RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell];

/**
 * Each weight is used once at every position: of the output, or of the input that a transposed convolution spreads out; of a
 * recurrent layer, once at every step of every sample.
 */
function multiplyAdds(layer: Module, { input, output }: Call): number {
  if (recurrentLayers.some((Class) => layer instanceof Class)) {
    const matrices = layer.parameters().filter(({ ndim }) => ndim === 2);
    return matrices.reduce((sum, { numel }) => sum + numel, 0) * numelOf(input?.slice(0, -1) ?? [0]);
  }
  const isTransposed = layer instanceof ConvTranspose1d || layer instanceof ConvTranspose2d;
  if (!(isTransposed || layer instanceof Linear || layer instanceof Conv1d || layer instanceof Conv2d)) return 0;
  const { weight } = layer;
  const shape = isTransposed ? input : output;
  if (!shape) return 0;
  const channels = shape[shape.length - (weight.ndim - 1)]; // (…, C, L) for weights (O, C, K), (…, C) for (O, C)
  return weight.numel * (numelOf(shape) / channels);
}

const count = (value: number): string => value.toLocaleString("en-US");
