/** Every operation, at its sample inputs: computed again it gives the same, and with other numbers what the program would give. */
import { expect, it } from "vitest";
import { recorded } from "../../../docs/site/client/graph/recording.ts";
import { openGraph } from "../../../docs/site/client/graph/snapshot.ts";
import { grad, noGrad, onesLike, type Tensor } from "../../../src/index.ts";
import { isFloatingPoint } from "../../../src/tensor/dtype.ts";
import { freshLeaf, tensorsOf } from "../../autograd/ops/calls.ts";
import { samples } from "../../autograd/samples.ts";
import type { Sample } from "../../autograd/sampling.ts";
import { unobserved, unwatched } from "../../support/index.ts";

/** What a program computes of a sample's inputs, of which the first may be moved a little. */
function compute({ f, inputs }: Sample, moved: boolean) {
  const leaves = inputs.map((x) => unobserved(freshLeaf(x)));
  if (moved)
    noGrad(() =>
      leaves[0]
        .view(-1)
        .select(0, 0)
        .add_(1 / 64),
    );
  const [y] = unwatched(() => recorded(() => tensorsOf(f(...leaves)).map(unobserved)));
  return { leaves, y };
}

const numbers = (x: Tensor | null) => (x ? Array.from(x.data) : []);

/** The graph of a sample, and what grad() says of each of its leaves. */
function graphOf(sample: Sample, moved = false) {
  const { leaves, y } = compute(sample, moved);
  const graph = openGraph(y, Object.fromEntries(leaves.map((x, i) => [`x${i}`, x])), { y });
  const used = leaves.filter((x) => x.requiresGrad);
  const gradients = grad(y, used, { gradOutputs: [onesLike(y)], allowUnused: true });
  const expected = Object.fromEntries(used.map((x, i) => [`x${leaves.indexOf(x)}`, numbers(gradients[i])]));
  return { leaves, y, graph, expected };
}

function check(sample: Sample): void {
  const { graph, expected, leaves } = graphOf(sample);
  const now = graph.snapshot();
  expect(now.differs).toBe(false);
  for (const { name, value, gradient } of now.nodes)
    if (value.summary === null && name in expected)
      expect([name, gradient?.values ?? []]).toEqual([name, expected[name]]);
  const place = now.nodes.findIndex(({ name }) => name === "x0");
  if (place < 0 || leaves[0].numel === 0 || !isFloatingPoint(leaves[0].dtype)) return;
  const moved = graphOf(sample, true);
  const scrubbed = graph.scrub(place, 0, moved.leaves[0].data[0]);
  expect({ ...scrubbed, differs: false }).toEqual(moved.graph.snapshot());
}

/** These are given what functions computed that nobody sees, or change what they were given. */
const refused: Readonly<Record<string, RegExp>> = {
  "qr svd lu luSolve svdLowrank pcaLowrank sampleInput sampleWeights": /not noted/,
  "linalg.qr linalg.eigh linalg.eigvalsh linalg.svd linalg.svdvals linalg.matrixNorm linalg.norm linalg.cond":
    /not noted/,
  "linalg.luFactor linalg.luFactorEx linalg.lu linalg.luSolve": /not noted/,
  indexPut: /changed in place/,
};
const refusal = (operation: string) =>
  Object.entries(refused).find(([names]) => names.split(" ").includes(operation))?.[1];

const hasGraph = ({ f, inputs }: Sample) =>
  unwatched(() => {
    const y = unobserved(tensorsOf(f(...inputs))[0]);
    return y.requiresGrad && y.numel > 0 && !inputs.map(unobserved).includes(y);
  });

for (const [operation, list] of Object.entries(samples)) {
  it(operation, () => {
    const checkAll = () => list.filter(hasGraph).forEach(check);
    const message = refusal(operation);
    if (message) expect(checkAll).toThrow(message);
    else checkAll();
  });
}
