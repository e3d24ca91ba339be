/** Which unit is shown first: a network made by hand says which it has to be. */
import { expect, it } from "vitest";
import { newNetwork } from "../../../examples/playground/networks.ts";
import { contestant, defaults, defaultsOf } from "../../../examples/playground/settings.ts";
import { tellingUnit } from "../../../examples/playground/telling-unit.ts";
import { Trainer } from "../../../examples/playground/trainer.ts";
import { ImageDataset, manualSeed, nn, noGrad, rand, tensor } from "../../../src/index.ts";

/** One picture element, and a unit for each of these weights and biases: x · weight + bias enters ReLU. */
function network(units: readonly (readonly [weight: number, bias: number])[]): nn.Sequential {
  const linear = new nn.Linear(1, units.length);
  noGrad(() => {
    linear.weight.copy_(tensor(units.map(([weight]) => [weight])));
    linear.bias!.copy_(tensor(units.map(([, bias]) => bias)));
  });
  return new nn.Sequential(linear, new nn.ReLU());
}

it("has most on both sides of 0: not all passed, not all cut off, not in one heap", () => {
  const pictures = tensor([[-1], [1]]);
  const [passed, cut, heap, wide] = [[1, 5], [1, -5], [0.1, 0], [2, 0.5]] as const; // biome-ignore format: units
  expect(tellingUnit([network([passed, cut, heap, wide])], pictures, 0)).toBe(3);
  expect(tellingUnit([network([wide, wide])], pictures, 0)).toBe(0); // the first of equals
});

it("has it in the network that has least of it", () => {
  const pictures = tensor([[-1], [1]]);
  const first = network([[9, 0], [1, 0]]); // biome-ignore format: units
  const second = network([[0.1, 0], [1, 0]]); // biome-ignore format: units
  expect(tellingUnit([first, second], pictures, 0)).toBe(1);
});

it.each([
  ["fully connected", { ...defaults, width: 16 }, 1],
  ["of convolutions", defaultsOf("cnn"), 0],
])("is the same whenever the same networks start, and stays while they train: %s", (_, settings, layer) => {
  manualSeed(0);
  const count = 2 * settings.batchSize;
  const images = Uint8Array.from(rand([count * 784]).mul(255).data);
  const targets = Int32Array.from({ length: count }, (_, i) => i % 10);
  const set = new ImageDataset({ images, targets, height: 28, width: 28, classes: [..."0123456789"] });
  const wish = { layer, unit: null, statistics: "batch", only: null } as const;
  const shown = () => {
    const trainer = new Trainer({ train: set, test: set }, settings);
    const { unit } = trainer.unit(wish).choice;
    trainer.step();
    expect(trainer.unit(wish).choice.unit).toBe(unit);
    return unit;
  };
  const unit = shown();
  expect(shown()).toBe(unit);
  const network = newNetwork(settings, contestant("batch"));
  const before = Object.values(network.stateDict()).map(({ data }) => [...data]);
  tellingUnit([network], rand([8, 1, 28, 28]), layer);
  expect(Object.values(network.stateDict()).map(({ data }) => [...data])).toEqual(before);
});
