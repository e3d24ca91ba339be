/** In-place operations on results, views and bases give PyTorch's values and gradients, or its errors. */
import { expect, it } from "vitest";
import { arange, Slice, type Tensor, ones as unobservedOnes } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";
import { type Cases, constant, leaf, leafOf, ofEach, ofLeaf, scalar } from "./scenarios.ts";

const { error, grad, noGrad, ones, tensor, zeros } = torch;

/** A case about two leaves. */
const ofXAndW = (run: (x: Tensor, w: Tensor) => unknown) => () => run(leaf(0.5, 1, 1.5, 2), leaf(2, 3, 5, 7));

/** A change of a result, made of x, with w. The new values are compared, and the gradients of x and w. */
const changing = (change: (base: Tensor, w: Tensor) => unknown) =>
  ofXAndW((x, w) => {
    const base = x.mul(3);
    change(base, w);
    base.mul(base).sum().backward();
    return [base, x.grad, w.grad];
  });

/** A result, made of x and changed with w: its values, and the gradients of its sum. */
const changed = (make: (x: Tensor, w: Tensor) => Tensor) =>
  ofXAndW((x, w) => {
    const y = make(x, w);
    y.sum().backward();
    return [y, x.grad, w.grad];
  });

const results: Cases = {
  "mul_ by a tensor": changing((h, w) => h.mul_(w)),
  "add_ with alpha": changing((h, w) => h.add_(w, { alpha: 0.5 })),
  "sub_ with alpha": changing((h, w) => h.sub_(w, { alpha: 2 })),
  "add_ of a number": changing((h) => h.add_(2)),
  "div_, then sub_": changing((h, w) => h.div_(w).sub_(w)),
  ...ofEach(["exp_", "log_", "sqrt_", "tanh_", "sigmoid_", "zero_"], (f) => changing((h) => f(h))),
  ...ofEach(["neg_", "abs_", "relu_"], (f) => changing((h) => f(h.sub_(2)))),
  "add_ of one number for all": changing((h, w) => h.add_(w.sum())),
  clamp_: changing((h) => h.clamp_(2, 5)),
  "pow_ by a number": changing((h) => h.pow_(3)),
  "pow_ by a tensor": changing((h, w) => h.pow_(w)),
  copy_: changing((h, w) => h.copy_(w.mul(2))),
  "copy_ of one number to all": changing((h, w) => h.copy_(w.sum())),
  "copy_ of a constant": changing((h) => h.copy_(ones(4))),
  "fill_, then add_": changing((h, w) => h.fill_(2).add_(w)),
  "add_ of itself": changing((h) => h.add_(h)),
  "sub_ of a function of itself": changing((h) => h.sub_(h.exp())),
  "without recording": changing((h, w) => noGrad(() => h.mul_(w))),
  "through detach": changing((h, w) => h.detach().mul_(w.detach())),
};

