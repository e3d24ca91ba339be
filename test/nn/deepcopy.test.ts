/** A module's copy computes the same, and shares nothing with it; what was shared in it, is in the copy. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, noGrad, ones, randn, type Tensor, zeros } from "../../src/index.ts";

class Net extends nn.Module {
  readonly first = new nn.Linear(2, 2);
  readonly tied = [this.first.weight, { again: this.first }];
  readonly byName = new Map([["scale", new nn.Parameter(ones(2), false)]]);
  readonly seen = new Set([this.first]);
  readonly norm = new nn.BatchNorm1d(2);
  readonly list = new nn.ModuleList([new nn.Sequential(new nn.ReLU(), new nn.Linear(2, 1))]);
  readonly dict = new nn.ModuleDict({ out: new nn.Linear(1, 1) });
  readonly tanh = (x: Tensor) => x.tanh();
  readonly average = this.registerBuffer("average", zeros(2), { persistent: false });
  readonly nothing = this.registerParameter("nothing", null);

  override forward(x: Tensor): Tensor {
    const y = this.tanh(this.norm.forward(this.first.forward(x))).mul(this.byName.get("scale") as Tensor);
    return this.dict.get("out").forward(this.list.at(0).forward(y));
  }
}

describe("deepcopy", () => {
  manualSeed(0);
  const net = new Net();
  const x = randn([4, 2]);
  net.forward(x).sum().backward();
  net.eval().norm.train();
  const copy = net.deepcopy();

  it("gives the same class, text, state, modes and gradients", () => {
    expect(copy).toBeInstanceOf(Net);
    expect(String(copy)).toBe(String(net));
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(net.stateDict()));
    expect(copy.modules().map(({ training }) => training)).toEqual(net.modules().map(({ training }) => training));
    const [own, others] = [copy, net].map((module) => module.namedParameters());
    expect(own.map(([name]) => name)).toEqual(others.map(([name]) => name));
    own.forEach(([, parameter], i) => {
      expect(parameter.requiresGrad).toBe(others[i][1].requiresGrad);
      expect(parameter.toArray()).toEqual(others[i][1].toArray());
      expect(parameter.grad?.toArray()).toEqual(others[i][1].grad?.toArray());
    });
    expect(copy.forward(x).toArray()).toEqual(net.forward(x).toArray());
  });

  it("shares what was shared, and nothing with the original", () => {
    expect(copy.tied[0]).toBe(copy.first.weight);
    expect(copy.tied[1]).toEqual({ again: copy.first });
    expect(copy.seen.has(copy.first)).toBe(true);
    const tensors = new Set<Tensor>([...net.parameters(), ...net.buffers()]);
    for (const own of [...copy.parameters(), ...copy.buffers()]) expect(tensors.has(own)).toBe(false);
    const before = net.first.weight.toArray();
    noGrad(() => copy.first.weight.fill_(7));
    copy.dict.set("more", new nn.ReLU());
    expect(net.first.weight.toArray()).toEqual(before);
    expect(net.dict.length).toBe(1);
  });

  it("remembers what fields are", () => {
    Object.assign(copy, { nothing: zeros(2) });
    expect(() => copy.parameters()).toThrow("cannot assign 'torch.FloatTensor' as parameter 'nothing'");
    Object.assign(copy, { nothing: null });
    expect(Object.keys(copy.stateDict())).not.toContain("average");
    expect(copy.namedBuffers().map(([name]) => name)).toContain("average");
  });

  it("calls the same hooks, each with the module that it is called for, and has its own from then on", () => {
    const model = new nn.Sequential(new nn.Linear(2, 1));
    const [layer] = model;
    const seen: unknown[] = [];
    const handle = layer.registerForwardPreHook((module) => void seen.push(module));
    layer.registerForwardHook((_, __, y) => y.abs());
    layer.registerFullBackwardHook((module, _, [dy]) => void seen.push([module, dy?.item()]));
    layer.registerLoadStateDictPostHook((module) => void seen.push([module, "loaded"]));
    const [own] = model.deepcopy();
    handle.remove();
    expect(layer.forward(ones([1, 2])).item()).toBeGreaterThanOrEqual(0);
    expect(seen).toEqual([]);
    own.forward(ones([1, 2])).backward();
    own.loadStateDict(layer.stateDict());
    expect(seen.map((item) => [item].flat()[0])).toEqual([own, own, own]);
  });

  it("computes weights of its own parameters, where a hook does", () => {
    const layer = nn.utils.weightNorm(new nn.Linear(2, 1, { bias: false }));
    noGrad(() => layer.forward(ones([1, 2])));
    const own = layer.deepcopy();
    noGrad(() => own.getParameter("weight_g").fill_(3));
    own.forward(ones([1, 2]));
    expect(own.weight.norm().item()).toBeCloseTo(3, 5);
    expect(layer.weight.norm().item()).not.toBeCloseTo(3, 5);
    expect(Object.keys(nn.utils.removeWeightNorm(own).stateDict())).toEqual(["weight"]);
  });

  it("refuses a tensor that was computed, in PyTorch's words", () => {
    const layer = Object.assign(new nn.Identity(), { computed: net.first.weight.mul(2) });
    const words =
      "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment";
    expect(() => layer.deepcopy()).toThrow(words);
  });
});
