/** Formulas say what is computed: with the numbers in them, they give the numbers. */
import { expect, it } from "vitest";
import { inNames } from "../../../docs/site/client/graph/format.ts";
import { recorded } from "../../../docs/site/client/graph/recording.ts";
import { openGraph } from "../../../docs/site/client/graph/snapshot.ts";
import type { Formula, GraphSnapshot } from "../../../docs/site/client/graph/types.ts";
import { nn, ones, sub, type Tensor, tensor } from "../../../src/index.ts";
import { nodeOf, stepsOf } from "./graphs.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const functions = "const { exp, log, sin, cos, tanh, sign, sqrt, abs, max, min } = Math;";

/** The value of a formula of single numbers, read as JavaScript. */
function computed({ nodes }: GraphSnapshot, formula: Formula): number {
  const text = formula
    .map((part) => {
      if (typeof part === "string") return part;
      const numbers = part.of === "value" ? nodes[part.node].value : nodes[part.node].gradient;
      return `(${numbers?.values[0]})`;
    })
    .join("")
    .replaceAll("−", "-")
    .replaceAll("·", "*")
    .replace(/√(\([^)]*\))/g, "sqrt$1")
    .replace(/\|([^|]*)\|/g, "abs($1)")
    .replace(/\^/g, "**")
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => `**${superscripts.indexOf(digit)}`)
    .replace(/^-(\([^)]*\))\*\*/, "-1 * $1**")
    .replace(/-(\([^)]*\)) /g, "-1 * $1 ");
  return Number(new Function(`${functions} return ${text}`)());
}

const programs: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  neg: (a) => a.neg(),
  exp: (a) => a.exp(),
  log: (a) => a.log(),
  sqrt: (a) => a.sqrt(),
  rsqrt: (a) => a.rsqrt(),
  reciprocal: (a) => a.reciprocal(),
  abs: (a) => a.abs(),
  sin: (a) => a.sin(),
  cos: (a) => a.cos(),
  tanh: (a) => a.tanh(),
  sigmoid: (a) => a.sigmoid(),
  relu: (a) => nn.functional.relu(a),
  maximum: (a, b) => a.maximum(b),
  minimum: (a, b) => a.minimum(b),
  square: (a) => a.pow(2),
  cube: (a) => a.pow(3),
  root: (a) => a.pow(-0.5),
  "a number first": (a) => sub(1, a),
  "with a number": (a) => a.mul(2.5),
};

it.each(Object.entries(programs))("%s", (_, program) => {
  const [a, b] = [0.75, 1.5].map((value) => tensor(value, { dtype: "float64", requiresGrad: true }));
  const graph = openGraph(
    recorded(() => program(a, b).mul(3)),
    { a, b },
  ).snapshot();
  for (const { formula, value } of graph.nodes)
    if (formula.length > 0) expect(computed(graph, formula)).toBeCloseTo(value.values[0], 10);
  for (const { formula, term } of graph.steps.flatMap(({ arrivals }) => arrivals))
    expect([inNames(graph, formula), computed(graph, formula)]).toEqual([
      inNames(graph, formula),
      expect.closeTo(term.values[0], 10),
    ]);
});

it("what has no formula of its own is a name, and its pull-back the chain rule", () => {
  const x = ones(2, { requiresGrad: true });
  const graph = openGraph(
    recorded(() => nn.functional.gelu(x).add(x, { alpha: 2 })),
    { x },
  ).snapshot();
  expect(graph.nodes.map(({ formula }) => inNames(graph, formula))).toEqual(["", "gelu(x)", "add(t₁, x)"]);
  expect(stepsOf(graph)[1][1]).toMatch(/^x: ∂Σ y\/∂t₁ · ∂t₁\/∂x = /);
});

it("means and cross entropies say by how many they divide", () => {
  const x = ones([4, 3], { requiresGrad: true });
  const t = tensor([0, 1, 2, 1], { dtype: "int32" });
  const formulaOf = (program: () => Tensor) => {
    const graph = openGraph(recorded(program), { x, t }).snapshot();
    return inNames(graph, nodeOf(graph, graph.nodes[graph.nodes.length - 1].name).formula);
  };
  const { crossEntropy, mseLoss } = nn.functional;
  expect(formulaOf(() => x.mean())).toBe("Σ x / 12");
  expect(formulaOf(() => x.mean(1, { keepdim: true }))).toBe("Σ x / 3");
  expect(formulaOf(() => mseLoss(x, ones([4, 3])))).toBe("Σ (x − x₁)² / 12");
  expect(formulaOf(() => crossEntropy(x, t))).toBe("Σ −log softmax(x)[t] / 4");
  expect(formulaOf(() => crossEntropy(x, t, { reduction: "sum" }))).toBe("crossEntropy(x, t)");
});
