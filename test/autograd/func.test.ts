/** What functorch computes: test/fixtures/func.py has the same cases. */
import { describe, expect, it } from "vitest";
import { func, manualSeed, nn, noGrad, ones, randn, stack, Tensor, tensor } from "../../src/index.ts";
import { expectClose } from "../support/index.ts";
import { read } from "../support/tree.ts";

const { functionalCall, grad, gradAndValue, hessian, jacfwd, jacrev, jvp, vjp, vmap } = func;

const tolerance = { rtol: 1e-12, atol: 1e-12 };
const float64 = (values: Parameters<typeof tensor>[0]) => tensor(values, { dtype: "float64" });
const x = float64([[0.5, -1], [2, 0.25]]); // biome-ignore format: a matrix
const w = float64([[1, -0.5, 0.25], [0.75, 2, -1.5]]); // biome-ignore format: a matrix
const u = float64([[1, 2, -1], [0.5, 0, 3]]); // biome-ignore format: a matrix

const layer = (x: Tensor, w: Tensor) => x.matmul(w).tanh();
const loss = (x: Tensor, w: Tensor) => layer(x, w).mul(u).sum();
type Pair = { a: Tensor; b: Tensor };
const pair = ({ a, b }: Pair) => ({ y: a.exp().mul(b), z: [b.pow(3).sum()] });
const p = { a: float64([0.5, 1]), b: float64([2, -1]) };
const cubes = (x: Tensor) => [x.pow(3).sum(), x.add(1)];
const squares = (f: (x: Tensor) => Tensor) => (x: Tensor) => f(x).pow(2).sum();
const one = ones([], { dtype: "float64" });

const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
const weights = {
  "0.weight": w.t(),
  "0.bias": float64([0.5, 0.25, -1]),
  "2.weight": float64([[1, 2, -1]]),
  "2.bias": float64([0.5]),
};

const cases: Record<string, () => unknown> = {
  grad: () => grad(loss)(x, w),
  "grad by the second": () => grad(loss, { argnums: 1 })(x, w),
  "grad by the last and the first": () => grad(loss, { argnums: [-1, 0] })(x, w),
  "grad and value": () => gradAndValue(loss)(x, w),
  aux: () => grad(cubes, { hasAux: true })(x),
  "value and aux": () => gradAndValue(cubes, { hasAux: true })(x),
  second: () => grad(squares((x) => grad(loss)(x, w)))(x),
  third: () => grad(grad(grad((x: Tensor) => x.sin().mul(x.pow(2)))))(float64(0.5)),
  vjp: () => {
    const [y, pullBack] = vjp(layer, x, w);
    return [y, pullBack(u)];
  },
  "vjp of trees": () => vjp(pair, p)[1]({ y: float64([1, 2]), z: [float64(3)] }),
  jvp: () => jvp(layer, [x, w], [x.mul(2), u]),
  "jvp of trees": () => jvp(pair, [p], [{ a: float64([1, 2]), b: float64([3, 4]) }]),
  "jvp of jvp": () => jvp((x: Tensor) => jvp((x: Tensor) => x.pow(4), [x], [one])[1], [float64(2)], [one]),
  jacrev: () => jacrev(layer)(x, w),
  "jacrev by both": () => jacrev(layer, { argnums: [0, 1] })(x, w),
  "jacrev of trees": () => jacrev(pair)(p),
  jacfwd: () => jacfwd(layer)(x, w),
  "jacfwd by both": () => jacfwd(layer, { argnums: [0, 1] })(x, w),
  "grad of jacrev": () => grad(squares((x) => jacrev(layer)(x, w)))(x),
  "grad of jacfwd": () => grad(squares((x) => jacfwd(layer)(x, w)))(x),
  hessian: () => hessian(loss)(x, w),
  "hessian by both": () => hessian(loss, { argnums: [0, 1] })(x, w),
  "functional call": () => functionalCall(model, weights, x),
  "grad of a functional call": () =>
    grad((given: typeof weights) => functionalCall(model, given, x).pow(2).sum())(weights),
  vmap: () => vmap((row: Tensor) => row.matmul(w))(x),
  "vmap of several": () => vmap((row: Tensor, column: Tensor) => row.dot(column), { inDims: [0, 1] })(w, w.t()),
  "vmap with one for all, along the last": () => vmap(layer, { inDims: [null, -1], outDims: 1 })(x, w.unsqueeze(1)),
  "vmap of trees": () =>
    vmap(pair, { inDims: [{ a: 0, b: null }], outDims: { y: 1, z: [0] } })({ a: x, b: x.select(0, 0) }),
  "vmap of vmap": () => {
    const products = vmap((a: Tensor, b: Tensor) => a.mul(b), { inDims: [null, 0] });
    return vmap(products, { inDims: [0, null] })(x.select(0, 0), u.select(0, 0));
  },
  "vmap of nothing": () => vmap((row: Tensor) => row.matmul(w), { outDims: 1 })(x.slice(0, 0, 0)),
  "the gradient of each example": () => vmap(grad(loss), { inDims: [0, null] })(stack([x, x.mul(2)]), w),
  "grad of vmap": () => grad(squares(vmap((row: Tensor) => row.matmul(w).tanh().sum())))(x),
};

