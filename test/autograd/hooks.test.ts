/** Hooks of tensors: when they run, with what, and what they may change. PyTorch was asked for each. */
import { describe, expect, it } from "vitest";
import { grad, type Tensor, tensor } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const answers = new Answers("hooks");

/** x = [1, 2], a leaf, and y = 3 x. */
function xAndTriple(): [Tensor, Tensor] {
  const x = tensor([1, 2], { requiresGrad: true });
  return [x, x.mul(3)];
}

describe("registerHook", () => {
  it("is given the whole gradient, of a leaf and of what was computed", () => {
    const [x, y] = xAndTriple();
    const seen: Tensor[] = [];
    y.registerHook((dy) => void seen.push(dy));
    x.registerHook((dx) => void seen.push(dx));
    y.add(y.mul(y)).sum().backward(); // y is used three times
    expectExact(seen[0], [7, 13]);
    expectExact(seen[1], [21, 39]);
    expect(seen).toHaveLength(2);
  });

  it("replaces it by what it returns, one hook after the other", () => {
    const [x, y] = xAndTriple();
    y.registerHook((dy) => dy.mul(2));
    y.registerHook((dy) => dy.add(1));
    x.registerHook((dx) => dx.neg());
    y.sum().backward();
    expectExact(x.grad, [-9, -9]);
  });

  it("also for grad(), of tensors in the middle too", () => {
    const [x, y] = xAndTriple();
    y.registerHook((dy) => dy.mul(2));
    x.registerHook((dx) => dx.add(1));
    const [dx, dy] = grad(y.sum(), [x, y]);
    expectExact(dx, [7, 7]);
    expectExact(dy, [2, 2]);
  });

  it("does not run once removed, nor twice for one that is registered once", () => {
    const [x] = xAndTriple();
    let calls = 0;
    const handle = x.registerHook(() => void calls++);
    x.sum().backward();
    x.sum().backward();
    handle.remove();
    x.sum().backward();
    expect(calls).toBe(2);
    expectExact(x.grad, [3, 3]);
  });

  it("may keep what it is given, and what it gives", () => {
    const [given, cached] = [[] as Tensor[], tensor([8, 8])];
    const [x] = xAndTriple();
    x.registerHook((dx) => void given.push(dx));
    for (let i = 0; i < 2; i++) x.mul(4).sum().backward();
    for (const dx of given) expectExact(dx, [4, 4]);
    const [y] = xAndTriple();
    y.registerHook(() => cached);
    for (let i = 0; i < 2; i++) y.mul(4).sum().backward();
    expectExact(cached, [8, 8]);
    expectExact(y.grad, [16, 16]);
  });

  it("needs a tensor that needs a gradient", () => {
    const message = "cannot register a hook on a tensor that doesn't require gradient";
    expect(() => tensor([1]).registerHook(() => {})).toThrow(message);
  });
});

describe("the list of a tensor's hooks, as in PyTorch", () => {
  it("has a function as often as it was registered, and a handle takes its own away", () => {
    const x = tensor([1], { requiresGrad: true });
    const double = (dx: Tensor) => dx.mul(2);
    const handle = x.registerHook(double);
    x.registerHook(double);
    x.sum().backward();
    expectExact(x.grad, [4]);
    handle.remove();
    handle.remove();
    x.sum().backward();
    expectExact(x.grad, [6]);
  });

  const leafAndSum = () => {
    const x = torch.tensor([0.5, 2], { requiresGrad: true });
    return { x, backward: () => x.sum().backward() };
  };

  answers.each({
    "what a hook adds runs from the next pass on": () => {
      const { x, backward } = leafAndSum();
      x.registerHook(() => void x.registerHook((dx) => dx.mul(10)));
      backward();
      const first = x.grad?.clone();
      backward();
      return [first, x.grad];
    },
    "what a hook removes still runs in this pass": () => {
      const { x, backward } = leafAndSum();
      x.registerHook(() => handle.remove());
      const handle = x.registerHook((dx) => dx.mul(10));
      backward();
      const first = x.grad?.clone();
      backward();
      return [first, x.grad];
    },
  });
});

describe("what a hook returns has to fit, in PyTorch's words", () => {
  const returning = (value: () => unknown, isLeaf = true) => {
    const x = torch.tensor([0.5, 2], { dtype: "float64", requiresGrad: true });
    const y = isLeaf ? x : x.mul(2);
    y.registerHook(value as () => Tensor);
    const message = torch.error(() => y.sum().backward(), "(was");
    return [message, x.grad];
  };
  const named = "hook 'run' has";

  answers.each(
    {
      "another shape": () => returning(() => torch.ones([5], { dtype: "float64" })),
      "another shape, of a tensor in the middle": () => returning(() => torch.ones([1], { dtype: "float64" }), false),
      "another dtype": () => returning(() => torch.ones([2])),
      "a number": () => returning(() => 3),
    },
    {
      wording: {
        [`${named} changed the size of value`]: "hook has changed the size of value (was [2] got ",
        [`${named} changed the type of value `]:
          "hook has changed the type of value (was torch.DoubleTensor got torch.FloatTensor)",
        "expected Variable, but hook returned 'int'": "expected Variable, but hook returned 'number'",
      },
    },
  );
});

it("a tensor says whether it retains its gradient", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = x.mul(2);
  expect([x.retainsGrad, y.retainsGrad]).toEqual([false, false]);
  x.retainGrad();
  y.retainGrad();
  expect([x.retainsGrad, y.retainsGrad, y.mul(2).retainsGrad]).toEqual([false, true, false]);
});
