/** backward and grad do what PyTorch's do. */
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/index.ts";
import { Answers, expectClose, torch, unobserved } from "../support/index.ts";
import { type Cases, constant, leaf, leafOf, ofEach, ofLeaf, scalar } from "./scenarios.ts";

const { cat, error, grad, gradients, maximum, nn, ones, tensor, where, zeros } = torch;

/** The gradient that backward from each of the functions of a leaf leaves there. */
const gradientOf =
  (values: number[], ...functions: ((x: Tensor) => Tensor)[]) =>
  () => {
    const x = leaf(...values);
    for (const f of functions) f(x).backward();
    return x.grad;
  };

const ofTriple = (run: (h: Tensor, x: Tensor) => unknown) => ofLeaf((x) => run(x.mul(3), x));
const ofSquares = (run: (y: Tensor, x: Tensor) => unknown) => ofLeaf((x) => run(x.mul(x).sum(), x));

const leaves: Cases = {
  "a leaf used twice gets both gradients": gradientOf([1, 2, 3], (x) => x.mul(x).add(x).sum()),
  "two backward calls accumulate": gradientOf(
    [1, 2, 3],
    (x) => x.mul(2).sum(),
    (x) => x.mul(x).sum(),
  ),
  "a diamond": gradientOf([0.1, 0.2, 0.3], (x) => {
    const h = x.exp();
    return h.mul(2).mul(h.tanh()).sum();
  }),
  "a diamond with one long side": gradientOf([0.1, 0.2, 0.3], (x) => {
    const h = x.mul(x);
    return h.tanh().tanh().tanh().tanh().tanh().mul(h).sum();
  }),
  "both operands the same": gradientOf(
    [2, 3],
    (x) => x.mul(x).sum(),
    (x) => x.sub(x).sum(),
    (x) => x.div(x).sum(),
  ),
  "only what requires it gets a gradient": ofLeaf((x) => {
    const y = constant(3, 4);
    x.mul(y).sum().backward();
    return [x.grad, y.grad];
  }),
  "a scalar leaf is its own output": () => {
    const x = scalar(3);
    x.backward();
    return x.grad;
  },
  "a leaf is its own output": ofLeaf((x) => {
    const dy = constant(5, 6);
    x.backward(dy);
    dy.zero_();
    x.backward(constant(1, 1));
    return x.grad;
  }),
  "backward with a gradient": () => {
    const x = leaf(1, 2, 3);
    x.mul(x).backward(constant(1, 10, 100));
    return x.grad;
  },
  "a gradient of another dtype is converted": () => {
    const x = leafOf("float32", 1, 2);
    x.mul(x).backward(constant(1, 10));
    return x.grad;
  },
  "leaves of two dtypes": () => {
    const [x, y] = [leafOf("float32", 1, 2), leaf(3, 4)];
    x.mul(y).sum().backward();
    return [x.grad, y.grad];
  },
  "no gradient comes from whole numbers and bools": ofLeaf((x) => {
    const converted = [x.to("int32"), x.to("bool"), zeros(2, { dtype: "int32" }).copy_(x)];
    return converted.map((y) => [y, y.requiresGrad]);
  }),
  "requiring a gradient later": () => {
    const x = constant(1, 2);
    const before = x.mul(2);
    x.requiresGrad_();
    const after = x.mul(3);
    before.add(after).sum().backward();
    return [x.grad, before.requiresGrad, after.requiresGrad];
  },
  "no longer requiring a gradient": gradientOf([1, 2], (x) => {
    const before = x.mul(2);
    x.requiresGrad_(false);
    return before.add(x.mul(3)).sum();
  }),
  "an infinite gradient does not get where none does": () => {
    // The square root has an infinite slope at 0.
    const x = leaf(-1, 0, 4);
    const zero = constant(0, 0, 0);
    return [
      ...grad(x.clamp(0).sqrt().sum(), x),
      ...grad(x.relu().sqrt().sum(), x),
      ...grad(maximum(x, zero).sqrt().sum(), x),
      ...grad(where(x.gt(0), x, zero).sqrt().sum(), x),
      ...grad(x.slice(0, 0, 2).neg().min().sqrt(), x),
    ];
  },
};

const errors: Cases = {
  "error of backward without a gradient": () => error(() => leaf(1, 2).mul(2).backward()),
  "error of backward from a constant": () => error(() => tensor(1).backward()),
  "error of a gradient of another shape": () => error(() => leaf(1, 2, 3).mul(2).backward(ones(2))),
  "error of a whole number that requires a gradient": () =>
    error(() => tensor([1], { dtype: "int32" }).requiresGrad_()),
  "error of a result that shall not require a gradient": () => error(() => leaf(1).mul(2).requiresGrad_(false)),
  "error of item of many": () => error(() => leaf(1, 2).item(), " to "),
};