interface Stored {
  shape: number[];
  data: number[];
}

/** The same tree, with tensors of these shapes and values that need no gradient. */
function expectTree(found: unknown, stored: unknown): void {
  if (found instanceof Tensor) {
    const { shape, data } = stored as Stored;
    expect([found.shape, found.requiresGrad]).toEqual([shape, false]);
    expectClose(found, data, tolerance);
    return;
  }
  expect(Object.keys(found as object)).toEqual(Object.keys(stored as object));
  for (const [i, item] of Object.values(stored as object).entries())
    expectTree(Object.values(found as object)[i], item);
}

const answers = JSON.parse(read("test/fixtures/func.json")) as Record<string, unknown>;

it("every answer has a case", () => expect(Object.keys(cases)).toEqual(Object.keys(answers)));
it.each(Object.keys(cases))("%s", (name) => expectTree(cases[name](), answers[name]));
it.each(Object.keys(cases))("%s, in noGrad", (name) => noGrad(() => expectTree(cases[name](), answers[name])));

describe("derivatives of tensors that need a gradient", () => {
  it("can be differentiated further, by backward", () => {
    const y = float64([1, 2]);
    y.requiresGrad = true;
    grad((x: Tensor) => x.pow(3).sum())(y)
      .sum()
      .backward();
    expectClose(y.grad, [6, 12], tolerance);
  });

  it("also if these are not among the arguments", () => {
    const factor = float64(3);
    factor.requiresGrad = true;
    const slope = grad((x: Tensor) => x.pow(2).mul(factor).sum())(float64([1, 2]));
    slope.sum().backward();
    expectClose(factor.grad, [6], tolerance);
    const [, pullBack] = vjp((x: Tensor) => x.pow(2), float64([1, 2]));
    const v = float64([1, 1]);
    v.requiresGrad = true;
    pullBack(v)[0].sum().backward();
    expectClose(v.grad, [2, 4], tolerance);
  });

  it("leave their .grad alone", () => {
    const y = float64([1, 2]);
    y.requiresGrad = true;
    expect([grad((x: Tensor) => x.sum())(y).requiresGrad, y.grad]).toEqual([false, null]);
  });
});

it("a derivative by what is not used is 0, and of nothing empty", () => {
  expectClose(grad((_: Tensor, y: Tensor) => y.sum())(x, w), [0, 0, 0, 0], tolerance);
  expect(jacrev((x: Tensor) => x.slice(0, 0, 0))(x).shape).toEqual([0, 2, 2, 2]);
  expect(jacfwd((x: Tensor) => x.sum())(float64([])).shape).toEqual([0]);
});

