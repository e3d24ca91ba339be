/** A module in another dtype computes and trains as PyTorch's, with the parameters that its optimizer has. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, ones, optim, randn, type Tensor, tensor } from "../../src/index.ts";
import { Answers, expectClose, torch, unobserved } from "../support/index.ts";

const answers = new Answers("casting");

manualSeed(0);
const [x, y] = [randn([4, 3]), randn([4, 3], { dtype: "float64" })];
const rough = { rtol: 2e-5, atol: 2e-6 }; // some of it was float32

const make = () => {
  torch.manualSeed(0);
  return new torch.nn.Sequential(new torch.nn.Linear(3, 2), new torch.nn.BatchNorm1d(2), new torch.nn.Linear(2, 1));
};

describe("to, double and float", () => {
  for (const [name, cast] of Object.entries<(model: nn.Module) => nn.Module>({
    double: (model) => model.double(),
    "double and float": (model) => model.double().float(),
    'to "float64"': (model) => model.to("float64"),
    'to "float32"': (model) => model.to("float32"),
  })) {
    answers.it(
      `${name}: the state, the output and the gradients`,
      () => {
        const model = make();
        model.forward(x).pow(2).sum().backward();
        const before = unobserved(model).parameters();
        expect(unobserved(cast(model))).toBe(unobserved(model));
        expect(
          unobserved(model)
            .parameters()
            .every((parameter, i) => parameter === before[i]),
        ).toBe(true);
        const gradients = model.parameters().map(({ grad }) => grad);
        const input = unobserved(model).parameters()[0].dtype === "float64" ? y : x;
        return [model.stateDict(), gradients, model.eval().forward(input)];
      },
      rough,
    );
  }

  /** Three steps, of which the first is taken before `cast`. */
  const trained = (makeOptimizer: (params: Tensor[]) => optim.Optimizer<object>, cast: (model: nn.Module) => void) => {
    torch.manualSeed(0);
    const model = new torch.nn.Sequential(new torch.nn.Linear(3, 2), new torch.nn.Tanh(), new torch.nn.Linear(2, 1));
    const optimizer = makeOptimizer(model.parameters());
    for (const input of [x, y, y]) {
      const dtype = unobserved(model).parameters()[0].dtype;
      optimizer.zeroGrad();
      model.forward(input.to(dtype)).pow(2).sum().backward();
      optimizer.step();
      if (input === x) cast(model);
    }
    return Object.values(model.stateDict());
  };

  const sgd = (params: Tensor[]) => new torch.optim.SGD(params, { lr: 0.1, momentum: 0.9 });
  answers.it("an optimizer goes on with the parameters", () => trained(sgd, (model) => model.double()), rough);

  const others: Record<string, (params: Tensor[]) => optim.Optimizer<object>> = {
    Adam: (params) => new optim.Adam(params, { lr: 0.1 }),
    RMSprop: (params) => new optim.RMSprop(params, { lr: 0.1, momentum: 0.5 }),
    Adadelta: (params) => new optim.Adadelta(params),
  };
  it.each(Object.keys(others))("%s does, too, where PyTorch fails: its state is of two dtypes", (name) => {
    const cast = unobserved(trained(others[name], (model) => model.double()));
    const plain = unobserved(trained(others[name], () => {}));
    for (const [i, value] of cast.entries()) expectClose(value, plain[i].data, rough);
  });

  answers.it("whole numbers are refused", () => torch.error(() => make().to("int32"), null));

  it("what was shared stays shared, and what was recorded before can no longer be followed", () => {
    const [one, other] = [new nn.Linear(2, 2), new nn.Linear(2, 2)];
    Object.assign(other, { weight: one.weight });
    const loss = other.forward(one.forward(ones([1, 2]))).sum();
    new nn.Sequential(one, other).double();
    expect(other.weight).toBe(one.weight);
    expect(one.weight.dtype).toBe("float64");
    expect(() => loss.backward()).toThrow("has been modified by an inplace operation");
  });

  it("a view of a parameter keeps the memory that it had", () => {
    const data = tensor([1, 2]);
    const model = new nn.ParameterList([new nn.Parameter(data)]);
    model.double();
    data.fill_(7);
    expect([model.at(0).dtype, model.at(0).toArray()]).toEqual(["float64", [1, 2]]);
  });

  it("a lazy layer is made in that dtype", () => {
    const layer = new nn.LazyLinear(2).double();
    expect(layer.forward(ones([1, 3], { dtype: "float64" })).dtype).toBe("float64");
    expect(new optim.SGD(layer.parameters()).paramGroups[0].params[0].shape).toEqual([2, 3]);
  });
});