/** Whether a second backward through f is allowed, and what both left. */
const twice = (f: (x: Tensor) => Tensor) => () => {
  const x = leaf(0.5, 1.5, 2.5, 3.5);
  const y = f(x);
  y.sum().backward();
  return [error(() => y.sum().backward()) === "no error", x.grad];
};

const mask = tensor([true, false, true, true]);

const goingTwice: Cases = {
  ...ofEach(["neg", "exp", "relu", "abs", "sum", "mean", "var", "max", "clone"], twice, "twice through "),
  "twice through add": twice((x) => x.add(1)),
  "twice through sub": twice((x) => constant(1).sub(x)),
  "twice through mul number": twice((x) => x.mul(2)),
  "twice through mul itself": twice((x) => x.mul(x)),
  "twice through div number": twice((x) => x.div(2)),
  "twice through pow": twice((x) => x.pow(2)),
  "twice through clamp": twice((x) => x.clamp(1, 3)),
  "twice through where": twice((x) => where(x.gt(1), x, x)),
  "twice through max along": twice((x) => x.max(0).values),
  "twice through softmax": twice((x) => x.softmax(0)),
  "twice through view": twice((x) => x.view(2, 2)),
  "twice through transpose": twice((x) => x.view(2, 2).t()),
  "twice through expand": twice((x) => x.expand(2, 4)),
  "twice through slice": twice((x) => x.slice(0, 1, 3)),
  "twice through select": twice((x) => x.select(0, 1)),
  "twice through index": twice((x) => x.index(tensor([0, 0, 2], { dtype: "int32" }))),
  "twice through mask": twice((x) => x.index(mask)),
  "twice through cat": twice((x) => cat([x, x])),
  "twice through to": twice((x) => x.to("float32")),
  "twice through matmul": twice((x) => x.matmul(x)),
  "error of going backward twice": ofLeaf((x) => {
    const y = x.exp().sum();
    y.backward();
    return error(() => y.backward());
  }),
  "a used up graph under a new one": ofLeaf((x) => {
    const h = x.exp();
    h.sum().backward();
    return [error(() => h.mul(2).sum().backward()), x.grad];
  }),
  "retaining the graph": ofSquares((y, x) => {
    y.backward(undefined, { retainGraph: true });
    y.backward(undefined, { retainGraph: true });
    y.backward();
    return [x.grad, error(() => y.backward())];
  }),
};

const threeDerivatives = (f: (x: Tensor) => Tensor) => () => {
  const x = leaf(0.3, 0.7, 1.1);
  const weights = constant(1, 2, 3);
  const [first] = grad(f(x).mul(weights).sum(), x, { createGraph: true });
  const [second] = grad(first.mul(weights).sum(), x, { createGraph: true });
  const [third] = grad(second.mul(weights).sum(), x);
  return [first, second, third];
};

const derivatives: Cases = {
  ...ofEach(["tanh", "sigmoid", "exp", "log", "sqrt"], threeDerivatives, "three derivatives of "),
  "three derivatives of x to the fourth": threeDerivatives((x) => x.pow(4)),
  "three derivatives of reciprocal": threeDerivatives((x) => constant(1).div(x)),
  "three derivatives of product": threeDerivatives((x) => x.mul(x).mul(x)),
  "three derivatives of softmax": threeDerivatives((x) => x.softmax(0)),
  "three derivatives of log softmax": threeDerivatives((x) => x.logSoftmax(0)),
  "three derivatives of logsumexp": threeDerivatives((x) => x.logsumexp(0).mul(x)),
  "three derivatives of std": threeDerivatives((x) => x.std().mul(x)),
  "three derivatives of matmul": threeDerivatives((x) => x.matmul(x).mul(x)),
  "three derivatives of power of itself": threeDerivatives((x) => x.pow(x)),
  "three derivatives of norm": threeDerivatives((x) => x.mul(x).sum().sqrt().mul(x)),
  "a penalty on the gradient": () => {
    const [x, w] = [leaf(1, 2), leaf(3, 4)];
    const loss = x.mul(w).tanh().sum();
    const [dx] = grad(loss, x, { createGraph: true });
    loss.add(dx.mul(dx).sum()).backward();
    return [x.grad, w.grad];
  },
  "backward that creates a graph": ofLeaf((x) => {
    x.mul(x).mul(x).sum().backward(undefined, { createGraph: true });
    const first = x.grad!;
    x.grad = null;
    first.sum().backward();
    return [first, x.grad, first.requiresGrad];
  }),
  "gradients of a created graph share no memory": () => {
    const [x, y] = [leaf(1, 2), leaf(3, 4)];
    x.add(y).sum().backward(undefined, { createGraph: true });
    x.grad!.detach().mul_(5);
    return [x.grad, y.grad];
  },
  "backward records nothing unless asked": ofLeaf((x) => {
    x.mul(x).sum().backward();
    const [y] = grad(x.mul(x).sum(), x);
    return [x.grad!.requiresGrad, y.requiresGrad];
  }),
};

