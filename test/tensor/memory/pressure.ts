/** What a user can hold, and what takes memory meanwhile. The tests run both where there is little memory. */
import { grad, nn, ones, optim, randint, randn, type Tensor } from "../../../src/index.ts";
import { isInMemory } from "../../../src/tensor/memory/memory.ts";
import { elementsOf } from "../../../src/tensor/tensor.ts";

/** Holds elements in every way there is. @returns whether they are still what they were, bit for bit */
export function hold(): () => boolean {
  const weight = randn([64, 64]).requiresGrad_();
  const optimizer = new optim.Adam([weight]);
  const loss = randn([64, 64]).matmul(weight).sum(); // whose graph alone holds the first factor
  loss.backward(undefined, { retainGraph: true });
  optimizer.step();
  const views = [randn([64, 64]).t(), randn([100, 64]).narrow(0, 10, 50), randn([3, 4096]).select(0, 1)];
  const tensors = [weight, weight.grad as Tensor, ...views];
  if (!tensors.every(({ storage }) => isInMemory(storage.data))) throw new Error("they are elsewhere");
  const arrays = [randn([64, 64]).storage.data, randn([64, 64]).data, elementsOf(randn([3, 4096]).select(0, 1))];
  const read = () => {
    const fromGraph = grad(loss, [weight], { retainGraph: true });
    const state = Object.values(optimizer.stateDict().state[0]).filter((value) => typeof value === "object");
    // Not of their `data`, which is a copy, made once.
    const all = [...arrays, ...[...tensors, ...fromGraph, ...state].map(elementsOf)];
    return all.flatMap((array) => [...array]);
  };
  const before = read();
  return () => read().every((value, i) => Object.is(value, before[i]));
}

/** Steps of training, and other tensors that are dropped: about a quarter of a megabyte each. */
export function churn(steps: number): void {
  const model = new nn.Sequential(new nn.Linear(64, 64), new nn.BatchNorm1d(64), new nn.ReLU(), new nn.Linear(64, 10));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const labels = randint(0, 10, 64);
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    nn.functional.crossEntropy(model.forward(randn([64, 64])), labels).backward();
    optimizer.step();
    ones([64, 64]).t().exp().narrow(0, 1, 50).neg();
  }
}
