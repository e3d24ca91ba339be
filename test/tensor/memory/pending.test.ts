/** Jobs that are not waited for: whoever reads or writes elements in JavaScript finds them done. */
import { describe, expect, it, vi } from "vitest";
import { isPending, settle, settling, startPending } from "../../../src/tensor/memory/pending.ts";

describe("pending kernels", () => {
  it("are waited for once", () => {
    const wait = vi.fn();
    startPending(wait);
    expect([isPending(), wait.mock.calls.length]).toEqual([true, 0]);
    settle();
    settle();
    expect([isPending(), wait.mock.calls.length]).toEqual([false, 1]);
  });

  it("of another memory are waited for first", () => {
    const order: string[] = [];
    startPending(() => order.push("one"));
    startPending(() => order.push("other"));
    expect(order).toEqual(["one"]);
    settle();
    expect(order).toEqual(["one", "other"]);
  });

  it("are waited for by functions that touch elements, and by those that these return", () => {
    const order: string[] = [];
    const { sum, multiple } = settling({
      sum: (a: number, b: number) => order.push("sum") && a + b,
      multiple: (factor: number) => (x: number) => order.push("multiple") && factor * x,
    });
    const start = () => startPending(() => order.push("kernels"));
    start();
    expect(sum(2, 3)).toBe(5);
    const twice = multiple(2);
    start();
    expect(twice(4)).toBe(8);
    expect(order).toEqual(["kernels", "sum", "kernels", "multiple"]);
  });
});
