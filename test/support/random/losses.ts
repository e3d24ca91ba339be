/** Random losses, with all options, of inputs and targets that fit or broadcast, with special numbers among them. */
import type { DType, nn, Tensor } from "../../../src/index.ts";
import { torch } from "../torch.ts";
import type { RandomCase } from "./disagreements.ts";
import type { Draw } from "./draw.ts";
import { inputOf, numbersOf, plain, probability, toleranceFor } from "./inputs.ts";

const reduction = ["none", "mean", "sum"];

interface Loss {
  readonly settings: Readonly<Record<string, readonly unknown[]>>;
  readonly input?: (draw: Draw) => number;
  readonly target?: (draw: Draw) => number;
  /** Names of options that are factors. */
  readonly factors?: readonly string[];
}

const ofElements: Record<string, Loss> = {
  MSELoss: { settings: { reduction } },
  L1Loss: { settings: { reduction } },
  SmoothL1Loss: { settings: { reduction, beta: [0.5, 2, 0] } },
  HuberLoss: { settings: { reduction, delta: [0.5, 2] } },
  BCELoss: { settings: { reduction }, input: probability, target: probability, factors: ["weight"] },
  BCEWithLogitsLoss: { settings: { reduction }, target: probability, factors: ["weight", "posWeight"] },
  KLDivLoss: { settings: { reduction: [...reduction, "batchmean"], logTarget: [true, false] }, target: probability },
};

type Losses = Record<string, new (options: object) => nn.Module>;
const losses = torch.nn as unknown as Losses;

const factorsFor = (draw: Draw, names: readonly string[], shape: readonly number[], dtype: DType) =>
  Object.fromEntries(
    names
      .filter(() => draw.isOneIn(3))
      .map((name) => [name, numbersOf(draw, shape.slice(-1), dtype, probability)] as const),
  );

function outcomeOf(draw: Draw, loss: nn.Module, inputs: readonly Tensor[], dtype: DType): unknown {
  const y = loss.forward(...inputs);
  const leaves = inputs.filter(({ dtype }) => dtype !== "int32");
  return [y, torch.gradients(y.mul(numbersOf(draw, y.shape, dtype)).sum(), leaves)];
}

function lossOfElements(draw: Draw, dtype: DType): unknown {
  const name = draw.oneOf(Object.keys(ofElements));
  const { settings, input = plain, target = plain, factors = [] } = ofElements[name];
  const shape = draw.several(draw.below(4), () => draw.oneOf([1, 2, 3, 3, 0]));
  const other = name.startsWith("B") || !draw.isOneIn(4) ? shape : shape.slice(1);
  const options = { ...draw.settings(settings), ...factorsFor(draw, factors, shape, dtype) };
  return outcomeOf(
    draw,
    new losses[name](options),
    [inputOf(draw, shape, dtype, input), inputOf(draw, other, dtype, target)],
    dtype,
  );
}

function lossOfClasses(draw: Draw, dtype: DType): unknown {
  const name = draw.oneOf(["NLLLoss", "CrossEntropyLoss", "CrossEntropyLoss"]);
  const classes = draw.oneOf([1, 2, 4]);
  const rest = draw.several(draw.below(3), () => draw.oneOf([1, 2, 3]));
  const sizes = draw.isOneIn(5) ? [] : [draw.oneOf([1, 3, 0])];
  const positions = sizes.length === 0 ? [] : [...sizes, ...rest];
  const shape = sizes.length === 0 ? [classes] : [...sizes, classes, ...rest];
  const areProbabilities = name === "CrossEntropyLoss" && draw.isOneIn(3);
  const smoothing = name === "CrossEntropyLoss" ? { labelSmoothing: [0.1, 1, 0] } : {};
  const ignored = areProbabilities ? {} : { ignoreIndex: [0, 1, -1] };
  const options = {
    ...draw.settings({ reduction, ...smoothing, ...ignored }),
    ...factorsFor(draw, ["weight"], [classes], dtype),
  };
  const input = inputOf(draw, shape, dtype);
  const count = positions.reduce((a, b) => a * b, 1);
  const indices = draw.several(count, () => (draw.isOneIn(6) ? draw.oneOf([-100, 0, 1]) : draw.below(classes)));
  const target = areProbabilities
    ? inputOf(draw, shape, dtype, probability)
    : torch.tensor(indices, { dtype: "int32" }).view(positions);
  return outcomeOf(draw, new losses[name](options), [input, target], dtype);
}

export function randomLoss(draw: Draw): Pick<RandomCase, "run" | "comparing"> {
  const dtype = draw.oneOf(["float32", "float64"] as const);
  const loss = draw.oneOf([lossOfElements, lossOfClasses]);
  return { run: () => loss(draw, dtype), comparing: toleranceFor(dtype) };
}
