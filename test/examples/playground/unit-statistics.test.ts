/** One unit and a batch of digits: what the playground shows of batch norm, beside what the engine's own layers give. */
import { beforeEach, describe, expect, it } from "vitest";
import { placesOf, type UnitChoice, unitValues } from "../../../examples/playground/unit-statistics.ts";
import { UnitWatch } from "../../../examples/playground/unit-watch.ts";
import { grad, ImageDataset, manualSeed, nn, noGrad, rand, randint, type Tensor } from "../../../src/index.ts";

const N = 16;
const choice: UnitChoice = { layer: 1, unit: 3, statistics: "batch", only: null };
let images: Tensor;
let labels: Tensor;

beforeEach(() => {
  manualSeed(0);
  images = rand([N, 1, 28, 28], { dtype: "float64" });
  labels = randint(0, 10, [N]);
});

/** Two hidden layers, with running statistics that have moved. */
function newNetwork(norm: (units: number) => nn.Module[]): nn.Sequential {
  const hidden = (inputs: number, units: number) => [new nn.Linear(inputs, units), ...norm(units), new nn.ReLU()];
  const network = new nn.Sequential(new nn.Flatten(), ...hidden(784, 20), ...hidden(20, 12), new nn.Linear(12, 10));
  for (const parameter of network.parameters()) noGrad(() => parameter.add_(rand(parameter.shape).mul(0.1)));
  return moved(network);
}
/** In float64, so that other orders of summing make no difference that could be seen. */
function moved(network: nn.Sequential): nn.Sequential {
  network.to("float64").forward(images);
  return network;
}
const newConvNet = (norm = (units: number): nn.Module => new nn.BatchNorm2d(units)) => {
  const network = new nn.Sequential(
    ...[new nn.Conv2d(1, 5, 3), norm(5), new nn.ReLU(), new nn.MaxPool2d(2)],
    ...[new nn.Conv2d(5, 6, 3), norm(6), new nn.ReLU(), new nn.Flatten(), new nn.Linear(6 * 121, 10)],
  );
  return moved(network);
};
const withBatchNorm = () => newNetwork((units) => [new nn.BatchNorm1d(units)]);

/** What the engine's layers have at the place of the choice: what enters its norm, or its ReLU; what leaves; both gradients. */
function engine(network: nn.Sequential, { layer, unit }: UnitChoice, on = images) {
  const layers = [...network];
  const relu = layers.filter((each) => each instanceof nn.ReLU)[layer];
  const place = layers.indexOf(relu);
  const start = layers[place - 1] instanceof nn.Linear ? place : place - 1;
  const through = (x: Tensor, from: number, to: number) => layers.slice(from, to).reduce((y, l) => l.forward(y), x);
  const x = through(on, 0, start).detach().requiresGrad_();
  const y = through(x, start, place);
  const loss = nn.functional.crossEntropy(through(y, place, layers.length), labels);
  const [dx, dy] = grad(loss, [x, y]);
  const [n, c] = x.shape;
  const places = placesOf(n, x.numel / (n * c));
  const dots = (values: Tensor) =>
    places.map((at, i) => values.view(n, c, -1).select(0, i).select(0, unit).select(0, at).item());
  return { x: dots(x), y: dots(y), relu: dots(relu.forward(y)), dx: dots(dx), dy: dots(dy) };
}
/** To 1e-9 of the largest. */
function close(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const most = Math.max(...Array.from(expected, Math.abs));
  expect(most).toBeGreaterThan(0);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(1e-9 * most);
}

describe.each([
  ["BatchNorm1d", withBatchNorm],
  ["BatchNorm2d", () => newConvNet()],
  ["LayerNorm", () => newNetwork((units) => [new nn.LayerNorm(units)])],
  ["GroupNorm of one group", () => newConvNet((units) => new nn.GroupNorm(1, units))],
])("%s", (_, network) => {
  it.each(["batch", "running"] as const)(
    "forward and backward are the engine's, by the statistics of the %s",
    (statistics) => {
      const model = network();
      const values = unitValues(model, [images, labels], { ...choice, statistics });
      const { x, y, relu, dx, dy } = engine(statistics === "batch" ? model.train() : model.eval(), choice);
      close(values.raw, x);
      close(values.norm!.y, y);
      close(values.relu, relu);
      close(values.dy, dy);
      close(values.norm!.dx, dx);
    },
  );
});

