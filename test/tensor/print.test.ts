/** A tensor prints as PyTorch prints it. */
import { afterEach, describe, expect, it } from "vitest";
import { type DType, type PrintOptions, Slice, setPrintoptions, type Tensor } from "../../src/index.ts";
import { formatTensor } from "../../src/tensor/print.ts";
import { call } from "../autograd/ops/calls.ts";
import { Answers } from "../support/answers.ts";
import { torch } from "../support/torch.ts";

const { arange, grad, manualSeed, ones, rand, randint, randn, tensor, zeros } = torch;

const answers = new Answers("print");
function print(cases: Record<string, () => Tensor>): void {
  for (const [name, make] of Object.entries(cases)) {
    answers.it(name, () => {
      String(make());
    });
  }
}

type Values = Parameters<typeof tensor>[0];

/** The same elements, in other dtypes. */
function listed(name: string, values: Values, ...dtypes: DType[]): void {
  for (const dtype of dtypes.length > 0 ? dtypes : (["float32"] as const))
    print({ [`${name}: ${dtype}`]: () => tensor(values, { dtype }) });
}

/** Too many elements to list: start, start + step, start + 2 · step, … */
function ramp(name: string, shape: number[], start = 0, step = 1, dtype: DType = "float32", then = same): void {
  const count = shape.reduce((a, b) => a * b);
  const elements = () => arange(0, count, 1, { dtype: f64 }).mul(step).add(start).to(dtype);
  print({ [name]: () => then(elements().view(...shape)) });
}
const same = (x: Tensor): Tensor => x;
const tracked = (x: Tensor): Tensor => x.requiresGrad_();
const cloned = (x: Tensor): Tensor => tracked(x).clone();

/** Of random numbers. */
const random = (name: string, make: () => Tensor): void =>
  print({
    [name]: () => {
      manualSeed(0);
      return make();
    },
  });

const [nan, inf] = [Number.NaN, Infinity];
const [f64, i32] = ["float64", "int32"] as const;
const dtypes = ["float32", f64, i32, "bool"] as const;

describe("the four dtypes, from 0 to 4 dimensions", () => {
  listed("0-dim", 1, ...dtypes);
  listed("vector", [1, 0, 3], ...dtypes);
  listed("matrix", [[1, 2], [0, 4]], ...dtypes); // biome-ignore format: a matrix
  listed("0-dim fraction", -2.5);
  listed("0-dim nan", nan);
  listed("0-dim -inf", -inf, f64);
  random("random matrix", () => randn([3, 4]));
  random("random 3-dim", () => randn([2, 3, 4]));
  random("random 4-dim", () => randn([2, 2, 2, 3]));
  random("sizes of one, float64", () => randn([1, 1, 3, 1], { dtype: f64 }));
  random("int32 3-dim, negative", () => randint(-100, 100, [2, 2, 5], { dtype: i32 }));
  random("bool 3-dim", () => rand([2, 2, 3]).gt(0.5));
  listed("int32 extremes", [-(2 ** 31), 0, 2 ** 31 - 1], i32);
});

describe("nothing in it", () => {
  for (const shape of [[0], [0, 3], [2, 0, 4]])
    for (const dtype of dtypes) print({ [`empty: ${dtype} ${shape.join("x")}`]: () => zeros(shape, { dtype }) });
  print({ "empty, requires grad": () => tracked(zeros([0, 3])) });
});

describe("whole numbers, fixed point or scientific", () => {
  listed("whole, signs", [-1, 20, 300]);
  listed("whole, ratio 1000", [1, 1000]);
  listed("whole, ratio 1001", [1, 1001]);
  listed("whole, 1e8", [1e8]);
  listed("whole, above 1e8", [1e8 + 8]);
  listed("fraction, 1e-4 is below 1e-4 in float32", [1e-4]);
  listed("fraction, 1e-4 is 1e-4 in float64", [1e-4], f64);
  listed("fraction, ratio 1000", [0.5, 500]);
  listed("fraction, ratio above 1000", [0.5, 500.5]);
  listed("mixed magnitudes", [[1e-6, -2.5, 3e4], [0, 12345.678, -1e-10]]); // biome-ignore format: a matrix
  listed("exponents of three digits", [1e-300, -1.5, 2e300, 5e-324], f64);
  listed("float32 extremes", [3.4028234663852886e38, 1.401298464324817e-45, -1]);
  listed("0.1 is not quite 0.1", [0.1, 0.2, 0.3], f64);
});

