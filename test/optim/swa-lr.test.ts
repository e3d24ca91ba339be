/** SWALR gives PyTorch's learning rates, alone and after or beside another schedule. */
import { describe, expect, it } from "vitest";
import type { optim as Optim } from "../../src/index.ts";
import { Answers, torch, unobserved } from "../support/index.ts";

const { error, ones, optim } = torch;
const { SWALR } = optim.swaUtils;

const answers = new Answers("swa");

const leaf = () => ones(1, { requiresGrad: true });
const sgd = () => new optim.SGD([{ params: [leaf()], lr: 0.3 }, { params: [leaf()] }], { lr: 0.1 });
const ratesOf = ({ paramGroups }: Optim.SGD) => paramGroups.map(({ lr }) => lr);

const told: Optim.swaUtils.SWALROptions[] = [
  { swaLr: 0.05 },
  { swaLr: [0.05, 0.2], annealEpochs: 5 },
  { swaLr: 1, annealEpochs: 4, annealStrategy: "linear" },
  { swaLr: [0, 0.01], annealEpochs: 1, annealStrategy: "linear" },
  { swaLr: 0.5, annealEpochs: 0 },
];

for (const options of told) {
  const scheduled = (anew = false) => {
    const make = () => {
      const optimizer = sgd();
      return { optimizer, schedule: new SWALR(optimizer, options) };
    };
    let { optimizer, schedule } = make();
    const rates = [ratesOf(optimizer)];
    for (let epoch = 0; epoch < 13; epoch++) {
      if (anew) {
        const saved = [optimizer, schedule].map((one) => structuredClone(unobserved(one).stateDict()));
        ({ optimizer, schedule } = make());
        optimizer.loadStateDict(saved[0] as never);
        schedule.loadStateDict(saved[1] as never);
      }
      schedule.step();
      rates.push(ratesOf(optimizer));
    }
    return rates;
  };
  answers.it(`SWALR ${JSON.stringify(options)}: as PyTorch`, () => scheduled());
  it(`SWALR ${JSON.stringify(options)}: the same when made anew, and loaded, before every step`, () => {
    expect(scheduled(true)).toEqual(scheduled());
  });
}

describe("SWALR and another schedule", () => {
  answers.it("one after the other", () => {
    const optimizer = sgd();
    const decay = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.9 });
    const average = new SWALR(optimizer, { swaLr: 0.05, annealEpochs: 3 });
    return Array.from({ length: 10 }, (_, epoch) => {
      (epoch < 5 ? decay : average).step();
      return ratesOf(optimizer);
    });
  });

  answers.it("both at once", () => {
    const optimizer = sgd();
    const both = [
      new SWALR(optimizer, { swaLr: 0.05, annealEpochs: 3 }),
      new optim.lrScheduler.StepLR(optimizer, { stepSize: 2 }),
    ];
    return Array.from({ length: 6 }, () => {
      for (const schedule of both) schedule.step();
      return ratesOf(optimizer);
    });
  });
});

it("a group that is added later keeps its learning rate", () => {
  const optimizer = sgd();
  const schedule = new SWALR(optimizer, { swaLr: 0.05, annealEpochs: 2 });
  optimizer.addParamGroup({ params: [leaf()], lr: 7 });
  schedule.step();
  schedule.step();
  expect(ratesOf(optimizer)).toEqual([0.05, 0.05, 7]);
});

const refused: Record<string, object> = {
  "another number of learning rates": { swaLr: [0.1] },
  "an unknown strategy": { swaLr: 0.1, annealStrategy: "square" },
  "negative epochs": { swaLr: 0.1, annealEpochs: -1 },
  "half an epoch": { swaLr: 0.1, annealEpochs: 0.5 },
};
for (const [name, options] of Object.entries(refused)) {
  answers.it(`SWALR refuses ${name}`, () => error(() => new SWALR(sgd(), options as never), "\n"));
}
