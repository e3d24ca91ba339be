/** A backward pass frees what it alone has, when it is done with it; what a user can have seen stays as it is. */
import { describe, expect, it } from "vitest";
import { Arrivals } from "../../src/autograd/arrivals.ts";
import { defineFunction, grad, optim, randn, type Tensor } from "../../src/index.ts";
import { gradientOf } from "../../src/tensor/tensor.ts";

/** Large enough to be in memory that is used again. */
const shape = [64, 64];
const leaf = () => randn(shape, { requiresGrad: true });
const isFreed = (x: Tensor): boolean => x.storage.data.length === 0;

describe("gradients on their way", () => {
  it("are freed when they have been passed on", () => {
    const arrivals = new Arrivals(false);
    const [target, dx] = [leaf(), randn(shape)];
    arrivals.add(target, dx, true);
    expect(isFreed(dx)).toBe(false);
    arrivals.delete(target);
    expect(isFreed(dx)).toBe(true);
  });

  it("are freed when the last that lies in the same memory has been passed on", () => {
    const arrivals = new Arrivals(false);
    const [first, second, dx] = [leaf(), leaf(), randn(shape)];
    arrivals.add(first, dx, true);
    arrivals.add(second, dx.t(), false);
    arrivals.delete(first);
    expect(isFreed(dx)).toBe(false);
    arrivals.delete(second);
    expect(isFreed(dx)).toBe(true);
  });

  it("are freed when they have been added up, also one to itself", () => {
    const arrivals = new Arrivals(false);
    const [target, dx] = [leaf(), randn(shape)];
    const twice = dx.mul(2).toArray();
    arrivals.add(target, dx, true);
    arrivals.add(target, dx, false);
    expect(isFreed(dx)).toBe(true);
    expect(arrivals.get(target)?.toArray()).toEqual(twice);
  });

  it("stay where they came from elsewhere, or the pass is recorded", () => {
    for (const [isRecorded, isNew] of [
      [false, false],
      [true, true],
    ]) {
      const arrivals = new Arrivals(isRecorded);
      const [target, dx] = [leaf(), randn(shape)];
      arrivals.add(target, dx, isNew);
      arrivals.add(target, randn(shape), isNew);
      arrivals.delete(target);
      expect(isFreed(dx)).toBe(false);
    }
  });
});

it("what a user was shown, gave or was given stays as it is while training goes on", () => {
  const [x, w] = [leaf(), leaf()];
  const optimizer = new optim.SGD([w], { lr: 0.1 });
  const kept: Tensor[] = [];
  const keep = (value: Tensor): Tensor => {
    kept.push(value);
    return value;
  };
  const own = defineFunction("own", (a: Tensor) => ({ y: a.mul(2), grads: [[a, (dy) => keep(keep(dy).mul(2))]] }));

  function step(): Tensor {
    optimizer.zeroGrad();
    const hidden = x.matmul(w).tanh();
    const y = own(hidden.add(hidden.relu()).exp()).mul(0.01);
    y.backward(keep(randn(shape)));
    optimizer.step();
    return hidden;
  }

  x.registerHook(keep);
  const hidden = x.matmul(w).tanh();
  hidden.retainGrad();
  hidden.registerHook((dy) => keep(dy.mul(keep(dy))));
  hidden.exp().backward(keep(randn(shape)));
  keep(hidden.grad as Tensor);
  keep(w.grad as Tensor);
  const [a, b] = [leaf(), leaf()];
  for (const dx of grad(a.add(b).neg().sum(), [a, b])) keep(dx);
  for (const dx of grad(a.mul(a).mul(b).sum(), [a, b], { createGraph: true })) keep(dx);
  step();

  const before = kept.map((value) => value.data.slice());
  const count = kept.length;
  for (let i = 0; i < 20; i++) step();
  expect(count).toBeGreaterThan(12);
  for (let k = 0; k < count; k++) expect(kept[k].data).toEqual(before[k]);
});

it("a gradient is freed when it is forgotten, unless somebody has read it", () => {
  const [read, unread] = [leaf(), leaf()];
  const optimizer = new optim.SGD([read, unread], { lr: 0.1 });
  for (const x of [read, unread]) x.mul(x).sum().backward();
  optimizer.step();
  const gradients = [read.grad, gradientOf(unread)];
  optimizer.zeroGrad();
  expect(gradients.map((dx) => dx && isFreed(dx))).toEqual([false, true]);
});
