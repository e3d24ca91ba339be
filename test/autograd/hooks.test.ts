/** Hooks of tensors: when they run, with what, and what they may change. PyTorch was asked for each. */
import { describe, expect, it } from "vitest";
import { grad, type Tensor, tensor } from "../../src/index.ts";
import { expectExact } from "../support/fixtures.ts";

const leaf = () => tensor([1, 2], { requiresGrad: true });

describe("registerHook", () => {
  it("is given the whole gradient, of a leaf and of what was computed", () => {
    const x = leaf();
    const y = x.mul(3);
    const seen: Tensor[] = [];
    y.registerHook((dy) => seen.push(dy));
    x.registerHook((dx) => seen.push(dx));
    y.add(y.mul(y)).sum().backward(); // y is used three times
    expectExact(seen[0], [7, 13]);
    expectExact(seen[1], [21, 39]);
    expect(seen).toHaveLength(2);
  });

  it("replaces it by what it returns, one hook after the other", () => {
    const x = leaf();
    const y = x.mul(3);
    y.registerHook((dy) => dy.mul(2));
    y.registerHook((dy) => dy.add(1));
    x.registerHook((dx) => dx.neg());
    y.sum().backward();
    expectExact(x.grad, [-9, -9]);
  });

  it("also for grad(), of tensors in the middle too", () => {
    const x = leaf();
    const y = x.mul(3);
    y.registerHook((dy) => dy.mul(2));
    x.registerHook((dx) => dx.add(1));
    const [dx, dy] = grad(y.sum(), [x, y]);
    expectExact(dx, [7, 7]);
    expectExact(dy, [2, 2]);
  });

  it("does not run once removed, nor twice for one that is registered once", () => {
    const x = leaf();
    let calls = 0;
    const handle = x.registerHook(() => void calls++);
    x.sum().backward();
    x.sum().backward();
    handle.remove();
    x.sum().backward();
    expect(calls).toBe(2);
    expectExact(x.grad, [3, 3]);
  });

  it("may keep what it is given, which no later backward changes", () => {
    const x = leaf();
    const seen: Tensor[] = [];
    x.registerHook((dx) => seen.push(dx));
    for (let i = 0; i < 3; i++) x.mul(3).sum().backward();
    for (const dx of seen) expectExact(dx, [3, 3]);
    expectExact(x.grad, [9, 9]);
  });

  it.each(["a leaf", "what was computed"])("may give the same tensor again and again, for %s", (of) => {
    const x = leaf();
    const cached = tensor([4, 4]);
    for (let i = 0; i < 2; i++) {
      const y = x.clone();
      const handle = (of === "a leaf" ? x : y).registerHook(() => cached);
      y.sum().backward();
      handle.remove();
    }
    expectExact(cached, [4, 4]);
    expectExact(x.grad, [8, 8]);
  });

  it("needs a tensor that needs a gradient", () => {
    expect(() => tensor([1]).registerHook(() => {})).toThrow(
      "cannot register a hook on a tensor that doesn't require gradient",
    );
  });
});
