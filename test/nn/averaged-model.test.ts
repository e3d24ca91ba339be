/** Averages of a model's weights are PyTorch's, and so are the statistics of batch norm that updateBn computes for them. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, optim, randn, type Tensor } from "../../src/index.ts";
import { Answers, torch, unobserved } from "../support/index.ts";

const { BatchNorm1d, InstanceNorm1d, Linear, Sequential } = torch.nn;
const { AveragedModel, updateBn } = torch.optim.swaUtils;

const answers = new Answers("averaged_model");

manualSeed(0);
const batches = Array.from({ length: 4 }, () => randn([6, 3], { dtype: "float64" }));
const dtype = "float64"; // batch norm makes much of the last digits
const network = () =>
  new Sequential(
    new Linear(3, 4, { dtype }),
    new BatchNorm1d(4, { dtype }),
    new Linear(4, 2, { dtype }),
    new BatchNorm1d(2, { momentum: null, affine: false, dtype }),
  );

/** Trains on each batch, and lets `look` see the model after each step. */
function train(model: nn.Module, look: () => void) {
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.5 });
  for (const x of batches) {
    optimizer.zeroGrad();
    model.forward(x).pow(3).sum().backward();
    optimizer.step();
    look();
  }
}

describe("AveragedModel", () => {
  const kinds: Record<string, optim.swaUtils.AveragedModelOptions> = {
    "of parameters": {},
    "of buffers, too": { useBuffers: true },
    "by a function": { avgFn: (average, parameter) => average.mul(0.9).add(parameter.mul(0.1)) },
    "by a function of the count, of buffers, too": {
      avgFn: (average, parameter, count) => average.add(parameter).div(count.add(2)),
      useBuffers: true,
    },
  };
  for (const [name, options] of Object.entries(kinds)) {
    answers.it(`${name}: state, output and text`, () => {
      torch.manualSeed(0);
      const model = network();
      const average = new AveragedModel(model, options as never);
      const before = average.stateDict();
      train(model, () => average.updateParameters(model));
      return [String(average), before, average.stateDict(), average.eval().forward(batches[0])];
    });
  }

  it("is of the model as it was: the first look copies it, and its memory stays its own", () => {
    const model = new nn.Linear(2, 1);
    const average = new optim.swaUtils.AveragedModel(model);
    nn.init.constant_(model.weight, 3);
    expect(average.module.weight.toArray()).not.toEqual([[3, 3]]);
    average.updateParameters(model);
    expect(average.module.weight.toArray()).toEqual([[3, 3]]);
    nn.init.constant_(model.weight, 5);
    expect(average.module.weight.toArray()).toEqual([[3, 3]]);
    expect(average.module.weight.requiresGrad).toBe(true);
  });

  it("loads what it saved, and goes on", () => {
    const model = new nn.Linear(2, 1);
    const [one, other] = [0, 1].map(() => new optim.swaUtils.AveragedModel(model));
    one.updateParameters(model);
    other.loadStateDict(one.stateDict());
    nn.init.constant_(model.weight, 5);
    for (const average of [one, other]) average.updateParameters(model);
    expect(other.module.weight.toArray()).toEqual(one.module.weight.toArray());
    expect(other.nAveraged.item()).toBe(2);
  });
});

describe("updateBn", () => {
  answers.each({
    "of batches and of batches with targets, in evaluation": () => {
      torch.manualSeed(0);
      const model = network();
      train(model, () => {});
      model.eval();
      updateBn([batches[0], [batches[1], batches[2]], batches[3]] as never, model);
      return [model.stateDict(), model.training, model.forward(batches[0])];
    },
    "in training, after it the old momentum counts": () => {
      torch.manualSeed(0);
      const model = network();
      updateBn(batches.slice(2), model);
      model.forward(batches[0]);
      return [model.stateDict(), model.training];
    },
    "leaves a model without batch norm alone": () => {
      torch.manualSeed(0);
      const model = new Sequential(new Linear(3, 2, { dtype }), new InstanceNorm1d(2, { trackRunningStats: true }));
      updateBn([], model.eval());
      return [model.stateDict(), model.training];
    },
  });

  it("records nothing, and gives the momentum back when a forward fails", () => {
    const model = unobserved(network());
    const loader = [batches[0], randn([2, 7], { dtype })];
    expect(() => optim.swaUtils.updateBn(loader, model.eval())).toThrow("mat1 and mat2");
    expect([(model.at(1) as nn.BatchNorm1d).momentum, model.training]).toEqual([0.1, false]);
    let output: Tensor | undefined;
    model.registerForwardHook((_, __, y) => {
      output = y;
    });
    optim.swaUtils.updateBn([batches[0]], model);
    expect(output?.requiresGrad).toBe(false);
  });
});
