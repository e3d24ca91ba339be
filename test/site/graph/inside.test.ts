/** Nodes that are opened: in parts they compute what they compute at once, forward and backward. */
import { expect, it } from "vitest";
import { recorded } from "../../../docs/site/client/graph/recording.ts";
import { openGraph } from "../../../docs/site/client/graph/snapshot.ts";
import type { GraphNode, GraphSnapshot, Inside, Numbers, Terms } from "../../../docs/site/client/graph/types.ts";
import { manualSeed, nn, rand, randn, type Tensor, tensor } from "../../../src/index.ts";
import { nodeOf, stepsOf } from "./graphs.ts";

const { batchNorm, crossEntropy, linear } = nn.functional;

/** The graph of a program, and the node that it opens. */
function open(program: () => Tensor): { node: GraphNode; inside: Inside; inputs: GraphNode[] } {
  manualSeed(0);
  const graph = openGraph(recorded(program)).snapshot();
  const at = graph.nodes.findIndex(({ inside }) => inside !== null);
  const inputs = graph.arrows.filter(({ to }) => to === at).map(({ from }) => graph.nodes[from]);
  return { node: graph.nodes[at], inside: graph.nodes[at].inside as Inside, inputs };
}

const leaf = (shape: number[]) => rand(shape).add(0.5).detach().requiresGrad_();

/** To 1e-6 of the largest: the node computes in float32. */
function expectNear(found: Numbers | null, expected: Numbers | null): void {
  expect(found?.values.length).toBe(expected?.values.length);
  const size = Math.max(1, ...(expected?.values ?? []).map(Math.abs));
  for (const [i, value] of (found?.values ?? []).entries())
    expect(Math.abs(value - (expected?.values[i] ?? Number.NaN))).toBeLessThan(1e-6 * size);
}

/** The parts give the node's value, and its inputs the node's gradients. */
function expectSame({ node, inside, inputs }: ReturnType<typeof open>, names: string[]): void {
  const { graph } = inside;
  expectNear(graph.nodes.at(-1)?.value ?? null, node.value);
  for (const [i, name] of names.entries()) expectNear(nodeOf(graph, name).gradient, inputs[i].gradient);
}

const operationsOf = ({ nodes }: GraphSnapshot) => nodes.map(({ operation }) => operation).filter(Boolean);

it.each([[[6, 3]], [[2, 3, 4]], [[2, 3, 2, 2]]])("batch norm of %j is seven steps", (shape) => {
  const opened = open(() => {
    const [x, weight, bias] = [leaf(shape), leaf([3]), leaf([3])];
    return batchNorm(x, null, null, { weight, bias, training: true }).mul(randn(shape)).sum();
  });
  expectSame(opened, ["x", "γ", "β"]);
  expect(operationsOf(opened.inside.graph)).toEqual(
    ["mean", "centre", "variance", "1/√(σ² + ε)", "normalise", "scale", "shift"], // by name
  );
});

it("batch norm's gradient of x has three terms", () => {
  const opened = open(() => {
    const [x, weight, bias] = [leaf([6, 2]), leaf([2]), leaf([2])];
    return batchNorm(x, null, null, { weight, bias, training: true })
      .mul(randn([6, 2]))
      .sum();
  });
  const terms = opened.inside.terms as Terms;
  expectNear(terms.dx, opened.inputs[0].gradient);
  expect(terms.dy.values).toEqual(opened.node.gradient?.values);
  expect(terms.factor).toBe("γ s");
  const { graph } = opened.inside;
  const [xhat, gamma, s] = ["x̂", "γ", "s"].map((name) => nodeOf(graph, name).value.values);
  for (const [i, dx] of terms.dx.values.entries()) {
    const channel = i % 2;
    const factor = gamma[channel] * s[channel];
    expect(terms.direct.values[i]).toBeCloseTo(factor * terms.dy.values[i], 12);
    expect(terms.mean.values[i]).toBeCloseTo(-factor * terms.meanOfDy.values[channel], 12);
    expect(terms.variance.values[i]).toBeCloseTo(-factor * xhat[i] * terms.slope.values[channel], 12);
    expect(dx).toBeCloseTo(terms.direct.values[i] + terms.mean.values[i] + terms.variance.values[i], 12);
  }
  for (const channel of [0, 1]) {
    expect(terms.sums.dx.values[channel]).toBeCloseTo(0, 12);
    expect(terms.sums.direct.values[channel]).toBeCloseTo(-terms.sums.mean.values[channel], 12);
  }
});

