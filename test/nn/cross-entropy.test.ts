/** CrossEntropyLoss and its gradient are PyTorch's. */
import { describe, expect, it } from "vitest";
import {
  arange,
  type DType,
  grad,
  linspace,
  manualSeed,
  nn,
  ones,
  randint,
  randn,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { expectClose } from "../support/fixtures.ts";
import { observed, torch } from "../support/torch.ts";

interface Options {
  weight?: Tensor;
  ignoreIndex?: number;
  reduction?: "mean" | "sum" | "none";
  labelSmoothing?: number;
}

const answers = new Answers("cross_entropy");
const titles = new Map<string, number>();

function lossCase(name: string, logits: Tensor, target: Tensor, options: Options = {}, dtype: DType = "float32"): void {
  const words = Object.entries(options).map(([key, value]) => (key === "weight" ? key : `${key} ${value}`));
  const title = `${dtype}, ${name}, ${words.join(", ") || "defaults"}`;
  const count = (titles.get(title) ?? 0) + 1;
  titles.set(title, count);
  const isIndices = target.dtype === "int32";
  answers.it(
    count > 1 ? `${title} (${count})` : title,
    () => {
      const z = observed(logits).to(dtype).clone().requiresGrad_();
      const t = isIndices ? target : observed(target).to(dtype).clone().requiresGrad_();
      const weight = options.weight?.to(dtype);
      const loss = new torch.nn.CrossEntropyLoss({ ...options, ...(weight ? { weight } : {}) }).forward(z, t);
      // Not 1, so that a gradient which forgets to multiply by dloss is seen.
      const dloss = linspace(0.5, 2, Math.max(1, loss.numel), { dtype }).slice(0, 0, loss.numel);
      loss.backward(dloss.view(...loss.shape));
      return isIndices ? [loss, z.grad] : [loss, z.grad, t.grad];
    },
    dtype === "float32" ? { atol: 3e-7, rtol: 3e-7 } : { atol: 1e-15, rtol: 1e-15 },
  );
}

/** Every choice of one item of each list. */
const product = <T extends unknown[]>(...lists: { [I in keyof T]: readonly T[I][] }): T[] =>
  lists.reduce<unknown[][]>((chosen, list) => chosen.flatMap((some) => list.map((x) => [...some, x])), [[]]) as T[];

const int32 = (values: Parameters<typeof tensor>[0]) => tensor(values, { dtype: "int32" });
const classWeight = tensor([0.5, 2, 0, 1.25]);
const reductions = ["mean", "sum", "none"] as const;
type Reduction = (typeof reductions)[number];

/** Logits of this shape, indices with one that is 2, the same with one that is -100, and probabilities. */
function inputsOf(shape: number[]) {
  const dim = shape.length === 1 ? 0 : 1;
  const logits = randn(shape).mul(2);
  const indices = randint(0, shape[dim], [...shape.slice(0, dim), ...shape.slice(dim + 1)]);
  if (indices.numel > 1) indices.view(-1).slice(0, 1, 2).fill_(2);
  const ignoring = indices.clone();
  ignoring.view(-1).slice(0, 0, 1).fill_(-100);
  return { logits, indices, ignoring, probabilities: randn(shape).softmax(dim) };
}

describe("CrossEntropyLoss: PyTorch's loss and gradients within 3e-7 (float32) or 1e-15 (float64), relative or absolute", () => {
  manualSeed(0);
  const inputs = {
    "(N, C)": inputsOf([5, 4]),
    "(C)": inputsOf([4]),
    "(N, C, d1)": inputsOf([2, 4, 3]),
    "(N, C, d1, d2)": inputsOf([2, 4, 2, 3]),
  };
  type Shape = keyof typeof inputs;
  const shapes = Object.keys(inputs) as Shape[];
  type TargetName = "indices" | "ignoring" | "probabilities";
  const named = (shape: Shape, target: TargetName, options?: Options, dtype?: DType) =>
    lossCase(`${shape}, ${target}`, inputs[shape].logits, inputs[shape][target], options, dtype);

  for (const [shape, reduction] of product<[Shape, Reduction]>(shapes, reductions)) {
    for (const target of ["indices", "probabilities"] as const) {
      named(shape, target, { reduction, labelSmoothing: 0.1 });
      named(shape, target, { reduction, weight: classWeight });
    }
  }
  const weighings = [{}, { weight: classWeight }];
  for (const [labelSmoothing, reduction, weighed] of product<[number, Reduction, Options]>(
    [0, 0.1, 1],
    reductions,
    weighings,
  )) {
    for (const target of ["indices", "ignoring", "probabilities"] as const)
      named("(N, C)", target, { reduction, labelSmoothing, ...weighed }, "float64");
  }
  for (const shape of shapes) {
    named(shape, "ignoring");
    named(shape, "ignoring", { weight: classWeight, labelSmoothing: 0.1 });
    named(shape, "indices", { ignoreIndex: 2, reduction: "none" });
  }
  for (const [reduction, labelSmoothing] of product<[Reduction, number]>(reductions, [0, 0.1]))
    named("(N, C)", "indices", { reduction, ignoreIndex: 2, labelSmoothing, weight: classWeight });
  named("(N, C)", "ignoring", { ignoreIndex: -100, labelSmoothing: 1 });
  for (const labelSmoothing of [0, 1]) named("(N, C)", "probabilities", { labelSmoothing });
});

describe("CrossEntropyLoss of special numbers", () => {
  const [inf, nan] = [Infinity, Number.NaN];
  const rows = tensor([
    [1, 2, 3],
    [3, 2, 1],
  ]);
  for (const reduction of reductions) {
    for (const labelSmoothing of [0, 0.1]) {
      lossCase("all ignored", rows, int32([1, 1]), { ignoreIndex: 1, reduction, labelSmoothing });
      lossCase("empty batch", zeros([0, 3]), zeros([0], { dtype: "int32" }), { reduction, labelSmoothing });
    }
    lossCase("empty batch of probabilities", zeros([0, 3]), zeros([0, 3]), { reduction });
    lossCase("no positions", zeros([2, 3, 0]), zeros([2, 0], { dtype: "int32" }), { reduction });
    const weight = tensor([0, 1]);
    lossCase(
      "all of weight 0",
      tensor([
        [1, 2],
        [3, 4],
      ]),
      int32([0, 0]),
      { reduction, weight },
    );
  }
  lossCase("one logit of -100 ignored", tensor([1, 2, 3]), int32(-100));
  for (const options of [{}, { labelSmoothing: 0.1 }]) {
    const logits = tensor([
      [1, 2, 3],
      [4, 4, 4],
    ]);
    lossCase("an ignored class beyond the last", logits, int32([7, 2]), { ignoreIndex: 7, ...options });
  }
  lossCase("one class", tensor([[5], [-3]]), int32([0, 0]));
  for (const dtype of ["float32", "float64"] as const) {
    const huge = tensor([[1000, 0]]);
    lossCase("a huge logit, right", huge, int32([0]), {}, dtype);
    lossCase("a huge logit, wrong", huge, int32([1]), {}, dtype);
    lossCase("a huge logit, wrong, smoothed", huge, int32([1]), { labelSmoothing: 0.1 }, dtype);
    lossCase("the largest logits", tensor([[3e38, -3e38, 0]], { dtype }), int32([2]), {}, dtype);
    lossCase(
      "equal logits",
      tensor([
        [700, 700, 700],
        [-700, -700, -700],
      ]),
      int32([0, 1]),
      {},
      dtype,
    );
    const wide = tensor(
      [
        [-80, 0, 80],
        [1e-30, 0, -1e-30],
      ],
      { dtype },
    );
    lossCase("a wide spread", wide, int32([0, 1]), { reduction: "none" }, dtype);
  }
  const never = tensor([[-inf, 0]]);
  lossCase("a logit of -inf, not the target", never, int32([1]));
  lossCase("a logit of -inf, the target", never, int32([0]));
  lossCase("a logit of -inf, smoothed", never, int32([1]), { labelSmoothing: 0.1 });
  lossCase("a logit of -inf where the probability is 0", never, tensor([[0, 1]]));
  lossCase(
    "all logits -inf",
    tensor([
      [-inf, -inf],
      [0, 0],
    ]),
    int32([0, 0]),
    { reduction: "none" },
  );
  lossCase("a logit of inf", tensor([[inf, 0]]), int32([0]));
  const unknown = tensor([
    [nan, 0],
    [1, 2],
  ]);
  lossCase("a logit of NaN in one row", unknown, int32([0, 1]), { reduction: "none" });
  lossCase("an ignored row of NaN", unknown, int32([-100, 1]));
  lossCase(
    "one-hot probabilities",
    rows,
    tensor([
      [0, 1, 0],
      [1, 0, 0],
    ]),
  );
  lossCase(
    "probabilities that do not sum to 1",
    rows,
    tensor([
      [2, 1, 0],
      [0.1, -0.5, 0.1],
    ]),
  );
});

/** Of logits that are zeros. */
const refused = (name: string, shape: number[], target: Tensor, options: Options = {}, words?: string) =>
  answers.it(
    `error of ${name}`,
    () => torch.error(() => new torch.nn.CrossEntropyLoss(options).forward(zeros(shape), target), "\n"),
    words === undefined ? {} : { ownWords: words },
  );

describe("what CrossEntropyLoss refuses, in PyTorch's words", () => {
  refused("index C", [2, 3], int32([0, 3]));
  refused("index -1", [2, 3], int32([0, -1]));
  refused("-100, if another class is ignored", [2, 3], int32([0, -100]), { ignoreIndex: 1 });
  refused("index C of (C)", [3], int32(3));
  refused("index C, smoothed", [2, 3], int32([0, 3]), { labelSmoothing: 0.1 });
  refused("index C in more dimensions", [1, 3, 2], int32([[3, 0]]));
  refused("too many indices", [2, 3], int32([0, 1, 2]));
  refused("too few positions", [2, 3, 4], zeros([2, 3], { dtype: "int32" }));
  refused("too many positions", [2, 3, 4], zeros([2, 5], { dtype: "int32" }));
  refused("another batch size and number of positions", [2, 3, 4], zeros([3, 5], { dtype: "int32" }));
  refused("no positions at all", [2, 3, 4], int32([0, 1]));
  refused("weight too short", [2, 3], int32([0, 1]), { weight: ones(2) });
  refused("weight of two dimensions", [2, 3], int32([0, 1]), { weight: ones([3, 1]) });
  refused("label_smoothing above 1", [2, 3], int32([0, 1]), { labelSmoothing: 1.5 });
  refused("label_smoothing 2", [2, 3], zeros([2, 3]), { labelSmoothing: 2 });
  refused("ignore_index with probabilities", [2, 3], zeros([2, 3]), { ignoreIndex: 1 });
  refused("indices that are floats", [2, 3], zeros([2]));
});

describe("what it refuses as PyTorch does, in words of its own, as PyTorch's depend on which kernel notices", () => {
  refused(
    "weight too short for probabilities",
    [2, 3],
    zeros([2, 3]),
    { weight: ones(2) },
    "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [2]",
  );
  refused("a target with the class dimension", [2, 3], int32([[0], [1]]), {}, "Expected target size [2], got [2, 1]");
  refused("a scalar target", [2, 3], int32(1), {}, "Expected target size [2], got []");
  refused("indices for (C)", [3], int32([0, 1]), {}, "Expected target size [], got [2]");
  refused(
    "another size in 4 dimensions",
    [2, 3, 4, 5],
    zeros([2, 4, 4], { dtype: "int32" }),
    {},
    "Expected target size [2, 4, 5], got [2, 4, 4]",
  );
  refused(
    "probabilities of another shape",
    [2, 3],
    zeros([2, 4]),
    {},
    "class probabilities have the shape of the logits, [2, 3], but this target has [2, 4]",
  );
  refused("scalar logits", [], int32(0), {}, "cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar");
});

describe("properties, within 1e-6", () => {
  const criterion = new nn.CrossEntropyLoss({ reduction: "none", labelSmoothing: 0.2 });
  const labels = tensor([2, 0, 1, 2], { dtype: "int32" });
  manualSeed(0);
  const logits = randn([4, 3], { requiresGrad: true });

  it("the loss does not change when a number is added to all logits of a sample", () => {
    const shift = tensor([[1], [-5], [0], [20]]);
    expectClose(criterion.forward(logits.add(shift), labels), criterion.forward(logits, labels), { atol: 1e-6 });
  });

  it("a class index is the same target as probability 1 of that class", () => {
    const oneHot = labels.unsqueeze(1).eq(arange(3)).to("float32");
    expectClose(criterion.forward(logits, oneHot), criterion.forward(logits, labels), { atol: 1e-6 });
  });

  it("the gradients of a sample's logits sum to 0", () => {
    const [dlogits] = grad(criterion.forward(logits, labels).sum(), [logits]);
    expectClose(dlogits.sum(1), [0, 0, 0, 0], { atol: 1e-6 });
  });

  it("a reduction that there is none of is refused", () => {
    const options = JSON.parse('{"reduction":"average"}');
    expect(() => nn.functional.crossEntropy(logits, labels, options)).toThrow(
      "average is not a valid value for reduction",
    );
  });
});
