/**
 * Random losses, with all options, of inputs and targets that fit or broadcast, with special numbers among them. Gradients that
 * differ by docs/differences.md are not compared.
 */
import type { DType, nn, Tensor } from "../../../src/index.ts";
import { torch, unobserved } from "../torch.ts";
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
  /** Which of its gradients are not PyTorch's, by docs/differences.md. */
  readonly differing?: (pair: Pair, options: Readonly<Record<string, unknown>>) => readonly Tensor[];
}

/** An input and its target. */
type Pair = readonly [Tensor, Tensor];

const areEqualSomewhere = ([x, t]: Pair): boolean => unobserved(x).eq(unobserved(t)).any().item() === 1;

/** Whether binary cross entropy divides by its constant, which PyTorch rounds to float32. */
const isConstantRounded = (x: Tensor): boolean =>
  x.dtype === "float64" && Array.from(unobserved(x).data).some((p) => p * (1 - p) < 1e-12);

const ofElements: Record<string, Loss> = {
  MSELoss: { settings: { reduction } },
  L1Loss: { settings: { reduction } },
  SmoothL1Loss: {
    settings: { reduction, beta: [0.5, 2, 0] },
    differing: (pair, { beta }) => (beta === 0 && areEqualSomewhere(pair) ? pair : []),
  },
  HuberLoss: { settings: { reduction, delta: [0.5, 2] } },
  BCELoss: {
    settings: { reduction },
    input: probability,
    target: probability,
    factors: ["weight"],
    differing: ([x]) => (isConstantRounded(x) ? [x] : []),
  },
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

function outcomeOf(
  draw: Draw,
  loss: nn.Module,
  inputs: Pair,
  dtype: DType,
  differing: readonly Tensor[] = [],
): unknown {
  const y = loss.forward(...inputs);
  const leaves = inputs.filter((x) => x.dtype !== "int32" && !differing.includes(x));
  const whole = y.mul(numbersOf(draw, y.shape, dtype)).sum();
  return [y, leaves.length > 0 ? torch.gradients(whole, leaves) : null];
}

function lossOfElements(draw: Draw, dtype: DType): unknown {
  const name = draw.oneOf(Object.keys(ofElements));
  const { settings, input = plain, target = plain, factors = [], differing } = ofElements[name];
  const shape = draw.several(draw.below(4), () => draw.oneOf([1, 2, 3, 3, 0]));
  const other = name.startsWith("B") || !draw.isOneIn(4) ? shape : shape.slice(1);
  const options = { ...draw.settings(settings), ...factorsFor(draw, factors, shape, dtype) };
  const pair: Pair = [inputOf(draw, shape, dtype, input), inputOf(draw, other, dtype, target)];
  return outcomeOf(draw, new losses[name](options), pair, dtype, differing?.(pair, options));
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