it("each term comes along its own arrows, and is what the table says", () => {
  const opened = open(() => {
    const [x, weight, bias] = [leaf([6, 2]), leaf([2]), leaf([2])];
    return batchNorm(x, null, null, { weight, bias, training: true })
      .mul(randn([6, 2]))
      .sum();
  });
  const { graph, terms } = opened.inside;
  const nameOf = (node: number) => graph.nodes[node].name;
  const waysOf = graph.arrows.flatMap(({ from, to, ways }) =>
    ways.length > 0 ? [[nameOf(from), nameOf(to), ...ways]] : [],
  );
  expect(waysOf).toEqual([
    ["x", "μ", "mean"],
    ["x", "c", "direct", "variance"],
    ["μ", "c", "mean"],
    ["c", "σ²", "variance"],
    ["σ²", "s", "variance"],
    ["c", "x̂", "direct"],
    ["s", "x̂", "variance"],
  ]);
  const arrived = (from: string, to: string) =>
    graph.steps
      .flatMap(({ arrivals }) => arrivals)
      .find(({ arrow }) => nameOf(graph.arrows[arrow].from) === from && nameOf(graph.arrows[arrow].to) === to)?.term
      .values ?? [];
  for (const [i, value] of arrived("c", "x̂").entries())
    expect(value).toBeCloseTo(terms?.direct.values[i] ?? Number.NaN, 12);
  for (const [i, value] of arrived("c", "σ²").entries())
    expect(value).toBeCloseTo(terms?.variance.values[i] ?? Number.NaN, 12);
  for (const [i, value] of arrived("x", "μ").entries())
    expect(value).toBeCloseTo(terms?.mean.values[i] ?? Number.NaN, 12);
});

it("batch norm without γ and β is five steps, and in a layer the same as in a function", () => {
  const layer = new nn.BatchNorm1d(3, { affine: false });
  const opened = open(() =>
    layer
      .forward(leaf([6, 3]))
      .mul(randn([6, 3]))
      .sum(),
  );
  expectSame(opened, ["x"]);
  expect(operationsOf(opened.inside.graph).length).toBe(5);
});

it("batch norm in evaluation is made of operations already", () => {
  const layer = new nn.BatchNorm1d(3).eval();
  manualSeed(0);
  const { nodes } = openGraph(recorded(() => layer.forward(leaf([6, 3])).sum())).snapshot();
  expect(nodes.every(({ inside }) => inside === null)).toBe(true);
});

it("a linear map is a product and a shift", () => {
  const opened = open(() =>
    linear(leaf([4, 3]), leaf([2, 3]), leaf([2]))
      .mul(randn([4, 2]))
      .sum(),
  );
  expectSame(opened, ["x", "W", "b"]);
  expect(operationsOf(opened.inside.graph)).toEqual(["product", "shift"]);
});

it("cross entropy is a log softmax, of which one number a sample is picked, and a mean", () => {
  const target = tensor([0, 2, 1, 1], { dtype: "int32" });
  const opened = open(() => crossEntropy(leaf([4, 3]), target));
  expectSame(opened, ["x"]);
  expect(operationsOf(opened.inside.graph)).toEqual(["log softmax", "pick", "mean"]);
  const ignoring = open(() => new nn.CrossEntropyLoss().forward(leaf([4, 3]), target));
  expectSame(ignoring, ["x"]);
});

it("cross entropy of ignored targets or of probabilities stays closed", () => {
  for (const target of [
    tensor([0, -100], { dtype: "int32" }),
    tensor([
      [0.5, 0.5],
      [1, 0],
    ]),
  ]) {
    const { nodes } = openGraph(recorded(() => crossEntropy(leaf([2, 2]), target))).snapshot();
    expect(nodes.at(-1)?.inside).toBeNull();
  }
});

it("has the gradient of the outer loss", () => {
  const { inside } = open(() =>
    batchNorm(leaf([3, 1]), null, null, { training: true })
      .pow(3)
      .sum(),
  );
  expect(inside.graph.of).toBe("L");
  const [[first]] = stepsOf(inside.graph);
  expect(first).toBe("y");
});