/** Whether f and its derivative are recorded where the next derivative is 0. */
const flat = (f: (x: Tensor) => Tensor) => () => {
  const x = leaf(-1.5, 0, 2);
  const y = f(x);
  const [dx] = grad(y.sum(), x, { createGraph: true });
  return [y.requiresGrad, dx, dx.requiresGrad, ...gradients(dx.sum(), [x])];
};

/** Derivatives at 0, each by each, until one is a constant. */
const derivativesAtZero = (f: (x: Tensor) => Tensor) => () => {
  const x = leaf(0, 1);
  const found: Tensor[] = [];
  for (let y = f(x); y.requiresGrad; ) {
    [y] = grad(y.sum(), x, { createGraph: true });
    found.push(y);
  }
  return found;
};

const { l1Loss, leakyRelu, maxPool2d } = nn.functional;

const withoutSlope: Cases = {
  ...ofEach(["sign", "floor", "ceil", "trunc", "round", "abs", "relu"], flat, "where the gradient is flat: "),
  "where the gradient is flat: leaky relu": flat((x) => leakyRelu(x, 0.1)),
  "where the gradient is flat: l1 loss": flat((x) => l1Loss(x, constant(0, 0, 0))),
  "where the gradient is flat: largest of windows": flat((x) => maxPool2d(x.view(1, 3, 1), [3, 1])),
  "where the gradient is flat: sum of sizes": flat((x) => x.norm(1)),
  "where the gradient is flat: largest size": flat((x) => x.norm(Infinity)),
  ...ofEach(["floor", "trunc", "round"], (f) => gradientOf([0.2], (x) => f(x).sqrt().sum()), "infinity stops at "),
  "a product of nothing": () => {
    const x = zeros([2, 0], { requiresGrad: true });
    const y = x.prod(1);
    y.sum().backward();
    return [y, y.requiresGrad, x.grad];
  },
  "the number of those that are not 0 has no gradient": () => {
    const x = leaf(0, 3);
    const y = x.norm(0);
    const unused = grad(y, [x], { allowUnused: true });
    return [y, y.requiresGrad, unused, error(() => grad(x.norm(0), [x]))];
  },
  ...Object.fromEntries([0, 1, 2, 3].map((p) => [`derivatives of power ${p}`, derivativesAtZero((x) => x.pow(p))])),
  "derivatives of a sum of powers": derivativesAtZero((x) => x.pow(0).add(x.pow(1)).add(x.pow(2))),
};

const gradFunction: Cases = {
  "grad leaves dot grad alone": ofSquares((y, x) => [...grad(y, x), x.grad]),
  "grad of an intermediate result": ofTriple((h, x) => [...grad(h.mul(h).sum(), h), x.grad]),
  "grad of a leaf and an intermediate result": ofTriple((h, x) => grad(h.mul(h).sum(), [x, h])),
  "grad of the output itself": ofSquares((y, x) => grad(y, [y, x])),
  "grad of one input named twice": ofSquares((y, x) => grad(y, [x, x])),
  "grad of two outputs": ofLeaf((x) =>
    grad([x.mul(x).sum(), x.mul(10)], x, { gradOutputs: [tensor(1), constant(1, 2)] }),
  ),
  "grad of the same output twice": ofSquares((y, x) => grad([y, y], x)),
  "grad with a gradient": ofLeaf((x) => grad(x.mul(x), x, { gradOutputs: [constant(1, 10)] })),
  "grad of what was not used": () => {
    const [x, y] = [leaf(1, 2), leaf(3, 4)];
    const found = grad(x.mul(x).sum(), [x, y], { allowUnused: true });
    return [...found, error(() => grad(x.mul(x).sum(), [x, y]))];
  },
  "grad of a constant": ofLeaf((x) => error(() => grad(x.mul(x).sum(), ones(2)))),
  "grad uses up the graph": ofSquares((y, x) => {
    grad(y, x);
    return error(() => grad(y, x));
  }),
  "grad of an intermediate result keeps the graph below it": ofLeaf((x) => {
    const h = x.exp();
    const [dh] = grad(h.mul(h).sum(), h);
    h.sum().backward();
    return [dh, x.grad];
  }),
  "grad of an intermediate result whose own graph is used up": ofLeaf((x) => {
    const h = x.exp();
    h.sum().backward();
    return grad(h.mul(2).sum(), h);
  }),
  "grad does not run what leads elsewhere": () => {
    const [x, y] = [leaf(1, 2), leaf(3, 4)];
    const h = y.exp();
    const loss = x.mul(x).sum().add(h.mul(h).sum());
    h.detach().zero_(); // backward of exp and mul would notice
    return grad(loss, x);
  },
};

