/** What the tiny page of view.test.ts runs: two programs, whose graphs it shows; here the engine is on the page itself. */
import { recorded } from "../../../docs/site/client/graph/recording.ts";
import { openGraph } from "../../../docs/site/client/graph/snapshot.ts";
import type { Language } from "../../../docs/site/client/graph/texts.ts";
import { GraphView } from "../../../docs/site/client/graph/view.ts";
import { manualSeed, nn, rand, randn, tensor } from "../../../src/index.ts";

const programs = {
  product() {
    const [a, b] = [2, 3].map((value) => tensor(value, { requiresGrad: true }));
    const c = a.mul(b);
    const d = c.add(a);
    return openGraph(d, { a, b, c, d });
  },
  /** The guide's, in its chapter on batch norm. */
  batchNorm() {
    manualSeed(0);
    const x = randn([8, 3], { dtype: "float64", requiresGrad: true });
    const [gamma, beta] = [0, 1].map(() => rand([3], { dtype: "float64", requiresGrad: true }));
    const dy = randn([8, 3], { dtype: "float64" });
    const layer = nn.functional.batchNorm(x, null, null, { weight: gamma, bias: beta, training: true });
    return openGraph(layer.mul(dy).sum(), { x, gamma, beta, layer, dy });
  },
  /** What is no number, what is long, and what is deep. */
  extremes() {
    const [a, longer] = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => tensor(value, { requiresGrad: true }));
    let y = a.mul(longer);
    for (let i = 0; i < 60; i++) y = y.mul(longer).add(a);
    const veryLong = "a name of so many letters that no box is as wide as it would have to be".replaceAll(" ", "_");
    return openGraph(y, { a, [veryLong]: longer });
  },
  network() {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.ReLU(), new nn.Linear(4, 2));
    const x = randn([5, 3]);
    const target = tensor([0, 1, 1, 0, 1], { dtype: "int32" });
    const loss = nn.functional.crossEntropy(model.forward(x), target);
    return openGraph(loss, { x, target, loss, model });
  },
};

type Program = keyof typeof programs;

export function show(program: Program, language: Language): void {
  const graph = recorded(programs[program]);
  const host = document.querySelector<HTMLElement>("main > div");
  if (!host) throw new Error("there is no place for it");
  host.replaceChildren();
  new GraphView(host, graph.snapshot(), { language, scrub: async (...change) => graph.scrub(...change) });
}
