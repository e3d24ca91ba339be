// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of optim.md and optim-lr-scheduler.md. */
import { nn, optim, tensor } from "lucidgrad";
import type { ExamplesOf } from "./types.ts";

export const optimizers: ExamplesOf<typeof optim> = {
  Optimizer: () => {
    const [weight, bias] = [tensor([1, 2], { requiresGrad: true }), tensor([0], { requiresGrad: true })];
    const optimizer = new optim.SGD([{ params: [weight], weightDecay: 0.1 }, { params: [bias] }], { lr: 0.5 });
    optimizer.zeroGrad();
    weight.sum().add(bias).sum().backward();
    optimizer.step();
    console.log(weight, bias);
    optimizer.paramGroups[1].lr = 0.01;
    console.log(optimizer.stateDict().paramGroups.map(({ lr, params }) => ({ lr, params })));
  },
  SGD: () => {
    const x = tensor([3], { requiresGrad: true });
    const optimizer = new optim.SGD([x], { lr: 0.1, momentum: 0.9 });
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      x.pow(2).sum().backward();
      optimizer.step();
      console.log(x.item().toFixed(4));
    }
  },
  Adam: () => {
    const x = tensor([3, 300], { requiresGrad: true });
    const optimizer = new optim.Adam([x], { lr: 0.1 });
    x.pow(2).sum().backward();
    optimizer.step();
    console.log(x); // steps of one size, however large the gradient
  },
  AdamW: () => {
    const x = tensor([3], { requiresGrad: true });
    const optimizer = new optim.AdamW([x], { lr: 0.1, weightDecay: 0.5 });
    x.pow(2).sum().backward();
    optimizer.step();
    console.log(x); // 3 · (1 - 0.1 · 0.5) - 0.1
  },
  Adagrad: () => {
    const x = tensor([3], { requiresGrad: true });
    const optimizer = new optim.Adagrad([x], { lr: 1 });
    for (let step = 0; step < 2; step++) {
      optimizer.zeroGrad();
      x.sum().backward(); // a gradient of 1 each time
      optimizer.step();
    }
    console.log(x); // 3 - 1 / √1 - 1 / √2
  },
  RMSprop: () => {
    const x = tensor([3], { requiresGrad: true });
    const optimizer = new optim.RMSprop([x], { lr: 0.01 });
    x.pow(2).sum().backward();
    optimizer.step();
    console.log(x);
  },
};

/** The learning rates of some epochs, of an optimizer that starts with 1. */
export const schedules: ExamplesOf<typeof optim.lrScheduler> = {
  LRScheduler: () => {
    const optimizer = new optim.SGD(new nn.Linear(2, 2).parameters(), { lr: 1 });
    const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 2 });
    schedule.step(); // after each epoch
    schedule.step();
    console.log(schedule.lastEpoch, schedule.getLastLr(), optimizer.paramGroups[0].lr);
  },
  LambdaLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
    for (let epoch = 0; epoch < 3; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
  },
  StepLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
    for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
  },
  MultiStepLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.MultiStepLR(optimizer, { milestones: [1, 3], gamma: 0.5 });
    for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
  },
  ExponentialLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.5 });
    for (let epoch = 0; epoch < 3; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
  },
  CosineAnnealingLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 4 });
    for (let epoch = 0; epoch <= 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(4));
  },
  OneCycleLR: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1, momentum: 0.9 });
    const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10 });
    const rates = Array.from({ length: 9 }, () => {
      schedule.step();
      return optimizer.paramGroups[0].lr;
    });
    console.log(tensor(rates));
  },
  ReduceLROnPlateau: () => {
    const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
    const schedule = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1 });
    for (const loss of [3, 2, 2, 2, 2]) {
      schedule.step(loss);
      console.log(loss, optimizer.paramGroups[0].lr);
    }
  },
};
