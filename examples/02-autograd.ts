/** The program of docs/guide/02-autograd.md: Autograd: the chain rule, run backwards. */
import { arange, grad, tensor } from "lucidgrad";

const formula = (a: number, b: number) => a * b + a;
const h = 1e-6;
console.log("by a:", ((formula(2 + h, 3) - formula(2, 3)) / h).toFixed(4));
console.log("by b:", ((formula(2, 3 + h) - formula(2, 3)) / h).toFixed(4));

interface Value {
  data: number;
  grad: number;
  inputs: [input: Value, pullBack: (dy: number) => number][];
}
const leaf = (data: number): Value => ({ data, grad: 0, inputs: [] });
const add = (a: Value, b: Value): Value => ({
  data: a.data + b.data,
  grad: 0,
  inputs: [
    [a, (dy) => dy],
    [b, (dy) => dy],
  ],
});
const mul = (a: Value, b: Value): Value => ({
  data: a.data * b.data,
  grad: 0,
  inputs: [
    [a, (dy) => dy * b.data],
    [b, (dy) => dy * a.data],
  ],
});

function backward(result: Value): void {
  const order = new Set<Value>();
  const visit = (value: Value) => {
    for (const [input] of value.inputs) if (!order.has(input)) visit(input);
    order.add(value); // after everything that it was computed from
  };
  visit(result);
  result.grad = 1;
  for (const value of [...order].reverse()) {
    for (const [input, pullBack] of value.inputs) input.grad += pullBack(value.grad);
  }
}

const [a, b] = [leaf(2), leaf(3)];
const d = add(mul(a, b), a);
backward(d);
console.log(`d = ${d.data}, by a: ${a.grad}, by b: ${b.grad}`);

let x = leaf(1);
for (let i = 0; i < 20; i++) x = add(x, x);

let visits = 0;
const alongEveryPath = (value: Value): void => {
  visits++;
  for (const [input] of value.inputs) alongEveryPath(input);
};
alongEveryPath(x);
console.log(`operations: 20, paths: ${2 ** 20}, visits along every path: ${visits}`);

const p = tensor(2, { requiresGrad: true });
const q = tensor(3, { requiresGrad: true });
const r = p.mul(q).add(p);
console.log(r);
r.backward();
console.log("by p:", p.grad?.item(), "by q:", q.grad?.item());

const matrix = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);
const row = tensor([10, 20], { requiresGrad: true });
matrix.mul(row).sum().backward();
console.log(row.grad);

const A = arange(6).view(2, 3).requiresGrad_();
const B = arange(6).view(3, 2).requiresGrad_();
const dC = arange(4).view(2, 2); // what arrives at A @ B
A.matmul(B).backward(dC);
console.log("dA is dC @ Bᵀ:", A.grad?.equal(dC.matmul(B.t())), A.grad?.shape);
console.log("dB is Aᵀ @ dC:", B.grad?.equal(A.t().matmul(dC)), B.grad?.shape);

const v = tensor(3, { requiresGrad: true });
const square = v.mul(v);
const constant = square.detach();
console.log(square.item() + 1, constant.requiresGrad, constant.storage === square.storage);
square.mul(constant).backward();
console.log("by v:", v.grad?.item(), "= 2v · 9, as if 9 were a number that somebody had typed");

const w = tensor(5, { requiresGrad: true });
w.mul(2).backward();
w.mul(2).backward();
console.log("after two backwards:", w.grad?.item());

const y = w.mul(w);
y.backward(undefined, { retainGraph: true });
y.backward();
try {
  y.backward();
} catch (error) {
  console.log((error as Error).message.split(". ")[0]);
}

const s = w.exp();
const product = s.mul(s);
s.add_(1);
try {
  product.backward();
} catch (error) {
  console.log((error as Error).message.split(". ")[0]);
}

const t = tensor(2, { requiresGrad: true });
const [slope] = grad(t.pow(3), [t], { createGraph: true }); // like backward, but returns the gradient
const [curvature] = grad(slope, [t]);
console.log("(t³)' = 3t² =", slope.item(), "   (t³)'' = 6t =", curvature.item());
