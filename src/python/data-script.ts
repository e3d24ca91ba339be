/** The data of train.py: how its samples are made or read, and how a batch of them becomes what the model takes. */
import { amax, amin, permute } from "../autograd/ops/index.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { ModelInput, Moving, MovingDims } from "./examples.ts";
import { literal } from "./literals.ts";

/** A tensor of the inputs that has a part for each sample, along one of its dimensions; or a list, which has a tensor for each. */
interface Column {
  readonly name: string;
  readonly data: Tensor | readonly Tensor[];
  /** In which dimension the samples are. */
  readonly dim: number;
}

/** What a model is given, taken apart into columns; what does not depend on the samples stays as it is in `call`. */
export interface Columns {
  readonly columns: readonly Column[];
  /** The arguments of the model, of the columns. */
  readonly call: string;
}

/** @throws if a dimension of the samples is not known */
export function columnsOf(inputs: readonly ModelInput[], moving: MovingDims): Columns {
  const columns: Column[] = [];
  const noted = (data: Column["data"], dim: number): string => {
    const name = `x${columns.length}`;
    columns.push({ name, data, dim });
    return name;
  };
  const text = (input: ModelInput, along: Moving): string => {
    if (input instanceof Tensor) {
      const [dim] = along === "length" ? [] : along;
      return dim === undefined ? literal(input) : noted(input, dim);
    }
    if (Array.isArray(input)) {
      if (along === "length") return noted(input as Tensor[], 0);
      return `(${input.map((item: ModelInput) => `${text(item, along)}, `).join("")})`;
    }
    if (!isPlain(input)) return literal(input);
    const items = Object.entries(input).map(
      ([key, item]) => `${JSON.stringify(key)}: ${text(item as ModelInput, along)}`,
    );
    return `{${items.join(", ")}}`;
  };
  const call = inputs.map((input, i) => text(input, moving[i])).join(", ");
  check(columns.length > 0, "no input has a dimension of samples: say with `moving` which it is");
  return { columns, call };
}

/** Made-up inputs as those of the example: whole numbers from 0, or its own least, to its own largest. */
export function madeUp(x: Tensor, dim = 0): string {
  const sizes = ["SAMPLES", ...x.shape.toSpliced(dim, 1)].join(", ");
  if (isFloatingPoint(x.dtype)) return `torch.randn(${sizes})`;
  if (x.dtype === "bool") return `torch.randint(0, 2, (${sizes},)).bool()`;
  const [least, largest] = x.numel === 0 ? [0, 0] : [amin(x).item(), amax(x).item()];
  return `torch.randint(${Math.min(0, least)}, ${largest + 1}, (${sizes},))`;
}

/** The lines of make_dataset, with data that are made up. */
export function madeUpLines({ columns }: Columns, target: readonly string[]): string[] {
  const made = columns.map(({ data, dim }) => {
    if (data instanceof Tensor) return madeUp(data, dim);
    return `[${madeUp(data[0], data[0].ndim).replace("SAMPLES", "").replace("(, ", "(")} for _ in range(SAMPLES)]`;
  });
  return [`return list(zip(${[...made, ...target].join(", ")}))`];
}

/** What is written into data.safetensors: a tensor with the samples first, or one for each sample. */
export function dataTensors({ columns }: Columns, target: Tensor | null): Record<string, Tensor> {
  const tensors = columns.flatMap(({ name, data, dim }): [string, Tensor][] => {
    if (data instanceof Tensor) return [[name, samplesFirst(data, dim)]];
    return data.map((item, i) => [`${name}.${i}`, item]);
  });
  return { ...Object.fromEntries(tensors), ...(target ? { target } : {}) };
}

const samplesFirst = (x: Tensor, dim: number): Tensor =>
  dim === 0
    ? x
    : permute(
        x,
        [dim, ...x.shape.keys()].filter((d, i) => i === 0 || d !== dim),
      ).contiguous();

/** The lines of make_dataset, with the data of data.safetensors. */
export function readLines({ columns }: Columns, target: readonly string[]): string[] {
  const read = columns.map(({ name, data }) =>
    data instanceof Tensor ? `data["${name}"]` : `[data[f"${name}.{i}"] for i in range(${data.length})]`,
  );
  return [
    'data = read_tensors(os.path.join(FOLDER, "data.safetensors"))',
    `return list(zip(${[...read, ...target].join(", ")}))`,
  ];
}

/** The lines of collate: samples as a batch. */
export function collateLines({ columns }: Columns, hasTarget: boolean): string[] {
  const names = [...columns.map(({ name }) => name), ...(hasTarget ? ["target"] : [])];
  const joined = columns.map(({ name, data, dim }) =>
    data instanceof Tensor ? `torch.stack(${name}${dim === 0 ? "" : `, dim=${dim}`})` : `list(${name})`,
  );
  return [
    `${names.join(", ")}${names.length === 1 ? "," : ""} = zip(*samples)`,
    `return ${[...joined, ...(hasTarget ? ["torch.stack(target)"] : [])].join(", ")}${names.length === 1 ? "," : ""}`,
  ];
}
