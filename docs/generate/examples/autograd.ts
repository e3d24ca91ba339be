// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of autograd.md and backend.md. */

import type * as all from "lucidgrad";
import { backward, defineFunction, detectAnomaly, enableGrad, getBackend, getNumThreads, grad, gradcheck, gradgradcheck, hessian, hvp, isAnomalyEnabled, isGradEnabled, jacobian, jvp, noGrad, ones, rand, randn, setBackend, setDetectAnomaly, setNumThreads, tensor, vjp } from "lucidgrad";
import type { ExamplesOf } from "./types.ts";

export const autograd = {
  backward: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    backward(x.mul(x), tensor([1, 10])); // the same as x.mul(x).backward(…)
    console.log(x.grad);
  },
  grad: () => {
    const x = tensor(2, { requiresGrad: true });
    const [velocity] = grad(x.pow(3), [x], { createGraph: true });
    const [acceleration] = grad(velocity, [x]);
    console.log(velocity.item(), acceleration.item()); // 3x² and 6x
  },
  noGrad: () => {
    const x = ones(2, { requiresGrad: true });
    console.log(x.mul(2).requiresGrad, noGrad(() => x.mul(2)).requiresGrad);
  },
  enableGrad: () => {
    const x = ones(2, { requiresGrad: true });
    console.log(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad);
  },
  isGradEnabled: () => console.log(isGradEnabled(), noGrad(isGradEnabled)),
  detectAnomaly: () => {
    const x = tensor(0, { requiresGrad: true });
    try {
      detectAnomaly(() => x.mul(0).div(x).backward());
    } catch (error) {
      console.log((error as Error).message.split("\n")[0]);
    }
  },
  setDetectAnomaly: () => {
    setDetectAnomaly(true);
    console.log(isAnomalyEnabled());
    setDetectAnomaly(false);
  },
  isAnomalyEnabled: () => console.log(isAnomalyEnabled(), detectAnomaly(isAnomalyEnabled)),
  jacobian: () => jacobian((x) => x.pow(2), tensor([1, 2, 3])),
  hessian: () => hessian((x) => x.pow(3).sum(), tensor([1, 2])),
  vjp: () => {
    const [y, gradient] = vjp((x) => x.pow(2), tensor([1, 2]), tensor([1, 10]));
    console.log(y, gradient);
  },
  jvp: () => {
    const [y, change] = jvp((x) => x.pow(2), tensor([1, 2]), tensor([1, 0]));
    console.log(y, change);
  },
  hvp: () => {
    const [y, product] = hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1]));
    console.log(y, product);
  },
  defineFunction: () => {
    const cube = defineFunction("cube", (x: all.Tensor) => ({
      y: x.pow(3),
      saves: [x],
      grads: [[x, (dy) => dy.mul(x.pow(2).mul(3))]],
    }));
    const x = tensor(2, { requiresGrad: true });
    const y = cube(x);
    y.backward();
    console.log(y, x.grad);
  },
  gradcheck: () => {
    const x = randn([3], { dtype: "float64", requiresGrad: true });
    console.log(gradcheck((x) => x.sigmoid().mul(x), [x]));
  },
  gradgradcheck: () => {
    const x = randn([3], { dtype: "float64", requiresGrad: true });
    console.log(gradgradcheck((x) => x.tanh(), [x]));
  },
} satisfies Partial<ExamplesOf<typeof all>>;

export const backend = {
  setBackend: () => {
    const before = getBackend();
    setBackend("js"); // plain loops
    console.log(getBackend());
    setBackend(before);
  },
  getBackend: () => ["js", "wasm"].includes(getBackend()),
  setNumThreads: () => {
    const before = getNumThreads();
    setNumThreads(1);
    console.log(getNumThreads(), rand([300, 300]).matmul(rand([300, 300])).shape);
    setNumThreads(before);
  },
  getNumThreads: () => getNumThreads() >= 1,
} satisfies Partial<ExamplesOf<typeof all>>;