describe("numbers that fit no notation", () => {
  listed("zeros are counted as one wide", Array(30).fill(0));
  listed("negative zero, whole", [-0, 0, 5]);
  listed("negative zero, fixed", [-0, 0, 0.5]);
  listed("negative zero, scientific", [-0, 0, 1e-9]);
  listed("nan and inf alone", [nan, inf, -inf]);
  listed("nan and inf, whole", [nan, inf, -inf, 1, -200]);
  listed("nan and inf, fixed", [nan, inf, -inf, 1.5, -200]);
  listed("nan and inf, scientific", [[nan, inf], [-inf, 1e20]], f64); // biome-ignore format: a matrix
});

describe("exactly halfway between two decimals", () => {
  listed("ties, fixed", [0.03125, 0.09375, -0.15625, 0.21875, -1.03125]);
  listed("ties, scientific", [100005, 100015, -100025, 99999.5, 99998.5, 1]);
  listed("ties, large", [100005e15, 100015e15, 2.00025e20, 1], f64);
  listed("near ties", [0.00015, 0.00025, 0.12345, 0.12355], f64);
});

describe("lines that wrap", () => {
  ramp("wrapping whole", [50]);
  ramp("wrapping fixed", [40], -1, 0.125);
  ramp("wrapping scientific", [20], 1e-6, 1e6);
  ramp("wrapping int32", [60], -30, 1, i32);
  ramp("wrapping bool", [30], -15, 1, "bool");
  ramp("wrapping rows", [3, 30], 0.5, 0.25);
  ramp("wrapping rows in 4 dimensions", [2, 1, 2, 20], 0.5, 0.25, f64);
});

describe("summaries", () => {
  ramp("1000 elements are all shown", [10, 100], 0, 1, i32);
  ramp("1001 elements are not", [1001]);
  ramp("hidden small elements do not make it scientific", [4001], -1000, 0.5);
  ramp("summary of a vector, fixed", [5000], 0.25, 0.25);
  ramp("summary of a matrix", [100, 100], -3, 0.5);
  ramp("summary, six rows are all shown", [6, 1000], 0, 1, f64);
  ramp("summary, six columns are all shown", [1000, 6], 0, 1, i32);
  ramp("summary in 3 dimensions", [12, 10, 11], 0.125, 0.125);
  ramp("summary in 4 dimensions", [2, 7, 3, 30], 1e-3, 1);
  ramp("summary, bool", [40, 40], -1, 1, "bool");
  ramp("summary, requires grad", [64, 64], 0.5, 0.5, "float32", tracked);
});

const x = arange(6).sub(2).view(2, 3);
const w = tensor([[0.5, -1, 2]], { requiresGrad: true });
const positive = w.detach().abs().requiresGrad_();

describe("what functions and views give", () =>
  print({
    arange: () => arange(0, 1, 0.25),
    linspace: () => torch.linspace(-1, 1, 5),
    eye: () => torch.eye(3),
    "zeros of a bool": () => zeros([2, 2], { dtype: "bool" }),
    "ones of an int32": () => ones(3, { dtype: i32 }),
    full: () => torch.full([2, 1], -1.5),
    "a transposed view": () => x.t(),
    "a column": () => x.index(new Slice(), 1),
    "every other column": () => x.slice(1, 0, 3, 2),
    expanded: () => x.slice(0, 0, 1).expand(2, 3),
    "no rows": () => x.slice(0, 2),
    "one number": () => x.index(1, 2),
    "a comparison": () => x.gt(0),
    "a sum of whole numbers": () => ones(3, { dtype: i32 }).sum().to(i32),
    "division by zero": () => x.div(0),
    "a mask picks": () => x.index(x.gt(0)),
    float64: () => x.to(f64).div(3),
  }));

