/** The networks that the experiments compare: fully connected, of any depth, with batch norm or without. */
import { nn } from "lucidgrad";

/** Where batch norm goes: nowhere, before the ReLU as in the paper, or after it. */
export type Placement = "none" | "before" | "after";

export interface NetworkSettings {
  /** How many hidden layers. */
  readonly depth: number;
  /** Units in each. */
  readonly width: number;
  readonly batchNorm: Placement;
  /** Of batch norm's running averages. Default: 0.1. */
  readonly momentum?: number | null;
  /**
   * How the weights start: as PyTorch draws them, uniform on ±1/√inputs, or after He et al. 2015, with a standard deviation
   * of √(2/inputs), which keeps the size of the numbers through ReLUs. Default: "default".
   */
  readonly weights?: "default" | "he";
}

/** 784 → width → … → width → 10 */
export function network(settings: NetworkSettings): nn.Sequential {
  const { depth, width, batchNorm, momentum = 0.1, weights = "default" } = settings;
  const block = (inputs: number): nn.Module[] => {
    const normalize = new nn.BatchNorm1d(width, { momentum });
    const linear = new nn.Linear(inputs, width, { bias: batchNorm !== "before" });
    if (batchNorm === "before") return [linear, normalize, new nn.ReLU()];
    return batchNorm === "after" ? [linear, new nn.ReLU(), normalize] : [linear, new nn.ReLU()];
  };
  const hidden = Array.from({ length: depth }, (_, i) => block(i === 0 ? 784 : width));
  const model = new nn.Sequential(...hidden.flat(), new nn.Linear(width, 10));
  if (weights === "he")
    for (const layer of linearLayers(model)) nn.init.kaimingNormal_(layer.weight, { nonlinearity: "relu" });
  return model;
}

export const linearLayers = (model: nn.Sequential): nn.Linear[] =>
  [...model].filter((layer) => layer instanceof nn.Linear);