const views: Cases = {
  "a base after a view of it": changing((base, w) => {
    const view = base.slice(0, 1, 3);
    base.mul_(w);
    base.add_(view.sum());
  }),
  "a view": changing((base, w) => base.slice(0, 1, 3).mul_(w.slice(0, 0, 2))),
  "a view, then the base, then the view": changing((base, w) => {
    const view = base.slice(0, 1, 3);
    view.mul_(w.slice(0, 0, 2));
    base.mul_(w);
    view.add_(w.slice(0, 2));
  }),
  "one number": changing((base, w) => base.select(0, 2).mul_(w.select(0, 0))),
  "one number of a matrix": changing((base, w) => base.view(2, 2).select(0, 1).select(0, 0).mul_(w.select(0, 0))),
  "a column of the transposed": changing((base, w) => {
    const transposed = base.view(2, 2).t();
    transposed.index(new Slice(), 1).mul_(w.slice(0, 0, 2));
  }),
  "every other": changing((base, w) => base.slice(0, 0, 4, 2).copy_(w.slice(0, 1, 3))),
  "a view of a view of a view": changing((base, w) => {
    const view = base.view(2, 2).t().unsqueeze(0).narrow(2, 0, 1).squeeze();
    view.mul_(w.slice(0, 0, 2));
  }),
  "two views that overlap": changing((base, w) => {
    const [first, second] = [base.slice(0, 0, 3), base.slice(0, 1)];
    first.mul_(w.slice(0, 0, 3));
    second.add_(w.slice(0, 1));
    first.mul_(2);
  }),
  "copy_ into parts": changing((base, w) => {
    for (let i = 0; i < 4; i++) base.select(0, i).copy_(w.select(0, 3 - i).mul(i));
  }),
  "fill_ of a part": changing((base) => base.slice(0, 1, 3).fill_(2)),
  "zero_ of a part": changing((base) => base.slice(0, 1, 3).zero_()),
  "a part from another part": changing((base, w) => base.slice(0, 0, 2).copy_(base.slice(0, 2).add(w.slice(0, 0, 2)))),
  "an expanded part": changing((base, w) => base.slice(0, 0, 1).expand(3).select(0, 1).mul_(w.select(0, 0))),
  "views whose elements are one in the base": ofXAndW((x, w) => {
    const base = x.mul(3);
    const [repeated, windows] = [base.view(2, 2).expand(3, 2, 2), base.unfold(0, 3, 1)];
    base.mul_(w);
    repeated.mul(repeated).sum().add(windows.mul(windows).sum()).backward();
    return [repeated, windows, x.grad, w.grad];
  }),
  "parts of a base that is transposed, and has gaps": ofXAndW((x, w) => {
    const base = zeros([2, 3], { dtype: "float64" }).slice(1, 0, 2).t().detach();
    base.select(0, 0).copy_(x.slice(0, 0, 2));
    base.select(0, 1).copy_(x.slice(0, 2));
    base.select(1, 1).mul_(w.slice(0, 0, 2));
    base.mul(base).sum().backward();
    return [base, x.grad, w.grad];
  }),
  "an empty part": changing((base) => base.slice(0, 2, 2).mul_(2)),
  "a gradient of a gradient, through changed views": ofXAndW((x, w) => {
    const base = x.mul(3);
    const [part, repeated] = [base.slice(0, 1, 3), base.view(2, 2).expand(2, 2, 2)];
    part.mul_(w.slice(0, 0, 2));
    const [dx] = grad(base.pow(3).sum().add(repeated.pow(3).sum()), [x], { createGraph: true });
    dx.mul(dx).sum().backward();
    return [dx, x.grad, w.grad];
  }),
  "the flattened, the squeezed, the indexed": changing((base, w) => {
    base.view(2, 2).flatten().mul_(w);
    base.unsqueeze(1).squeeze(1).add_(w);
    base.index(null, "...", new Slice(1)).index(0).mul_(2);
  }),
  "a view without recording": changing((base) => noGrad(() => base.slice(0, 1, 3).mul_(2))),
  "a view used after its base changed": ofXAndW((x, w) => {
    const base = x.mul(3);
    const [view, deeper] = [base.slice(0, 1, 3), base.view(2, 2).select(0, 1)];
    base.mul_(w);
    view.mul(view).sum().add(deeper.mul(deeper).sum()).backward();
    return [view, deeper, x.grad, w.grad];
  }),
  "a view used before and after": ofXAndW((x, w) => {
    const base = x.mul(3);
    const view = base.slice(0, 1, 3);
    const loss = view.sum().mul(10);
    base.mul_(w);
    loss.add(view.sum()).backward();
    return [x.grad, w.grad];
  }),
  "a sibling used after a view changed": ofXAndW((x, w) => {
    const base = x.mul(3);
    const [first, second] = [base.slice(0, 0, 3), base.view(2, 2).select(1, 1)];
    first.mul_(w.slice(0, 0, 3));
    second.mul(second).sum().backward();
    return [second, x.grad, w.grad];
  }),
  "a changed view used itself": ofXAndW((x, w) => {
    const view = x.mul(3).view(2, 2).select(0, 0);
    view.mul_(w.slice(0, 0, 2));
    view.mul(view).sum().backward();
    return [view, x.grad, w.grad];
  }),
  "zero times infinity outside the view": () => {
    const x = leaf(4, 9);
    const base = x.mul(1);
    base.select(0, 0).fill_(0);
    base.sqrt().sum().backward();
    return x.grad;
  },
  "a view of a constant that becomes a result": () => {
    const [base, w] = [constant(0, 0, 0, 0), leaf(1, 2, 3, 4)];
    const view = base.view(2, 2);
    const before = [view.requiresGrad, view.isLeaf];
    base.add_(w);
    return [...before, view.requiresGrad, view.isLeaf, view.gradFn === null, view.select(0, 1).requiresGrad];
  },
  "windows side by side": changing((base, w) => base.unfold(0, 2, 2).mul_(w.view(2, 2))),
  "a constant becomes a result": () => {
    const w = leaf(2, 3);
    const base = constant(0, 0, 0, 0);
    const before = base.slice(0, 1);
    base.slice(0, 1, 3).copy_(w);
    base.mul(base).sum().backward();
    return [base, w.grad, base.requiresGrad, before.sum().requiresGrad];
  },
  "a constant filled row by row": () => {
    const w = leaf(2, 3);
    const rows = zeros([3, 2], { dtype: "float64" });
    for (let i = 0; i < 3; i++) {
      rows.select(0, i).copy_(w.mul(i + 1));
      rows.select(0, i).mul_(w);
    }
    rows.sum().backward();
    return [rows, w.grad];
  },
  "a float64 constant filled with float32": () => {
    const w = leafOf("float32", 2, 3);
    const base = zeros([2, 2], { dtype: "float64" });
    base.select(0, 1).copy_(w);
    base.mul(3).sum().backward();
    return [base, w.grad];
  },
};