describe("functionalCall", () => {
  it("puts tensors into fields, lists, maps, sets and containers, and puts them back", () => {
    const { Parameter } = nn;
    class Holder extends nn.Module {
      field = new Parameter(ones([1]));
      list = [new Parameter(ones([1]))];
      map = new Map([["a", new Parameter(ones([1]))]]);
      set = new Set([new Parameter(ones([1])), new Parameter(ones([1]))]);
      plain = { a: { b: new Parameter(ones([1])) } };
      parameterList = new nn.ParameterList([ones([1])]);
      parameterDict = new nn.ParameterDict({ c: ones([1]) });
      buffer = this.registerBuffer("buffer", ones([1]));
      readonly tied = this.field;
      all = () => [
        ...[this.field, ...this.list, ...this.map.values(), ...this.set, this.plain.a.b],
        ...[this.parameterList.at(0), this.parameterDict.get("c"), this.buffer, this.tied],
      ];
      override forward = () => this.all().map((x) => x.item());
    }
    const holder = new Holder();
    const before = holder.all();
    const given = Object.fromEntries(
      ["field", "list.0", "map.a", "set.0", "set.1", "plain.a.b", "parameter_list.0", "parameter_dict.c", "buffer"].map(
        (name, i) => [name, float64([i + 2])],
      ),
    );
    expect(functionalCall(holder, given, [], { strict: false })).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 2]);
    expect(holder.all().map((x, i) => x === before[i])).toEqual(before.map(() => true));
  });

  it("puts them back also after an error, and takes later dicts first", () => {
    const linear = new nn.Linear(2, 2);
    const { weight } = linear;
    expect(() => functionalCall(linear, { weight: ones([2, 3]) }, ones([1, 2]))).toThrow();
    expect(linear.weight).toBe(weight);
    const both = [{ weight: ones([2, 2]), bias: ones([2]) }, { bias: ones([2]).mul(5) }];
    expectClose(functionalCall(linear, both, [ones([1, 2])]), [7, 7], tolerance);
  });

  it("with strict takes exactly the module's names", () => {
    const linear = new nn.Linear(2, 2);
    const call = (given: Record<string, Tensor>) => () => functionalCall(linear, given, x, { strict: true });
    expect(call({ weight: x, other: x })).toThrow(
      "Error(s) in reparametrizing for Linear:\n\tUnexpected key(s): 'other'.\n\tMissing key(s): 'bias'.",
    );
    expect(functionalCall(linear, { other: x }, ones([1, 2])).shape).toEqual([1, 2]);
    expect(() => functionalCall(linear, { weight: 1 as never }, x)).toThrow('"weight" must be a tensor');
  });
});

describe("what cannot be differentiated is refused, in PyTorch's words", () => {
  const same = (x: Tensor) => x;
  it.each<[words: string, act: () => unknown]>([
    ["Expected f(*args) to return a scalar Tensor, got tensor with 2 dims. Maybe you wanted", () => grad(same)(x)],
    ["grad_and_value(f)(*args): Expected tensors, got unsupported type number", () => grad(() => 1)(x)],
    ["output of function f should be a tuple: (output, aux) if has_aux", () => grad(same, { hasAux: true })(x)],
    ["Got argnum=1, but only 1 positional inputs", () => grad(same, { argnums: 1 })(x)],
    ["argnums must be non-empty", () => jacrev(same, { argnums: [] })(x)],
    ["argnums elements must be unique, got (0, 0)", () => jacfwd(same, { argnums: [0, -1] })(x)],
    ["of cotangents to be the same as pytree structure of outputs", () => vjp(same, x)[1]([x])],
    [
      "All outputs of f must be floating-point or complex Tensors, got Tensor with dtype Int",
      () => vjp((x) => x.to("int32"), x),
    ],
    ["Expected primals and tangents to have the same", () => jvp(same, [x], [x, x])],
    ["Expected primals to contain at least one Tensor", () => jvp(() => x, [], [])],
    ["Expected tangent 0 to have the shape of its primal, torch.Size([2, 2]), but", () => jvp(same, [x], [w])],
    ["Expected tensors, got unsupported type", () => grad(same)(1)],
  ])("%s", (words, act) => expect(act).toThrow(words));
});

describe("vmap", () => {
  const same = (x: Tensor) => x;
  const noise = (x: Tensor) => x.mul(0).add(randn(2, { dtype: "float64" }));
  const calls: [message: string, call: () => unknown][] = [
    ["vmap(same)(<inputs>): got no inputs", () => vmap(same)()],
    ["expected `inDims` to be int or a (potentially nested) list", () => vmap(same, { inDims: null })(x)],
    ["got sizes [2, 3] for the mapped dimension", () => vmap(layer, { inDims: [0, 1] })(x, w)],
    ["inDims has structure [number, number] but inputs has structure [*]", () => vmap(same, { inDims: [0, 0] })(x)],
    ["Got in_dim=0 for an input but the input is of type", () => vmap(same)(3)],
    ["that input is a Tensor of dimensionality 2 so expected in_dim to satisfy -2 <= in_dim < 2", () => vmap(same, { inDims: 2 })(x)],
    ["Expected at least one Tensor to vmap over", () => vmap(same, { inDims: [null] })(x)],
    ["`<lambda>` must only return Tensors, got type", () => vmap(() => 3)(x)],
    ["outDims is not compatible with the structure of `outputs`", () => vmap(same, { outDims: [0] })(x)],
    ["`outDims` must be an int", () => vmap(same, { outDims: null })(x)],
    ["Dimension out of range (expected to be in range of [-2, 1], but got 2)", () => vmap(same, { outDims: 2 })(x)],
    ["vmap: called random operation while in randomness error mode", () => vmap(noise)(x)],
    ["Got some", () => vmap(same, { randomness: "some" as "same" })],
  ]; // biome-ignore format: a table
  it.each(calls)("refuses: %s", (message, call) => expect(call).toThrow(message));

  it("draws for each example, or once for all, and otherwise nothing", () => {
    const drawn = (randomness: "same" | "different") => {
      manualSeed(0);
      return vmap(noise, { randomness })(x);
    };
    manualSeed(0);
    const [first, second] = [randn(2, { dtype: "float64" }), randn(2, { dtype: "float64" })];
    expectClose(drawn("different"), [...first.data, ...second.data], tolerance);
    expectClose(drawn("same"), [...first.data, ...first.data], tolerance);
    manualSeed(0);
    expect(() => vmap(noise)(x)).toThrow();
    expectClose(randn(2, { dtype: "float64" }), [...first.data], tolerance);
  });
});

