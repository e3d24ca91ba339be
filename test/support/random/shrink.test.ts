/** Programs can be run again from what was written down, and be made smaller. */
import { expect, it } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { expectExact } from "../fixtures.ts";
import { type Program, record, torch } from "../torch.ts";
import { replay } from "./replay.ts";
import { smaller } from "./shrink.ts";
import { programText } from "./text.ts";

const { tensor } = torch;

const recorded = record(() =>
  torch.withCopies(() => {
    const layer = new torch.nn.LeakyReLU({ negativeSlope: 0.5 });
    const x = tensor([1, -2.25], { requiresGrad: true });
    const y = layer.forward(x).mul(x.neg());
    y.sum().backward();
    return [y, x.grad];
  }),
);

it("a replay gives what the recorded code gave", () => {
  const [y, dx] = recorded.result as Tensor[];
  const again = replay(recorded.program).result as Tensor[];
  expectExact(again[0], y);
  expectExact(again[1], dx);
});

it("a program is text that can be tried", () => {
  expect(programText(record(() => tensor([1, 2]).mul(2).sum(0, { keepdim: true })).program)).toBe(
    "v0 = tensor([1, 2]); v1 = v0.mul(2); v2 = v1.sum(0, { keepdim: true }); v2",
  );
});

/** The smallest that still has a property. */
function shrunk(program: Program, isWanted: (program: Program) => boolean): Program {
  const found = smaller(program).find((one) => {
    try {
      return isWanted(one);
    } catch {
      return false;
    }
  });
  return found ? shrunk(found, isWanted) : program;
}

it("what a property does not need goes", () => {
  const isNegative = (x: unknown): boolean =>
    Array.isArray(x) ? x.some(isNegative) : Array.from((x as Tensor).data).some((value) => value < 0);
  const least = shrunk(recorded.program, (program) => isNegative(replay(program).result));
  expect(programText(least)).toBe("v2 = tensor([1, -2]); v2");
});

it("the dtype stays: how closely numbers are compared depends on it", () => {
  const { program } = record(() => tensor([2], { dtype: "float64", requiresGrad: true }).exp());
  const least = shrunk(program, ({ steps }) => steps.length === 2);
  expect(programText(least)).toBe('v0 = tensor([1], { dtype: "float64" }); v1 = v0.exp(); v1');
});