const fresh: Cases = {
  "a dot product": changed((x, w) => x.matmul(x).mul_(w.select(0, 0))),
  "a product of matrix and vector": changed((x, w) => {
    const y = x.view(2, 2).matmul(x.slice(0, 0, 2));
    return y.mul_(w.slice(0, 0, 2));
  }),
  "the largest along a dimension": changed((x, w) => {
    const { values } = x.view(2, 2).max(1);
    return values.mul_(w.slice(0, 0, 2));
  }),
  "the largest of one is a copy": () => {
    const x = scalar(3).detach();
    x.max(0).values.zero_();
    return x;
  },
  "results made without recording": ofXAndW((x, w) => {
    const [dot, largest, copied] = noGrad(() => {
      const matrix = x.view(2, 2);
      return [x.matmul(x), matrix.max(0).values, matrix.t().reshape(4)];
    });
    dot.mul_(w.select(0, 0));
    largest.mul_(w.slice(0, 0, 2));
    copied.mul_(w);
    dot.add(largest.sum()).add(copied.sum()).backward();
    return [dot, largest, copied, x.grad, w.grad];
  }),
  "a parameter updated without recording": ofLeaf((x) => {
    x.mul(x).sum().backward();
    noGrad(() => x.sub_(x.grad!, { alpha: 0.1 }));
    x.grad = null;
    x.mul(x).sum().backward();
    return [x, x.grad, x.isLeaf];
  }),
  "a result that is not needed": ofLeaf((x) => {
    const h = x.mul(2);
    const y = h.mul(3);
    h.add_(1);
    h.add(y).sum().backward();
    x.pow(2).add_(1).sum().backward();
    return x.grad;
  }),
  "retain grad follows the change": ofLeaf((x) => {
    const h = x.mul(2);
    h.retainGrad();
    h.mul_(5);
    h.mul(h).sum().backward();
    return [h.grad, x.grad];
  }),
};

const leafChangedBy = (change: (x: Tensor) => unknown) => () => error(() => change(leaf(1, 2)));

const leafChanged = "a leaf Variable that requires grad is being used in an in-place operation.";

