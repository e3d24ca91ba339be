/** Histograms of points are PyTorch's, with their edges and errors. */
import { describe } from "vitest";
import { Answers, torch } from "../../support/index.ts";

const answers = new Answers("histogramdd");
const { ones, tensor, zeros } = torch;

describe("histogramdd", () => {
  const { histogramdd } = torch;
  const x = () => tensor([[0, 1], [1, 0], [2, 0], [2, 2]]); // biome-ignore format: points
  const weight = () => tensor([1, 2, 4, 8]);
  answers.each({
    "histogramdd of two counts": () => histogramdd(x(), [2, 3]).hist,
    "histogramdd of one count": () => histogramdd(x(), 2).binEdges,
    "histogramdd in a range, weighed": () => histogramdd(x(), [2, 3], { range: [0, 1, 0, 1], weight: weight() }).hist,
    "histogramdd as a density": () =>
      histogramdd(x(), [2, 2], { range: [0, 2, -1, 3], weight: weight(), density: true }).hist,
    "histogramdd of edges": () => histogramdd(x(), [tensor([0, 1, 2]), tensor([0, 0.5])]).hist,
    "histogramdd of no points": () => histogramdd(zeros([0, 2]), [2, 2]).hist,
    "histogramdd of a cube": () => histogramdd(ones([3, 2, 3]), [2, 1, 2]).hist,
  });
  const refused: Record<string, () => unknown> = {
    "a vector": () => histogramdd(tensor([1, 2]), [2, 2]),
    "no bins": () => histogramdd(x(), [2, 0]),
    "a short range": () => histogramdd(x(), [2, 2], { range: [0, 1] }),
    "a reversed range": () => histogramdd(x(), [2, 2], { range: [0, 1, 2, 1] }),
    "other weights": () => histogramdd(x(), [2, 2], { weight: tensor([1]) }),
    "one vector of edges": () => histogramdd(x(), [tensor([0, 1])]),
    "a matrix of edges": () => histogramdd(x(), [tensor([0, 1]), tensor([[0, 1]])]),
    "no edges": () => histogramdd(x(), [tensor([0, 1]), zeros(0)]),
    "edges of another dtype": () => histogramdd(x(), [tensor([0, 1]), tensor([0, 1], { dtype: "float64" })]),
    "whole numbers": () => histogramdd(x().int(), [2, 2]),
  };
  for (const [name, call] of Object.entries(refused))
    answers.it(`error of histogramdd of ${name}`, () => torch.error(call, "\n"), {
      wording: { "\"histogramdd\" not implemented for 'Int'": /"histogramdd" not implemented for 'Int'/ },
    });
});