describe("linearize", () => {
  const { linearize } = func;

  it("gives what f gives, and what jvp gives for any tangents", () => {
    let runs = 0;
    const counted = (x: Tensor, w: Tensor) => {
      runs++;
      return layer(x, w);
    };
    const [y, along] = linearize(counted, x, w);
    expectClose(y, layer(x, w), tolerance);
    for (const tangents of [
      [x.mul(2), u],
      [x.neg(), w],
    ])
      expectClose(along(...tangents), jvp(layer, [x, w], tangents)[1], tolerance);
    expect(runs).toBe(1);
  });

  it("keeps trees, and the derivatives of what it gives", () => {
    const tangent = { a: float64([1, 2]), b: float64([3, 4]) };
    const [value, along] = linearize(pair, p);
    expectClose(value.z[0], pair(p).z[0], tolerance);
    expectClose(along(tangent).y, jvp(pair, [p], [tangent])[1].y, tolerance);
    const slope = grad((v: Tensor) => linearize((x: Tensor) => x.pow(3), x)[1](v).sum())(x);
    expectClose(slope, x.pow(2).mul(3), tolerance);
    const bent = grad((x: Tensor) => linearize((x: Tensor) => x.pow(3), x)[1](one.expand(2, 2)).sum())(x);
    expectClose(bent, x.mul(6), tolerance);
  });

  it("refuses tangents that do not fit, in PyTorch's words", () => {
    const [, along] = linearize(layer, x, w);
    expect(() => along(x)).toThrow("Expected the tangents [*] to have the same argspec as the primals [*, *]");
    const shapes =
      "tangent:1 with shape torch.Size([2, 2]) in flattened pytree doesn't match the shape torch.Size([2, 3]) of";
    expect(() => along(x, x)).toThrow(shapes);
    expect(() => along(x.float(), w)).toThrow("tangent:0 with dtype torch.float32 in flattened pytree doesn't match");
    expect(() => linearize((x: Tensor) => x.gt(0), x)).toThrow("All outputs of f must be floating-point");
  });
});

describe("stackModuleState", () => {
  const { stackModuleState } = func;
  class Net extends nn.Module {
    readonly linear = new nn.Linear(2, 3);
    readonly norm = new nn.BatchNorm1d(3);
    override forward(x: Tensor): Tensor {
      return this.norm.forward(this.linear.forward(x));
    }
  }
  const nets = () => [1, 2, 3].map(() => new Net().eval());

  it("has the parameters and buffers of all, with which all run at once", () => {
    const models = nets();
    const [params, buffers] = stackModuleState(models);
    expect(Object.keys(params)).toEqual(models[0].namedParameters().map(([name]) => name));
    expect(Object.keys(buffers)).toEqual(models[0].namedBuffers().map(([name]) => name));
    expect([params["linear.weight"].shape, params["linear.weight"].isLeaf]).toEqual([[3, 3, 2], true]);
    expect([params["linear.weight"].requiresGrad, buffers["norm.running_var"].requiresGrad]).toEqual([true, false]);
    const input = ones([4, 2]);
    const run = vmap((own: typeof params, state: typeof buffers) => functionalCall(models[0], [own, state], input));
    expectClose(run(params, buffers), stack(models.map((model) => model.forward(input))), { atol: 1e-6 });
  });

  it("refuses models that differ, in PyTorch's words", () => {
    expect(() => stackModuleState([])).toThrow("Expected at least one model, got 0.");
    const [a, b] = nets();
    expect(() => stackModuleState([a, b.train()])).toThrow("Expected all models to have the same training/eval mode.");
    expect(() => stackModuleState([a, new nn.ReLU().eval()])).toThrow("Expected all models to be of the same class.");
    b.eval().linear.weight.requiresGrad = false;
    expect(() => stackModuleState([a, b])).toThrow("Expected linear.weight from each model to have the same .requires");
  });
});