const refused: Cases = {
  ...ofEach(["zero_", "relu_", "uniform_", "normal_"], leafChangedBy, "error of a leaf changed by "),
  "error of a leaf changed by mul_": leafChangedBy((x) => x.mul_(2)),
  "error of a leaf changed by add_": leafChangedBy((x) => x.add_(ones(2))),
  "error of a leaf changed by copy_": leafChangedBy((x) => x.copy_(ones(2))),
  "error of a leaf changed by fill_": leafChangedBy((x) => x.fill_(1)),
  "error of a leaf changed by mul_ of a part": leafChangedBy((x) => x.select(0, 0).mul_(2)),
  "error of a leaf changed by zero_ of a view of all": leafChangedBy((x) => x.index("...").zero_()),
  "error of a leaf changed by copy_ to a view of a view": leafChangedBy((x) => x.view(2, 1).t().copy_(ones(2))),
  "error of a leaf that is a view": () => {
    const view = zeros(2).view(2, 1).requiresGrad_();
    return error(() => view.mul_(2));
  },
  "error of a view of a leaf that is a view": () => {
    const view = zeros(4).view(2, 2).requiresGrad_();
    return error(() => view.select(0, 0).mul_(2));
  },
  "error of a view made without recording": () => {
    const base = leaf(1, 2).mul(1);
    const view = noGrad(() => base.view(2, 1));
    return error(() => view.mul_(2));
  },
  "error of a view made without recording whose base changed": () => {
    const base = leaf(1, 2).mul(1);
    const view = noGrad(() => base.view(2, 1));
    base.mul_(2);
    return error(() => view.sum());
  },
  "error of a constant view made without recording": () => {
    const view = noGrad(() => ones(2).view(2));
    return error(() => view.mul_(leaf(1, 2)));
  },
  "error of a view of a view made without recording": () => {
    const view = noGrad(() => ones(2).view(2));
    return error(() => view.view(2, 1).mul_(leaf(1, 2).view(2, 1)));
  },
  "view and change without recording": ofLeaf((x) => {
    const base = x.mul(1);
    noGrad(() => base.view(2, 1).mul_(2));
    base.mul(base).sum().backward();
    return [base, x.grad];
  }),
  "error of growing": () => {
    const [x, y] = [constant(1, 1, 1), ones([2, 3], { dtype: "float64" })];
    const unrecorded = error(() => noGrad(() => x.add_(y)));
    return [error(() => x.add_(y)), unrecorded, error(() => x.mul_(y)), error(() => x.copy_(y)), x];
  },
  "error of sizes that do not fit": () => {
    const [x, y] = [constant(1, 1, 1), constant(1, 1, 1, 1)];
    const unrecorded = error(() => noGrad(() => x.add_(y)));
    return [error(() => x.add_(y)), unrecorded, error(() => x.copy_(y)), x];
  },
  "error of a wider dtype": () => {
    const whole = ones(2, { dtype: "int32" });
    const double = tensor(1.5, { dtype: "float64" });
    return [error(() => whole.add_(double)), error(() => whole.mul_(ones(2))), whole];
  },
  "error of a bool that would count": () => {
    const bools = tensor([true, false]);
    return [error(() => bools.add_(ones(2, { dtype: "int32" }))), bools];
  },
  "without recording as with it": () => {
    const [bools, whole] = [tensor([true, false, false]), tensor([1, 2], { dtype: "int32" })];
    const truths = tensor([true, true, false]);
    noGrad(() => bools.add_(truths));
    noGrad(() => whole.sub_(whole.add(2 ** 30), { alpha: 5 }));
    const fraction = error(() => noGrad(() => whole.add_(whole, { alpha: 0.5 })));
    return [bools, bools.sum(), whole, fraction, error(() => noGrad(() => bools.sub_(truths)), ". Use")];
  },
  "copy converts": () => {
    const whole = zeros(2, { dtype: "int32" }).copy_(tensor([1.7, -1.7]));
    const bools = tensor([true, false]).copy_(tensor([0, 0.5]));
    const single = zeros(2).copy_(constant(0.1, 0.2));
    return [whole, bools, single];
  },
  "a float32 changed by a float64": () => ones(2).mul_(constant(0.1, 0.2)).add_(scalar(0.3).detach()),
  "error of shared memory": () => error(() => ones(1).expand(3).add_(1)),
  "nothing is shared where there is nothing": () => [
    zeros([2, 0]).add_(1),
    zeros([3, 0, 1, 0]).fill_(1),
    zeros([2, 0]).expand(3, 2, 0).mul_(2),
  ],
  "error of a power that changes its operand": () => {
    const h = leaf(1, 2).mul(1);
    const y = h.pow(2);
    h.add_(1);
    return error(() => y.sum().backward(), ": ");
  },
  "error of a base whose view was saved": () => {
    const h = leaf(1, 2, 3, 4).mul(1);
    const [left, right] = [h.slice(0, 0, 2), h.slice(0, 2)];
    const y = left.exp().add(right.mul(right));
    h.slice(0, 0, 2).zero_();
    return error(() => y.sum().backward(), ": ");
  },
  "error of mul by itself": () => {
    const h = leaf(1, 2).mul(1);
    h.mul_(h);
    return error(() => h.sum().backward());
  },
};

it("windows that overlap are not changed in place, which in PyTorch changes elements several times and gives wrong gradients", () => {
  const windows = arange(3).unfold(0, 2, 1);
  expect(() => windows.mul_(2)).toThrow(
    "more than one element of the written-to tensor refers to a single memory location",
  );
});

/** x of 2 × 1 × 3 is computed of leaves; what becomes of it, and of the views and results that there are, with gradients. */
const reshaping = (change: (x: Tensor) => Tensor, use: (x: Tensor) => Tensor[] = (x) => [x]) => {
  return () => {
    const w = leaf(0.5, 1, 1.5, 2, 3, 4);
    const x = w.mul(w).view(2, 1, 3).clone();
    const before = x.select(0, 1);
    const product = x.mul(3);
    const results = use(change(x));
    const all = [...results, x, before, product];
    all.map((y) => y.mul(y).sum()).reduce((a, b) => a.add(b)).backward(); // biome-ignore format: a chain
    return [all.map((y) => y.detach()), x.isLeaf, w.grad];
  };
};

