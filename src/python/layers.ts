/** The layers of nn as Python makes them: their class, and what its constructor is told. */
import * as nn from "../nn/index.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { numberText } from "./expressions.ts";

const convolution = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode";
const transposed =
  "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode";
const batchNorm = "num_features eps momentum affine track_running_stats";
const recurrent = "input_size hidden_size num_layers bias batch_first dropout bidirectional";
const maxPool = "kernel_size stride padding dilation ceil_mode";

/** The keywords of their constructors, by the names of their classes. */
const keywords: Readonly<Record<string, string>> = {
  Linear: "in_features out_features bias",
  Bilinear: "in1_features in2_features out_features bias",
  Identity: "",
  Flatten: "start_dim end_dim",
  Embedding: "num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq",
  Conv1d: convolution,
  Conv2d: convolution,
  ConvTranspose1d: transposed,
  ConvTranspose2d: transposed,
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  InstanceNorm1d: batchNorm,
  InstanceNorm2d: batchNorm,
  GroupNorm: "num_groups num_channels eps affine",
  LayerNorm: "normalized_shape eps elementwise_affine",
  Dropout: "p",
  Dropout1d: "p",
  Dropout2d: "p",
  AlphaDropout: "p",
  MaxPool1d: maxPool,
  MaxPool2d: maxPool,
  AvgPool1d: "kernel_size stride padding ceil_mode count_include_pad",
  AvgPool2d: "kernel_size stride padding ceil_mode count_include_pad divisor_override",
  AdaptiveAvgPool1d: "output_size",
  AdaptiveAvgPool2d: "output_size",
  LSTM: `${recurrent} proj_size`,
  GRU: recurrent,
  RNN: `${recurrent} nonlinearity`,
  ...Object.fromEntries(
    "ReLU ReLU6 SELU SiLU Sigmoid Tanh Mish Hardswish Hardsigmoid LogSigmoid Softsign Tanhshrink"
      .split(" ")
      .map((name) => [name, ""]),
  ),
  LSTMCell: "input_size hidden_size bias",
  GRUCell: "input_size hidden_size bias",
  RNNCell: "input_size hidden_size bias nonlinearity",
  AdaptiveMaxPool1d: "output_size",
  AdaptiveMaxPool2d: "output_size",
  LocalResponseNorm: "size alpha beta k",
  Dropout3d: "p",
  FeatureAlphaDropout: "p",
  ConstantPad1d: "padding value",
  ConstantPad2d: "padding value",
  ReflectionPad1d: "padding",
  ReflectionPad2d: "padding",
  ReplicationPad1d: "padding",
  ReplicationPad2d: "padding",
  ZeroPad2d: "padding",
  GLU: "dim",
  GELU: "approximate",
  ELU: "alpha",
  CELU: "alpha",
  LeakyReLU: "negative_slope",
  PReLU: "num_parameters",
  Softplus: "beta threshold",
  Hardtanh: "min_val max_val",
  Softmax: "dim",
  LogSoftmax: "dim",
  Softmin: "dim",
  Softmax2d: "",
  Hardshrink: "lambd",
  Softshrink: "lambd",
  Threshold: "threshold value",
  RReLU: "lower upper",
};

const exported: Readonly<Record<string, unknown>> = nn;

/** Whether it is of a class of nn, and not of a class of one's own. */
export const isLayer = (module: Module): boolean => exported[module.constructor.name] === module.constructor;

/** How Python makes such a layer. @throws if it is none that can be written, with its place in the model */
export function layerInPython(layer: Module, path: string): string {
  const name = layer.constructor.name;
  const names = keywords[name];
  check(
    names !== undefined,
    () => `${path} is a ${name}, which cannot be written in Python yet: make it of other layers`,
  );
  const fields = layer as unknown as Record<string, unknown>;
  const settings = fields.settings as Record<string, unknown> | undefined;
  const args = names
    .split(" ")
    .filter(Boolean)
    .map((keyword) => {
      const field = keyword.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const value = /affine$/.test(keyword) ? fields.weight !== null : (fields[field] ?? settings?.[field] ?? null);
      return `${keyword}=${keyword === "bias" ? literal(isThere(value)) : literal(value)}`;
    });
  return `nn.${name}(${args.join(", ")})`;
}

/** A bias is a parameter, or null; or said to be there. */
const isThere = (value: unknown): boolean => value !== null && value !== false;

/** A setting in Python. */
function literal(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return value.length === 1 ? `(${literal(value[0])},)` : `(${value.map(literal).join(", ")})`;
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? JSON.stringify(value) : `${value}`;
}
