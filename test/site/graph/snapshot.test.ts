/** Graphs to step through: what stands in them is what the engine computes, step by step, and again with other numbers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGraph, startRecording } from "../../../docs/site/client/graph/snapshot.ts";
import { grad, manualSeed, nn, noGrad, ones, randn, type Tensor, tensor } from "../../../src/index.ts";
import { nodeOf, stepsOf, textOf } from "./graphs.ts";

let stop: () => void;
beforeAll(() => {
  stop = startRecording();
});
afterAll(() => stop());

const leaf = (values: Parameters<typeof tensor>[0]) => tensor(values, { requiresGrad: true });
const valuesOf = (x: Tensor | null | undefined) => x && Array.from(x.data);

describe("d = a · b + a", () => {
  const program = (values: [a: number, b: number]) => {
    const [a, b] = values.map((value) => leaf(value));
    const c = a.mul(b);
    const d = c.add(a);
    return { a, b, c, d };
  };
  const graphOf = (values: [number, number]) => {
    const variables = program(values);
    return openGraph(variables.d, variables);
  };

  it("is the table of the guide", () => {
    const graph = graphOf([2, 3]).snapshot();
    const table = graph.nodes.map(({ name, value, gradient }) => [name, value.values[0], gradient?.values[0]]);
    expect(Object.fromEntries(table.map(([name, ...row]) => [name, row]))).toEqual({
      d: [8, 1],
      c: [6, 1],
      a: [2, 4],
      b: [3, 2],
    });
    expect(stepsOf(graph)).toEqual([
      ["d", "c: ∂d/∂d = 1, so 1", "a: ∂d/∂d = 1, so 1"],
      ["c", "a: ∂d/∂c · b = 3, so 4", "b: ∂d/∂c · a = 2, so 2"],
    ]);
  });

  it("says what each is, and how it is computed", () => {
    const graph = graphOf([2, 3]).snapshot();
    expect(
      graph.nodes.map(({ kind, name, operation, formula }) => [kind, name, operation, textOf(graph, formula)]),
    ).toEqual([
      ["leaf", "a", "", ""],
      ["leaf", "b", "", ""],
      ["operation", "c", "mul", "a · b"],
      ["result", "d", "add", "c + a"],
    ]);
    expect(graph.arrows.map(({ from, to }) => graph.nodes[from].name + graph.nodes[to].name)).toEqual([
      "ac",
      "bc",
      "cd",
      "ad",
    ]);
  });

  it("moves as a whole when a leaf does, and the program's tensors do not", () => {
    const variables = program([2, 3]);
    const graph = openGraph(variables.d, variables);
    expect({ ...graph.scrub(0, 0, -1.5), differs: false }).toEqual(graphOf([-1.5, 3]).snapshot());
    expect({ ...graph.scrub(1, 0, 10), differs: false }).toEqual(graphOf([-1.5, 10]).snapshot());
    expect(graph.scrub(0, 0, 2).differs).toBe(true);
    expect(graph.scrub(1, 0, 3)).toEqual(graphOf([2, 3]).snapshot());
    expect([variables.a.item(), variables.d.item(), variables.a.grad]).toEqual([2, 8, null]);
  });

  it("can be posted", () => {
    const graph = graphOf([2, 3]).snapshot();
    expect(structuredClone(graph)).toEqual(graph);
  });

  it("can be opened after backward, which used up the program's graph", () => {
    const variables = program([2, 3]);
    variables.d.backward();
    expect(openGraph(variables.d, variables).snapshot()).toEqual(graphOf([2, 3]).snapshot());
    expect(variables.a.grad?.item()).toBe(4);
  });
});

describe("a network", () => {
  function network() {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.ReLU(), new nn.Linear(4, 2));
    const x = randn([5, 3]);
    const target = tensor([0, 1, 1, 0, 1], { dtype: "int32" });
    return { model, x, target };
  }
  const lossOf = ({ model, x, target }: ReturnType<typeof network>) =>
    nn.functional.crossEntropy(model.forward(x), target);

  it("has grad()'s gradients, bit by bit", () => {
    const setting = network();
    const loss = lossOf(setting);
    const graph = openGraph(loss, { ...setting, loss }).snapshot();
    const parameters = setting.model.namedParameters();
    const expected = grad(
      loss,
      parameters.map(([, parameter]) => parameter),
    );
    for (const [i, [name]] of parameters.entries())
      expect([name, nodeOf(graph, `model.${name}`).gradient?.values]).toEqual([name, valuesOf(expected[i])]);
    expect([graph.of, graph.differs]).toEqual(["loss", false]);
    expect(graph.nodes.map(({ operation }) => operation).filter(Boolean)).toEqual([
      "linear",
      "batchNorm",
      "relu",
      "linear",
      "crossEntropy",
    ]);
  });

  it("has the gradients of all between", () => {
    const { model, x, target } = network();
    const values: Record<string, Tensor> = {};
    let h = x;
    for (const [i, layer] of [...model].entries()) values[`h${i}`] = h = layer.forward(h);
    const loss = nn.functional.crossEntropy(h, target);
    const graph = openGraph(loss, values, { loss }).snapshot();
    const expected = grad(loss, Object.values(values));
    for (const [i, name] of Object.keys(values).entries()) {
      const node = nodeOf(graph, name);
      expect([name, node.value.values]).toEqual([name, valuesOf(values[name])]);
      expect([name, node.gradient?.values]).toEqual([name, valuesOf(expected[i])]);
    }
  });

  it("moves when an input does: the batch's statistics, too", () => {
    const setting = network();
    const loss = lossOf(setting);
    const graph = openGraph(loss, { ...setting, loss });
    const { nodes } = graph.snapshot();
    const place = nodes.findIndex(({ name }) => name === "x");
    expect(nodes[place].kind).toBe("constant");
    const changed = network();
    changed.x = tensor(setting.x.toArray());
    noGrad(() => changed.x.select(0, 2).select(0, 1).fill_(3));
    const other = lossOf(changed);
    const expected = openGraph(other, { ...changed, loss: other }).snapshot();
    expect({ ...graph.scrub(place, 7, 3), differs: false }).toEqual(expected);
  });

  it("leaves running averages and the program's random numbers alone", () => {
    const { model, x } = network();
    const loss = nn.functional.dropout(model.forward(x), 0.5).sum();
    const before = model.stateDict();
    const copy = Object.fromEntries(Object.entries(before).map(([key, value]) => [key, value.toArray()]));
    manualSeed(1);
    const next = randn(3);
    manualSeed(1);
    openGraph(loss).snapshot();
    expect(valuesOf(randn(3))).toEqual(valuesOf(next));
    for (const [key, value] of Object.entries(model.stateDict()))
      expect([key, value.toArray()]).toEqual([key, copy[key]]);
  });

  it("says when what it shows is not what the program computed", () => {
    const drawn = nn.functional.dropout(ones(20, { requiresGrad: true }), 0.5).sum();
    expect(openGraph(drawn).snapshot().differs).toBe(true);
    const x = leaf(2);
    const y = x.mul(3);
    noGrad(() => x.fill_(5));
    expect(openGraph(y).snapshot().differs).toBe(true);
  });
});

describe("paths that meet", () => {
  it("are terms of their own, also where one value is both operands", () => {
    const x = leaf(3);
    const y = x.mul(x).add(x);
    expect(stepsOf(openGraph(y, { x, y }).snapshot())).toEqual([
      ["y", "t₁: ∂y/∂y = 1, so 1", "x: ∂y/∂y = 1, so 1"],
      ["t₁", "x: ∂y/∂t₁ · x = 3, so 4", "x: ∂y/∂t₁ · x = 3, so 7"],
    ]);
  });

  it("are visited once each: twenty diamonds", () => {
    let x = leaf(1);
    for (let i = 0; i < 20; i++) x = x.add(x);
    const { steps, nodes } = openGraph(x).snapshot();
    expect([steps.length, nodes[0].gradient?.values]).toEqual([20, [2 ** 20]]);
  });

  it("add up in a function of several operations, too", () => {
    const x = leaf([1, 2, 3]);
    const y = nn.functional.mseLoss(x, x.mul(2));
    const graph = openGraph(y, { x, y }).snapshot();
    expect(nodeOf(graph, "x").gradient?.values).toEqual(valuesOf(grad(nn.functional.mseLoss(x, x.mul(2)), [x])[0]));
  });
});

describe("shapes", () => {
  it("sum up what was broadcast", () => {
    const [matrix, row] = [
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      leaf([10, 20]),
    ];
    const y = matrix.mul(row);
    const graph = openGraph(y, { matrix, row, y }).snapshot();
    expect(graph.of).toBe("Σ y");
    expect(stepsOf(graph)).toEqual([["y", "row: Σ ∂Σ y/∂y · matrix = 9 12, so 9 12"]]);
  });

  it("are told by the first numbers and what all are like, if there are many", () => {
    const x = leaf(Array.from({ length: 100 }, (_, i) => i));
    const { nodes } = openGraph(x.mul(2)).snapshot();
    expect(nodes[1].value).toEqual({
      shape: [100],
      values: [0, 2, 4, 6, 8, 10, 12, 14],
      count: 100,
      summary: { mean: 99, std: expect.closeTo(2 * Math.sqrt((100 ** 2 - 1) / 12), 10), min: 0, max: 198 },
    });
  });

  it("are those of views and of what several tensors come out of", () => {
    const x = leaf([
      [1, 9],
      [4, 3],
    ]);
    const { values } = x.t().max(1);
    const y = values.mul(values).sum();
    const graph = openGraph(y, { x, values, y });
    expect(nodeOf(graph.snapshot(), "x").gradient?.values).toEqual([0, 18, 8, 0]);
    expect(nodeOf(graph.scrub(0, 3, 10), "x").gradient?.values).toEqual([0, 0, 8, 20]);
  });

  it("follow what decides without a gradient", () => {
    const x = leaf([-1, 2]);
    const y = x.mul(x.gt(0)).sum();
    const graph = openGraph(y, { x });
    expect(nodeOf(graph.snapshot(), "x").gradient?.values).toEqual([0, 1]);
    expect(nodeOf(graph.scrub(0, 0, 4), "x").gradient?.values).toEqual([1, 1]);
  });
});

describe("errors", () => {
  it("say what to do", () => {
    expect(() => openGraph(ones(2))).toThrow("this tensor does not require grad: there is no way back from it");
    expect(() => openGraph(leaf(2))).toThrow("this tensor is a leaf");
    const y = leaf(2).mul(3);
    y.add_(1);
    stop();
    const unseen = leaf(2).mul(3);
    stop = startRecording();
    expect(() => openGraph(unseen.mul(2))).toThrow("it was not noted how MulBackward0 computed a tensor of this graph");
    expect(() => openGraph(y)).toThrow("a tensor in it was changed in place");
    expect(() => openGraph(leaf(2).mul(3)).scrub(1, 0, 2)).toThrow("only leaves and constants can be changed");
  });
});
