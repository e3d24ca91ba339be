/** Minimising Σ p² with an optimizer. Its gradient p + p has no rounding, so what differs is the optimizer's. */
import type { DType, optim, Tensor } from "../../src/index.ts";
import { torch } from "./torch.ts";

export interface Minimising {
  settings: object;
  /** Numbers of parameters, and settings of their own. Default: one group of all three. */
  groups?: [ids: number[], settings: object][];
  /** Settings of a group that are changed before a step; steps count from 0. */
  changes?: [step: number, group: number, settings: object][];
  /** Steps at which a parameter has no gradient. */
  skipped?: [step: number, id: number][];
  /** Default: 6. */
  steps?: number;
  /** Default: "float32". */
  dtype?: DType;
}

type Optimizer = optim.Optimizer<object>;
/** But LBFGS, which needs a closure. */
export type OptimizerName = Exclude<keyof typeof optim, "Optimizer" | "lrScheduler" | "swaUtils" | "LBFGS">;

torch.manualSeed(0);
const start = [torch.tensor([1, -2, 0]), torch.randn([3, 4]), torch.tensor(0.3)];

/** Every parameter after every step; and at the end the order and the state in the optimizer's state dict. */
export function minimise(
  optimizer: OptimizerName,
  { settings, groups = [[[0, 1, 2], {}]], changes = [], skipped = [], steps = 6, dtype = "float32" }: Minimising,
  { reloaded = false } = {},
) {
  const params = start.map((p) => p.to(dtype).clone().requiresGrad_());
  const make = (): Optimizer =>
    new torch.optim[optimizer](
      groups.map(([ids, own]) => ({ ...own, params: ids.map((id) => params[id]) })),
      settings,
    );
  let made = make();
  const values: Tensor[][] = [];
  for (let step = 0; step < steps; step++) {
    if (reloaded) {
      const saved = made.stateDict();
      made = make();
      made.loadStateDict(saved);
    }
    for (const [at, group, changed] of changes) if (at === step) Object.assign(made.paramGroups[group], changed);
    made.zeroGrad();
    for (const [id, p] of params.entries()) {
      if (!skipped.some(([s, i]) => s === step && i === id)) p.mul(p).sum().backward();
    }
    made.step();
    values.push(params.map((p) => p.detach().clone()));
  }
  const order = made.stateDict().paramGroups.map((group) => group.params);
  return { values, order, state: torch.stateOf(made) };
}

/** The settings that are on, as a name. */
export const namesOf = (settings: object): string =>
  Object.entries(settings)
    .flatMap(([key, value]) => (value ? `${key} ${value}` : []))
    .join(", ");
