/** The package as users get it is the engine: the same names, classes and results. */
import { expect, it } from "vitest";
import * as edge from "../../src/edge/index.ts";
import { leftOut } from "../../src/edge/left-out.ts";
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

it("says of what is left out on purpose that it is, why, and what to do", () => {
  const has = (owner: object, name: string) => Reflect.get(owner, name) as new (...args: unknown[]) => object;
  const { cuda } = tensor([1]) as unknown as { cuda: () => void };
  const sentence =
    "Tensor.cuda is left out on purpose. There is one device, the CPU, and every tensor is on it: leave out";
  expect(cuda).toThrow(sentence);
  expect(has(new nn.Linear(1, 1), "half")).toThrow("nn.Module.half is left out on purpose.");
  expect(() => new (has(nn, "DataParallel"))(new nn.Linear(1, 1))).toThrow("nn.DataParallel is left out on purpose.");
  expect(() => new (has(edge.optim, "SparseAdam"))([])).toThrow("All tensors are dense");
  for (const [why, names] of leftOut) {
    for (const name of names.split(" ")) {
      const path = name.replace(/^(Tensor|nn\.Module)/, "$1.prototype").split(".");
      const value = path.reduce((owner: object, part) => Reflect.get(owner, part) as object, edge);
      expect(value).toThrow(`${name} is left out on purpose. ${why}`);
    }
  }
  expect(Object.keys(nn)).not.toContain("DataParallel");
});

it("leaves the names of what is left out to who extends a class", () => {
  class Halves extends nn.Module {
    half = new nn.Linear(2, 1);
    cuda(): string {
      return "mine";
    }
    override forward = (x: engine.Tensor) => this.half.forward(x);
  }
  const net = new Halves();
  expect([net.cuda(), Object.keys(net.stateDict())]).toEqual(["mine", ["half.weight", "half.bias"]]);
  const assigned = Object.assign(new nn.Identity(), { half: new nn.Linear(2, 1) });
  expect(assigned.parameters()).toHaveLength(2);
});

it("keeps functions' names", () => {
  expect(nn.functional.relu.name).toBe("relu");
  expect(ones.name).toBe("ones");
});
