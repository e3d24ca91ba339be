/** Every layer computes, holds and prints what PyTorch's does: test/fixtures/layers.py wrote it, over a grid of options. */
import { describe, expect, it } from "vitest";
import { type DType, getBackend, manualSeed, nn, rand, setBackend, type Tensor, zeros } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";

interface Made {
  layer: string;
  args: unknown[];
  options: Record<string, unknown>;
  shape: number[];
}

interface LayerCase extends Made {
  dtype: DType;
  training: boolean;
  text: string;
  y: StoredTensor;
  dx: StoredTensor;
  dparameters: StoredTensor[];
  buffers: StoredTensor[];
}

const fixture = readFixture<{ cases: LayerCase[]; errors: (Made & { error: string })[] }>("layers.json");

const layers = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>;

const titled = <Case extends Made>(cases: Case[]) =>
  cases.map((layerCase) => {
    const { layer, args, options, shape } = layerCase;
    return { ...layerCase, title: `${layer} ${JSON.stringify(args)} ${JSON.stringify(options)} of [${shape}]` };
  });

describe.each(["js", "wasm"] as const)("on %s", (backend) => {
  it.each(titled(fixture.cases))("$title, $dtype", (layerCase) => {
    const before = getBackend();
    setBackend(backend);
    check(layerCase);
    setBackend(before);
  });
});

function check({ layer: name, args, options, shape, dtype, training, text, ...expected }: LayerCase): void {
  manualSeed(0);
  const layer = new layers[name](...args, { ...options, dtype }).train(training);
  const x = rand(shape, { dtype }).mul(2).sub(1).requiresGrad_();
  const y = layer.forward(x);
  y.backward(rand(y.shape, { dtype }));
  const tolerance = dtype === "float64" ? { rtol: 1e-12, atol: 1e-12 } : { rtol: 2e-6, atol: 2e-6 };
  const expectAll = (found: (Tensor | null)[], wanted: StoredTensor[]) => {
    expect(found).toHaveLength(wanted.length);
    for (const [i, tensor] of found.entries()) expectClose(tensor, wanted[i], tolerance);
  };
  expect(`${layer}`).toBe(text);
  expectAll([y, x.grad], [expected.y, expected.dx]);
  expectAll(
    layer.parameters().map(({ grad }) => grad),
    expected.dparameters,
  );
  expectAll(layer.buffers(), expected.buffers);
}

describe("refusals, in PyTorch's words", () => {
  it.each(titled(fixture.errors))("$title: $error", ({ layer, args, options, shape, error }) => {
    expect(() => new layers[layer](...args, options).forward(zeros(shape))).toThrow(error);
  });
});
