import type { TypedArray } from "../../dtype.ts";

export const isFloat32 = (data: TypedArray): data is Float32Array => data instanceof Float32Array;