const shapes: Cases = {
  squeeze_: reshaping((x) => x.squeeze_()),
  "squeeze_ of one dimension": reshaping((x) => x.squeeze_(1)),
  "squeeze_ of a dimension that is longer": reshaping((x) => x.squeeze_(0)),
  unsqueeze_: reshaping((x) => x.unsqueeze_(-1)),
  transpose_: reshaping((x) => x.transpose_(0, 2)),
  "swapaxes_ and swapdims_": reshaping((x) => x.swapaxes_(0, 1).swapdims_(-1, 0)),
  "t_ after squeeze_": reshaping((x) => x.squeeze_().t_()),
  "then values in place": reshaping((x) => x.transpose_(0, 2).mul_(2).unsqueeze_(0).add_(1)),
  "then a view is changed": reshaping((x) => x.transpose_(0, 2), (x) => [x.select(0, 0).exp_()]), // biome-ignore format: one line
  "of a view": reshaping(
    (x) => x,
    (x) => {
      const view = x.select(0, 0);
      view.t_().mul_(2);
      return [view.squeeze_().mul(x.sum())];
    },
  ),
  "of what requires no gradient": () => {
    const x = torch.arange(6).view(2, 3).clone();
    const view = x.select(0, 1);
    x.t_().unsqueeze_(0);
    view.fill_(7);
    return [x, view, noGrad(() => x.squeeze_().t_())];
  },
  errors: () => [
    error(() => leaf(1, 2).unsqueeze_(0)),
    error(() => leaf(1, 2).view(1, 2).squeeze_()),
    error(() => {
      const x = leaf(1, 2).mul(2);
      const y = x.mul(x);
      x.unsqueeze_(0);
      y.sum().backward();
    }, ": "),
    error(() => zeros([2, 3, 4]).t_()),
    error(() => zeros([2, 3]).unsqueeze_(4)),
    error(() => zeros([2, 3]).transpose_(0, 2)),
  ],
};

const sizes: Cases = {
  "resize_ to fewer elements, beside a view": () => {
    const x = torch.arange(6).view(2, 3).clone();
    const view = x.select(0, 1);
    x.resize_(2, 2).fill_(7);
    return [x, view];
  },
  "resize_ to more elements": () => {
    const x = torch.arange(100);
    const view = x.slice(0, 1, 3);
    x.resize_([200]);
    const kept = x.slice(0, 0, 100).clone();
    return [kept, x.shape, view, x.fill_(2).sum(), view];
  },
  "resize_ to more elements, of a view": () => {
    const x = torch.arange(4);
    const view = x.slice(0, 1).resize_(5, 1);
    return [view.slice(0, 0, 3), x, view.fill_(3), x];
  },
  "resize_ of a transposed matrix": () => {
    const x = torch.arange(6).view(2, 3).clone().t();
    return [x.resize_(2, 3).clone(), x.resizeAs_(zeros([6])).clone(), x.resize_(0, 2).clone(), x.resize_([]).clone()];
  },
  "resize_ of a view that is changed then": () => {
    const [x, w] = [zeros(6, { dtype: "float64" }), leaf(2, 3)];
    x.slice(0, 1, 5).resize_(2).copy_(w);
    x.mul(x).sum().backward();
    return [x.detach(), w.grad];
  },
  "resize_ of what requires a gradient": () => [
    error(() => leaf(1, 2).resize_(3)),
    error(() => noGrad(() => leaf(1, 2).mul(2).resize_(1))),
  ],
};

it("a computed tensor cannot get another shape where that is not recorded: its gradient would have the old one", () => {
  const x = unobservedOnes(2, { requiresGrad: true }).mul(2);
  expect(() => noGrad(() => x.unsqueeze_(0))).toThrow("a computed tensor keeps the record of its shape");
});

const tooMany = "expects a tensor with <= 2 dimensions, but self is 3D";
const wording = {
  [`t_() ${tooMany}`]: `t() ${tooMany}`,
  [`a view of ${leafChanged}`]: leafChanged,
};
new Answers("inplace", { rtol: 1e-12, atol: 1e-12, wording }).each({
  ...results,
  ...views,
  ...fresh,
  ...refused,
  ...shapes,
  ...sizes,
});

it("a change after a chain of 20,000 views, and 5,000 changes each of a view of the last, give gradients", () => {
  const x = unobservedOnes(4, { requiresGrad: true });
  let view = x.mul(1);
  for (let k = 0; k < 20_000; k++) view = view.view(4);
  view.mul_(3);
  for (let k = 0; k < 5000; k++) view = view.view(4).add_(1);
  view.sum().backward();
  expect(x.grad?.toArray()).toEqual([3, 3, 3, 3]);
});
