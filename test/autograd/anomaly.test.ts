/** Anomaly detection: the error says which operation's gradient is NaN, and who called it. */
import { afterEach, describe, expect, it } from "vitest";
import { detectAnomaly, isAnomalyEnabled, setDetectAnomaly, type Tensor, tensor } from "../../src/index.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

afterEach(() => setDetectAnomaly(false));

/** 0 · √x has the gradient 0 · ∞ at 0. */
function zeroTimesRoot(x: Tensor): Tensor {
  return x.sqrt().mul(0);
}

describe("detectAnomaly", () => {
  it("names the function and its forward call", () => {
    const run = () => detectAnomaly(() => zeroTimesRoot(leaf(0)).backward());
    expect(run).toThrow("Function 'SqrtBackward0' returned nan values in its 0th output.");
    expect(run).toThrow(/The forward call that caused it:[\s\S]*zeroTimesRoot/);
  });

  it("is off by default, and off again afterwards, also after an error", () => {
    const x = leaf(0);
    expect(() => detectAnomaly(() => zeroTimesRoot(x).backward())).toThrow();
    expect(isAnomalyEnabled()).toBe(false);
    zeroTimesRoot(x).backward();
    expect(x.grad?.item()).toBeNaN();
  });

  it("refuses an asynchronous function, whose work it would not see", () => {
    expect(() => detectAnomaly(async () => {})).toThrow("detectAnomaly takes a synchronous function");
    expect(isAnomalyEnabled()).toBe(false);
  });

  it("does without the forward call if that was made before", () => {
    const y = zeroTimesRoot(leaf(0));
    setDetectAnomaly(true);
    expect(() => y.backward()).toThrow(/returned nan values in its 0th output\.$/);
  });

  it("finds nothing where nothing is wrong, and infinities are not", () => {
    const x = leaf(0, 1);
    detectAnomaly(() => x.sqrt().sum().backward());
    expect(x.grad?.toArray()).toEqual([Infinity, 0.5]);
  });

  it("says where a tensor that was changed in place was saved", () => {
    const run = () =>
      detectAnomaly(() => {
        const y = leaf(1).exp();
        const z = y.mul(y);
        y.add_(1);
        z.backward();
      });
    expect(run).toThrow(/modified by an inplace operation[\s\S]*The forward call that caused it/);
  });
});
