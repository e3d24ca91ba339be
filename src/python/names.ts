/** What the names in files of PyTorch's mean: plain containers, dtypes and storages, and the functions that make tensors. */

import { type Expect, isSize } from "../data/formats/expect.ts";
import { type FileType, formats } from "../data/formats/numbers.ts";
import { Parameter } from "../nn/parameter.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { type Storage, Tensor } from "../tensor/tensor.ts";

/** What a name stands for. */
export class Global {
  readonly name: string;
  /** What it gives for arguments, if it may be called. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;

  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** A class of storages. The one without a type holds bytes. */
export class StorageClass extends Global {
  readonly type: FileType | null;

  constructor(name: string, type: FileType | null) {
    super(name);
    this.type = type;
  }
}

/** One of PyTorch's dtypes. */
export class DTypeName extends Global {
  readonly type: FileType;

  constructor(name: string, type: FileType) {
    super(name);
    this.type = type;
  }
}

/** A storage of the file. */
export interface StoredNumbers {
  readonly kind: StorageClass;
  /** Its elements: the same storage each time, which tensors share. */
  as(type: FileType): Storage;
}

/** PyTorch's dtypes and their classes of storages, by the format of their elements. Those of PyTorch 2 have no class. */
export const dtypes: readonly (readonly [type: FileType, dtype: string, storage: string | null])[] = [
  ["F64", "float64", "DoubleStorage"],
  ["F32", "float32", "FloatStorage"],
  ["F16", "float16", "HalfStorage"],
  ["BF16", "bfloat16", "BFloat16Storage"],
  ["I64", "int64", "LongStorage"],
  ["I32", "int32", "IntStorage"],
  ["I16", "int16", "ShortStorage"],
  ["I8", "int8", "CharStorage"],
  ["U64", "uint64", null],
  ["U32", "uint32", null],
  ["U16", "uint16", null],
  ["U8", "uint8", "ByteStorage"],
  ["BOOL", "bool", "BoolStorage"],
];

/** All names that a file may have. */
export function namesOf(expect: Expect): ReadonlyMap<string, Global> {
  const functions = { ...containers(expect), ...makers(expect) };
  const globals = [
    ...Object.entries(functions).map(([name, call]) => new Global(name, call)),
    new Global("torch.Tensor"),
    new Global("torch.nn.parameter.Parameter"),
    new StorageClass("torch.storage.UntypedStorage", null),
    ...dtypes.flatMap(([type, dtype, storage]) => [
      new DTypeName(`torch.${dtype}`, type),
      ...(storage ? [new StorageClass(`torch.${storage}`, type)] : []),
    ]),
  ];
  return new Map(globals.map((global) => [global.name, global]));
}

type Calls = Record<string, (args: readonly unknown[]) => unknown>;

/** Dicts, sets and what else is plain. */
function containers(expect: Expect): Calls {
  const set = ([items]: readonly unknown[]) => {
    expect(Array.isArray(items), () => "a set in it is made of no list");
    return new Set(items);
  };
  return {
    "collections.OrderedDict": () => new Map(),
    "collections.Counter": ([counts = new Map()]) => {
      expect(counts instanceof Map, () => "a Counter in it is made of no dict");
      return new Map(counts);
    },
    "__builtin__.set": set,
    "__builtin__.frozenset": set,
    "torch.Size": ([sizes]) => {
      expect(isSizes(sizes), () => "a torch.Size in it has something else than sizes");
      return [...sizes];
    },
    "torch.device": ([kind, index]) => {
      expect(typeof kind === "string", () => "a torch.device in it has no name");
      return typeof index === "number" ? `${kind}:${index}` : kind;
    },
  };
}

/** The functions that make tensors. What they are told of hooks and attributes is left out. */
function makers(expect: Expect): Calls {
  const tensor = (
    stored: unknown,
    offset: unknown,
    shape: unknown,
    strides: unknown,
    requiresGrad: unknown,
    type?: FileType,
  ) => {
    expect(isStored(stored), () => "a tensor in it has no storage");
    expect(isSize(offset) && isSizes(shape) && isSizes(strides), () => "a tensor in it has something else than sizes");
    expect(
      shape.length === strides.length,
      () => `a tensor in it has ${shape.length} sizes and ${strides.length} strides`,
    );
    const format = type ?? stored.kind.type;
    expect(format !== null, () => "a tensor in it has no dtype");
    const storage = stored.as(format);
    const { dtype } = formats[format];
    const last = shape.includes(0) ? -1 : shape.reduce((sum, size, d) => sum + (size - 1) * strides[d], offset);
    const { length } = storage.data;
    expect(last < length, () => `a tensor in it has element ${last} of a storage of ${length}`);
    const made = new Tensor(storage, dtype, [...shape], [...strides], offset); // copies: a pickle may append to its lists later
    if (requiresGrad === true && isFloatingPoint(dtype)) made.requiresGrad = true;
    return made;
  };
  const parameter = ([data, requiresGrad]: readonly unknown[]) => {
    const isTensor = data instanceof Tensor && isFloatingPoint(data.dtype);
    expect(isTensor, () => "a parameter in it has no numbers that can be trained");
    return new Parameter(data, requiresGrad === true);
  };
  return {
    "torch._utils._rebuild_tensor_v2": ([stored, offset, shape, strides, requiresGrad]) =>
      tensor(stored, offset, shape, strides, requiresGrad),
    "torch._utils._rebuild_tensor_v3": ([stored, offset, shape, strides, requiresGrad, , dtype]) => {
      expect(dtype instanceof DTypeName, () => "a tensor in it has no dtype");
      return tensor(stored, offset, shape, strides, requiresGrad, dtype.type);
    },
    "torch._utils._rebuild_parameter": parameter,
    "torch._utils._rebuild_parameter_with_state": parameter,
    // A tensor with attributes: its function, its class, the arguments of the function, and the attributes.
    "torch._tensor._rebuild_from_type_v2": ([maker, kind, args]) => {
      const isMaker =
        maker instanceof Global && maker.name.startsWith("torch._utils._rebuild_") && maker.call !== undefined;
      expect(isMaker && kind instanceof Global && Array.isArray(args), () => "a tensor in it is made of no arguments");
      return maker.call(args);
    },
  };
}

const isSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);

export const isStored = (value: unknown): value is StoredNumbers =>
  typeof value === "object" && value !== null && "kind" in value && value.kind instanceof StorageClass;
