/** noGrad and enableGrad: what they switch, how they nest, and that they always switch back. */
import { describe, expect, it } from "vitest";
import { enableGrad, isGradEnabled, noGrad, ones, rand, setGradEnabled } from "../../src/index.ts";
import { leaf } from "./scenarios.ts";

describe("noGrad", () => {
  it("gives what the function returns, unrecorded", () => {
    const x = leaf(1, 2);
    const y = noGrad(() => x.mul(2));
    expect([y.requiresGrad, y.gradFn, y.isLeaf]).toEqual([false, null, true]);
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  it("makes a part of a computation constant", () => {
    const x = leaf(1, 2);
    const constant = noGrad(() => x.mul(10));
    x.mul(constant).sum().backward();
    expect(x.grad!.toArray()).toEqual([10, 20]);
  });

  it("lets leaves be made that require a gradient", () => {
    const x = noGrad(() => rand(2, { requiresGrad: true }));
    x.sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 1]);
  });

  it("makes a leaf of a view of what requires a gradient", () => {
    const x = leaf(1, 2);
    const y = noGrad(() => x.view(-1));
    expect([y.requiresGrad, y.isLeaf]).toEqual([true, true]);
    y.mul(3).sum().backward();
    expect([x.grad, y.grad!.toArray()]).toEqual([null, [3, 3]]);
    expect(noGrad(() => x.mul(1).view(-1)).requiresGrad).toBe(false);
  });

  it("backward works inside, for what was recorded outside", () => {
    const x = leaf(1, 2);
    const y = x.mul(x).sum();
    noGrad(() => y.backward());
    expect(x.grad!.toArray()).toEqual([2, 4]);
  });
});

describe("setGradEnabled", () => {
  it("is noGrad or enableGrad of a function", () => {
    expect([true, false].map((mode) => setGradEnabled(mode, isGradEnabled))).toEqual([true, false]);
    expect(noGrad(() => setGradEnabled(true, isGradEnabled))).toBe(true);
    expect(isGradEnabled()).toBe(true);
  });

  it("without a function lasts, but not beyond a noGrad around it", () => {
    setGradEnabled(false);
    expect([isGradEnabled(), leaf(1).mul(2).requiresGrad]).toEqual([false, false]);
    setGradEnabled(true);
    expect(noGrad(() => [setGradEnabled(true), isGradEnabled()])).toEqual([undefined, true]);
    noGrad(() => setGradEnabled(false));
    expect(isGradEnabled()).toBe(true);
  });
});

describe("nesting", () => {
  it("every level has its own mode", () => {
    const seen: boolean[] = [];
    const note = () => seen.push(isGradEnabled());
    note();
    noGrad(() => {
      note();
      enableGrad(() => {
        note();
        noGrad(note);
        note();
      });
      note();
    });
    note();
    expect(seen).toEqual([true, false, true, false, true, false, true]);
  });

  it("enableGrad records inside noGrad", () => {
    const x = leaf(3);
    noGrad(() => enableGrad(() => x.mul(x).sum()).backward());
    expect(x.grad!.toArray()).toEqual([6]);
  });
});

describe.each([
  ["noGrad", noGrad, true],
  ["enableGrad", enableGrad, false],
  ["setGradEnabled", <T>(run: () => T) => setGradEnabled(false, run), true],
])("%s puts the mode back", (_, switched, outside) => {
  it("after an error", () => {
    const fail = () => {
      throw new Error("of the function");
    };
    const run = () => {
      expect(() => switched(fail)).toThrow("of the function");
      return isGradEnabled();
    };
    expect(outside ? run() : noGrad(run)).toBe(outside);
  });

  it("and refuses an asynchronous function", () => {
    expect(() => switched(async () => ones(2))).toThrow("synchronous function");
    // a promise of another realm, or of a library
    // biome-ignore lint/suspicious/noThenProperty: to look like one
    expect(() => switched(() => ({ then: () => {} }))).toThrow("synchronous function");
    expect(isGradEnabled()).toBe(true);
  });
});

it("the mode is put back after an error of an operation, and of backward", () => {
  const y = leaf(1, 2).exp().sum();
  y.backward();
  expect(() => noGrad(() => ones(2).add(ones(3)))).toThrow("must match the size");
  expect(() => y.backward()).toThrow("a second time");
  expect(() => y.backward(undefined, { createGraph: true })).toThrow("a second time");
  expect(isGradEnabled()).toBe(true);
});
