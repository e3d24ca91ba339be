/** The package as users get it is the engine: the same names, classes and results. */
import { expect, it } from "vitest";
import * as edge from "../../src/edge/index.ts";
import * as engine from "../../src/index.ts";

const { nn, ones, tensor } = edge;

it("has every name of the engine, in its namespaces too", () => {
  const names = (object: object) => Object.keys(object).sort();
  expect(names(edge)).toEqual(names(engine));
  expect(names(nn)).toEqual(names(engine.nn));
  expect(names(edge.optim)).toEqual(names(engine.optim));
  expect(names(nn.functional)).toEqual(names(engine.nn.functional));
  expect(names(edge.optim.lrScheduler)).toEqual(names(engine.optim.lrScheduler));
});

it("makes objects of the engine's classes, which are of the user's", () => {
  const layer = new nn.Linear(2, 3);
  expect(layer).toBeInstanceOf(engine.nn.Linear);
  expect(layer).toBeInstanceOf(nn.Linear);
  expect(layer.constructor).toBe(nn.Linear);
  expect(nn.Linear.name).toBe("Linear");
  expect(String(layer)).toBe("Linear(in_features=2, out_features=3, bias=True)");
  expect(tensor([1])).toBeInstanceOf(edge.Tensor);
});

it("lets classes be extended, whose own constructors take what they like", () => {
  class Scaled extends nn.Linear {
    readonly scale: number;

    constructor(scale: number) {
      super(2, 2, { bias: false });
      this.scale = scale;
    }
  }
  expect(new Scaled(3).scale).toBe(3);
  class Net extends nn.Module {
    readonly scaled = new Scaled(2);
    override forward(x: engine.Tensor): engine.Tensor {
      return this.scaled.forward(x).relu();
    }
  }
  const net = new Net();
  expect(net.forward(ones([1, 2])).shape).toEqual([1, 2]);
  expect(net.parameters()).toHaveLength(1);
});

it("keeps functions' names", () => {
  expect(nn.functional.relu.name).toBe("relu");
  expect(ones.name).toBe("ones");
});
