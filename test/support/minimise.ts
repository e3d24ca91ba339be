/** Minimising Σ p² with an optimizer, as minimise.py does with PyTorch's. */
import type { DType, optim, Tensor } from "../../src/index.ts";
import { type StoredTensor, toTensor } from "./fixtures.ts";

export interface OptimizerCase {
  name: string;
  dtype: DType;
  settings: object;
  groups: { ids: number[]; settings: object }[];
  /** Settings that are changed before a step. */
  changes: { step: number; group: number; settings: object }[];
  /** Steps at which a parameter has no gradient. */
  skipped: [step: number, id: number][];
  /** Every parameter after every step. */
  values: StoredTensor[][];
}

export const newParams = (start: readonly StoredTensor[], { dtype }: OptimizerCase): Tensor[] =>
  start.map((p) => toTensor(p).to(dtype).requiresGrad_());

/** The groups of a case, of these parameters. */
export const groupsOf = ({ groups }: OptimizerCase, params: readonly Tensor[]) =>
  groups.map(({ ids, settings }) => ({ ...settings, params: ids.map((id) => params[id]) }));

/** One step of minimising Σ p² over the parameters, less those that are skipped. */
export function minimise<Settings extends object>(
  { changes, skipped }: OptimizerCase,
  optimizer: optim.Optimizer<Settings>,
  params: readonly Tensor[],
  step: number,
): void {
  for (const change of changes) {
    if (change.step === step) Object.assign(optimizer.paramGroups[change.group], change.settings);
  }
  optimizer.zeroGrad();
  for (const [id, p] of params.entries()) {
    if (!skipped.some(([s, i]) => s === step && i === id)) p.mul(p).sum().backward();
  }
  optimizer.step();
}