const keeping: Cases = {
  "retain grad": ofTriple((h, x) => {
    h.retainGrad();
    h.mul(h).sum().backward();
    return [h.grad, x.grad];
  }),
  "retain grad accumulates": ofLeaf((x) => {
    const h = x.add(3);
    h.retainGrad();
    h.mul(h).sum().backward();
    h.mul(2).sum().backward();
    return [h.grad, x.grad];
  }),
  "retain grad of a view whose base changes": ofTriple((h, x) => {
    const view = h.view(2);
    view.retainGrad();
    h.mul_(3);
    view.mul(view).sum().backward();
    return [view.grad, x.grad];
  }),
  "retain grad of the output": ofSquares((y) => {
    y.retainGrad();
    y.backward();
    return y.grad;
  }),
  "retain grad of a leaf changes nothing": gradientOf([1, 2], (x) => {
    x.retainGrad();
    return x.mul(x).sum();
  }),
  "retain grad of a constant": () => error(() => ones(2).retainGrad()),
  "results retain nothing by themselves": ofTriple((h) => {
    h.sum().backward();
    return [h.isLeaf, h.grad];
  }),
  detach: ofTriple((h, x) => {
    const d = h.detach();
    h.mul(d).sum().backward();
    return [x.grad, d.requiresGrad, d.isLeaf];
  }),
  "detach shares memory and versions": ofLeaf((x) => {
    const h = x.exp();
    h.detach().zero_();
    return [h, error(() => h.sum().backward())];
  }),
  "a leaf made of a result": ofTriple((result, x) => {
    const h = result.detach().requiresGrad_();
    h.mul(h).sum().backward();
    return [h.grad, x.grad, h.isLeaf];
  }),
};

const cases = { ...leaves, ...errors, ...goingTwice, ...derivatives, ...withoutSlope, ...gradFunction, ...keeping };
new Answers("engine").each(cases, { rtol: 1e-12, atol: 1e-12 });

describe("the memory of a leaf's gradient", () => {
  const functions: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
    "a + b": (a, b) => a.add(b),
    "a - b": (a, b) => a.sub(b),
    "a · b": (a, b) => a.mul(b),
    "a @ b": (a, b) => a.matmul(b),
    "a reshaped": (a) => a.view(9),
    "a transposed": (a) => a.t(),
    "a repeated": (a) => a.expand(2, 3, 3),
    "a sliced": (a) => a.narrow(0, 1, 2),
    "a and b joined": (a, b) => cat([a, b]),
    "a twice": (a) => a.add(a),
    "Σ a": (a) => a.sum(),
    "the mean of a": (a) => a.mean(),
    "relu a": (a) => a.relu(),
    "a copied": (a) => a.clone(),
    "a itself": (a) => a,
    "a view, with b": (a, b) => a.t().mul(b).view(9),
    linear: (a, b) => nn.functional.linear(a, b, b.detach().sum(0)),
  };

  it.each(Object.keys(functions))("%s: nobody else's, and whole", (name) => {
    const [a, b] = [0, 1].map(() => constant(1, 2, 3, 4, 5, 6, 7, 8, 9).view(3, 3).requiresGrad_());
    const y = functions[name](a, b);
    y.retainGrad();
    const dy = ones(y.shape);
    y.backward(dy, { retainGraph: true });
    const gradients = [a.grad, b.grad, y === a ? null : y.grad].filter((x) => x !== null);
    const owners = new Set([a, b, y, dy, ...gradients].map(({ storage }) => storage));
    const views = new Set([a, b, y].map(({ storage }) => storage)).size;
    expect(owners.size).toBe(views + 1 + gradients.length);
    for (const gradient of gradients) expect(gradient.isContiguous).toBe(true);

    // So the first gradient is still there when others were added to it.
    const first = a.grad!.clone();
    for (let i = 0; i < 2; i++) y.backward(dy, { retainGraph: true });
    expectClose(a.grad, first.mul(3), { rtol: 1e-12 });
    expectClose(dy, ones(y.shape), { rtol: 0 });
  });
});

it("a chain of 200,000 operations goes backward without overflowing the stack", () => {
  const x = unobserved(scalar(1));
  let y = x;
  for (let i = 0; i < 100_000; i++) y = y.mul(1.00001).add(0.5);
  y.backward();
  expect(x.grad!.item()).toBeCloseTo(1.00001 ** 100_000, 9);
  expect(() => y.backward()).toThrow("Trying to backward through the graph a second time");
});
