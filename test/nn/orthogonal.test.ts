/** Orthogonal weights: PyTorch's start, state, values and gradients, for each map, and what keeps being true of them. */
import { expect, it } from "vitest";
import { allclose, eye, manualSeed, nn, optim, randn, type Tensor } from "../../src/index.ts";
import { Answers, product, torch } from "../support/index.ts";

const answers = new Answers("orthogonal");
const { Conv1d, Linear } = torch.nn;
const { removeParametrizations } = torch.nn.utils.parametrize;
const { orthogonal } = torch.nn.utils.parametrizations;

const dtype = "float64";
manualSeed(0);
const x = (columns: number) => randn([5, columns], { dtype });
const inputs: Record<string, Tensor> = { square: x(3), tall: x(2), wide: x(4), batch: randn([1, 3, 6], { dtype }) };

const layers: Record<string, () => nn.Module> = {
  square: () => new Linear(3, 3, { dtype }),
  tall: () => new Linear(2, 4, { dtype }),
  wide: () => new Linear(4, 2, { dtype }),
  batch: () => new Conv1d(3, 2, 2, { dtype }), // two matrices (3, 2)
};

/** What it is at first, and what two steps of training make of it. */
function trained(layer: nn.Module, input: Tensor) {
  const before = [String(layer), layer.stateDict()];
  const optimizer = new torch.optim.SGD(layer.parameters(), { lr: 0.1 });
  const outputs: Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    const output = layer.forward(input);
    output.pow(3).sum().backward();
    optimizer.step();
    outputs.push(output);
  }
  const gradients = layer.parameters().map(({ grad }) => grad);
  const after = layer.stateDict();
  removeParametrizations(layer, "weight");
  return [before, outputs, gradients, after, layer.stateDict()];
}

const maps = [null, "matrixExp", "cayley", "householder"] as const;
for (const [name, orthogonalMap, useTrivialization] of product(Object.keys(layers), maps, [true, false])) {
  answers.it(
    `${name}, ${orthogonalMap}, trivialization ${useTrivialization}`,
    () => {
      torch.manualSeed(0);
      return trained(orthogonal(layers[name](), "weight", { orthogonalMap, useTrivialization }), inputs[name]);
    },
    { rtol: 1e-9, atol: 1e-9 },
  );
}

answers.each({
  "an orthogonal weight stays what it is": () => {
    torch.manualSeed(0);
    const layer = new Linear(4, 4, { dtype });
    torch.nn.init.orthogonal_(layer.weight);
    const before = layer.weight.clone();
    return [before, orthogonal(layer).weight];
  },
  "another weight is assigned": () => {
    torch.manualSeed(0);
    const layer = orthogonal(new Linear(3, 3, { dtype }));
    Object.assign(layer, { weight: torch.eye(3, { dtype }).flip(0) });
    return [layer.weight, layer.stateDict()];
  },
  "is refused of a vector": () => torch.error(() => orthogonal(new Linear(2, 2), "bias"), null),
  "is refused of what is not there": () => torch.error(() => orthogonal(new Linear(2, 2), "kernel"), null),
  "is refused of another map": () =>
    torch.error(() => orthogonal(new Linear(2, 2), "weight", { orthogonalMap: "rotation" as never }), null),
  "another shape is refused": () => {
    const layer = orthogonal(new Linear(3, 3, { dtype }));
    return torch.error(() => void Object.assign(layer, { weight: torch.ones([2, 3], { dtype }) }), null);
  },
  "without a right inverse, assignment is refused": () => {
    const layer = orthogonal(new Linear(3, 3), "weight", { useTrivialization: false });
    return torch.error(() => void Object.assign(layer, { weight: torch.eye(3) }), null);
  },
});

it.each(["matrixExp", "cayley", "householder"] as const)("%s: stays orthogonal in training", (orthogonalMap) => {
  const layer = nn.utils.parametrizations.orthogonal(new nn.Linear(3, 5, { dtype }), "weight", { orthogonalMap });
  const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    layer
      .forward(randn([4, 3], { dtype }))
      .pow(2)
      .mean()
      .backward();
    optimizer.step();
  }
  const { weight } = layer;
  expect(allclose(weight.t().matmul(weight), eye(3, { dtype }), { rtol: 0, atol: 1e-12 })).toBe(true);
});
