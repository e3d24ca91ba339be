/** Jobs that are not waited for: whoever reads or writes elements in JavaScript finds them done. */
import { describe, expect, it, vi } from "vitest";
import { binary, unary } from "../../../src/tensor/kernels/rows.ts";
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

  it("are waited for by plain loops over rows, in the table of kernels or not", () => {
    const order: string[] = [];
    const start = () => startPending(() => order.push("kernels"));
    const x = new Float32Array(1);
    start();
    unary(() => order.push("unary"))(1, 1, x, 0, x, 0, 0, 1);
    start();
    binary(() => order.push("binary"))(1, 1, x, 0, x, 0, 0, 1, x, 0, 0, 1);
    expect(order).toEqual(["kernels", "unary", "kernels", "binary"]);
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