describe("grad_fn, or none", () => {
  print({
    "a leaf": () => w,
    detached: () => w.detach(),
    "a gradient": () => grad(w.mul(w).sum(), w)[0],
    "a second derivative": () => grad(w.mul(w).mul(w).sum(), w, { createGraph: true })[0],
    "changed in place": () => w.clone().mul_(2),
    where: () => torch.where(x.gt(0), w, x),
    cat: () => torch.cat([w, x]),
  });
  const calls: Record<string, unknown[]> = {
    "neg abs exp tanh sigmoid relu sum mean var std clone": [w],
    "log sqrt": [positive],
    "add mul maximum minimum": [w, x],
    div: [x, w],
    sub: [w, 1],
    pow: [w, 2],
    "softmax logSoftmax logsumexp": [w, 1],
    view: [w, 3],
    permute: [w, 1, 0],
    expand: [w, 2, 3],
    slice: [w, 1, 1],
  };
  for (const [ops, args] of Object.entries(calls)) {
    for (const op of ops.split(" ")) print({ [op]: () => call(op, args) as Tensor });
  }
});

describe("setPrintoptions", () => {
  afterEach(() => setPrintoptions({ profile: "default" }));

  const printed = (options: PrintOptions) => () => {
    torch.setPrintoptions(options);
    for (const x of [rand([4, 9]), rand([20, 60]), tensor([[1.23456789, 200], [3e-5, 7]]), tensor([1, 2, nan]), tensor([2.5, 0.5])]) String(x); // biome-ignore format: a list
    for (const x of [tensor([100000.5, 1e-6]), tensor([1e22, -3], { dtype: f64 }), arange(40), tracked(ones(8))])
      String(x);
    torch.setPrintoptions({ profile: "default" });
  };
  for (const options of [
    { precision: 2 },
    { precision: 0 },
    { precision: 6, sciMode: false },
    { sciMode: true },
    { threshold: 10, edgeitems: 1 },
    { linewidth: 40 },
    { linewidth: 5 },
    { profile: "short" },
    { profile: "full" },
    { profile: "short", precision: 3 },
  ] as const) {
    answers.it(`setPrintoptions: ${JSON.stringify(options)}`, () => {
      manualSeed(0);
      printed(options)();
    });
  }

  it("changes what is said, but sciMode, which goes back to what numbers ask for", () => {
    setPrintoptions({ precision: 2, sciMode: true });
    setPrintoptions({ edgeitems: 1 });
    expect(String(tensor([1 / 3]))).toBe("tensor([0.33])");
    expect(() => setPrintoptions({ profile: "long" as "full" })).toThrow('there is no profile "long"');
  });
});

describe("suffixes, and where they move to a line of their own", () => {
  print({
    "requires grad": () => tracked(ones(3)),
    grad_fn: () => tracked(ones(2)).mul(1),
    "grad_fn of a scalar": () => tracked(arange(4)).sum(),
    "requires_grad just fits": () => tracked(tensor([...Array(9).fill(0), nan, nan, nan])),
    "requires_grad is one character too long": () => tracked(tensor([...Array(8).fill(0), nan, nan, nan, nan])),
  });
  random("requires grad, float64", () => tracked(rand([2, 2], { dtype: f64 })));
  random("grad_fn of a matrix", () => tracked(randn([3, 6])).exp());
  ramp("requires_grad stays", [10], 0, 1, "float32", tracked);
  ramp("requires_grad moves", [11], 0, 1, "float32", tracked);
  ramp("requires_grad after two lines", [15], 0, 1, "float32", tracked);
  ramp("dtype stays, grad_fn moves", [8], 0, 1, f64, cloned);
  ramp("dtype moves, grad_fn follows", [11], 0, 1, f64, cloned);

  it("dtype moves, grad_fn moves on", () => {
    const suffix = "grad_fn=<ANameSoLongThatItNeedsALineOfItsOwnBackward>";
    const elements = Array.from({ length: 11 }, (_, i) => i);
    expect(formatTensor(elements, [11], f64, [suffix])).toBe(
      "tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10.],\n" +
        `       dtype=torch.float64,\n       ${suffix})`,
    );
  });

  it("console.log prints the same", () => {
    const inspect = Symbol.for("nodejs.util.inspect.custom");
    expect((w as unknown as Record<symbol, () => string>)[inspect]()).toBe(String(w));
  });

  it("has no suffixes unless told", () => {
    expect(formatTensor([1, 2], [2], "float32")).toBe("tensor([1., 2.])");
  });
});