describe("a unit with batch norm", () => {
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

  it("of a batch has mean 0, spread 1, and a gradient without a sum, alone and times x̂", () => {
    const { norm } = unitValues(withBatchNorm(), [images, labels], choice);
    const { xHat, dx, sums, shares, variance, eps } = norm!;
    expect(sum(xHat)).toBeCloseTo(0, 10);
    expect(sum(Array.from(xHat, (each) => each ** 2)) / N).toBeCloseTo(1, 3); // but for ε
    expect(sum(dx)).toBeCloseTo(0, 12);
    expect(Math.abs(sums.arrived[0])).toBeGreaterThan(1e-4);
    expect(sums.left[0]).toBeCloseTo(0, 12);
    expect(sums.leftXHat[0]).toBeCloseTo((sums.arrivedXHat[0] * eps) / (variance[0] + eps), 12); // 0, were there no ε
    expect(sum(shares)).toBeCloseTo(1, 3); // the three parts are perpendicular
  });

  it("by the running statistics loses nothing of its gradient, and alone all of it", () => {
    const running = unitValues(withBatchNorm(), [images, labels], { ...choice, statistics: "running" }).norm!;
    expect(running.left).toEqual(running.arrived);
    const { norm, right } = unitValues(withBatchNorm(), [images, labels], { ...choice, statistics: "alone" });
    expect(Math.max(...Array.from(norm!.xHat, Math.abs))).toBe(0);
    expect(Math.max(...Array.from(norm!.dx, Math.abs))).toBe(0);
    expect(Math.max(...Array.from(norm!.arrived, Math.abs))).toBeGreaterThan(0);
    expect(Array.from({ length: 10 }, (_, digit) => labels.eq(digit).sum().item())).toContain(right); // one answer for all
  });

  it("is not changed by being looked at", () => {
    const network = withBatchNorm();
    const state = () => Object.entries(network.stateDict()).map(([name, { data }]) => [name, ...data]);
    const before = state();
    for (const statistics of ["batch", "running", "alone"] as const) {
      unitValues(network, [images, labels], { ...choice, statistics });
    }
    expect(state()).toEqual(before);
    expect(network.parameters().every(({ grad }) => grad === null)).toBe(true);
  });
});

it("without batch norm there are the raw values, and what ReLU makes of them", () => {
  const network = newNetwork(() => []);
  const { raw, relu, dy, norm } = unitValues(network, [images, labels], choice);
  const expected = engine(network, choice);
  expect(norm).toBeNull();
  close(raw, expected.x);
  close(relu, expected.relu);
  close(dy, expected.dy);
});

describe("the digits that are watched", () => {
  const digits = new ImageDataset({
    images: Uint8Array.from({ length: 30 * 784 }, (_, i) => Math.floor(i / 784)),
    targets: Int32Array.from({ length: 30 }, (_, i) => i % 10),
    height: 28,
    width: 28,
    classes: [..."0123456789"],
  });
  const network = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 12), new nn.ReLU(), new nn.Linear(12, 10));

  it("are the first of the set, or of a class, and are told only when they are new", () => {
    const watch = new UnitWatch(digits, 8);
    const first = watch.look([network], { ...choice, layer: 0 });
    expect([...first.pictures!.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(first.pictures!.images[784 * 5]).toBe(5);
    expect(watch.look([network], { ...choice, layer: 0 }).pictures).toBeNull();
    expect([...watch.look([network], { ...choice, layer: 0, only: 3 }).pictures!.labels]).toEqual([3, 3, 3]);
  });

  it("are looked at with the nearest unit that there is", () => {
    const {
      choice: shown,
      layers,
      units,
    } = new UnitWatch(digits, 8).look([network], { ...choice, layer: 4, unit: 99 });
    expect(shown).toMatchObject({ layer: 0, unit: 11 });
    expect([layers, units]).toEqual([1, 12]);
  });
});
