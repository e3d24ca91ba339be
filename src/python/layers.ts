/** The layers of nn as Python makes them: their class, and what its constructor is told. */
import * as nn from "../nn/index.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { literal } from "./literals.ts";
import { attentionInPython } from "./transformers.ts";

const convolution = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode";
const transposed =
  "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode";
const batchNorm = "num_features eps momentum affine track_running_stats";
const recurrent = "input_size hidden_size num_layers bias batch_first dropout bidirectional";
const unpool = "kernel_size stride padding";
const maxPool = "kernel_size stride padding dilation return_indices ceil_mode";

const losses: Readonly<Record<string, string>> = {
  BCELoss: "weight reduction",
  BCEWithLogitsLoss: "weight pos_weight reduction",
  CosineEmbeddingLoss: "margin reduction",
  CrossEntropyLoss: "weight ignore_index label_smoothing reduction",
  CTCLoss: "blank zero_infinity reduction",
  GaussianNLLLoss: "full eps reduction",
  HingeEmbeddingLoss: "margin reduction",
  HuberLoss: "delta reduction",
  KLDivLoss: "log_target reduction",
  L1Loss: "reduction",
  MarginRankingLoss: "margin reduction",
  MSELoss: "reduction",
  MultiLabelMarginLoss: "reduction",
  MultiLabelSoftMarginLoss: "weight reduction",
  MultiMarginLoss: "p margin weight reduction",
  NLLLoss: "weight ignore_index reduction",
  PoissonNLLLoss: "log_input full eps reduction",
  SmoothL1Loss: "beta reduction",
  SoftMarginLoss: "reduction",
  TripletMarginLoss: "margin p eps swap reduction",
};

/** The keywords of their constructors, by the names of their classes. */
const keywords: Readonly<Record<string, string>> = {
  Linear: "in_features out_features bias",
  Bilinear: "in1_features in2_features out_features bias",
  Identity: "",
  Flatten: "start_dim end_dim",
  Embedding: "num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq",
  Conv1d: convolution,
  Conv2d: convolution,
  Conv3d: convolution,
  ConvTranspose1d: transposed,
  ConvTranspose2d: transposed,
  ConvTranspose3d: transposed,
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  InstanceNorm1d: batchNorm,
  InstanceNorm2d: batchNorm,
  InstanceNorm3d: batchNorm,
  GroupNorm: "num_groups num_channels eps affine",
  LayerNorm: "normalized_shape eps elementwise_affine",
  Dropout: "p",
  Dropout1d: "p",
  Dropout2d: "p",
  AlphaDropout: "p",
  MaxPool1d: maxPool,
  MaxPool2d: maxPool,
  MaxPool3d: maxPool,
  AvgPool1d: "kernel_size stride padding ceil_mode count_include_pad",
  AvgPool2d: "kernel_size stride padding ceil_mode count_include_pad divisor_override",
  AdaptiveAvgPool1d: "output_size",
  AvgPool3d: "kernel_size stride padding ceil_mode count_include_pad divisor_override",
  AdaptiveAvgPool2d: "output_size",
  AdaptiveAvgPool3d: "output_size",
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
  AdaptiveMaxPool1d: "output_size return_indices",
  AdaptiveMaxPool2d: "output_size return_indices",
  AdaptiveMaxPool3d: "output_size return_indices",
  LPPool1d: "norm_type kernel_size stride ceil_mode",
  LPPool2d: "norm_type kernel_size stride ceil_mode",
  MaxUnpool1d: unpool,
  MaxUnpool2d: unpool,
  MaxUnpool3d: unpool,
  Upsample: "size scale_factor mode align_corners recompute_scale_factor",
  UpsamplingNearest2d: "size scale_factor",
  UpsamplingBilinear2d: "size scale_factor",
  PixelShuffle: "upscale_factor",
  PixelUnshuffle: "downscale_factor",
  Unflatten: "dim unflattened_size",
  Fold: "output_size kernel_size dilation padding stride",
  Unfold: "kernel_size dilation padding stride",
  CosineSimilarity: "dim eps",
  PairwiseDistance: "p eps keepdim",
  EmbeddingBag:
    "num_embeddings embedding_dim max_norm norm_type scale_grad_by_freq mode include_last_offset padding_idx",
  LocalResponseNorm: "size alpha beta k",
  Dropout3d: "p",
  FeatureAlphaDropout: "p",
  ConstantPad1d: "padding value",
  ConstantPad2d: "padding value",
  ConstantPad3d: "padding value",
  ReflectionPad1d: "padding",
  ReflectionPad2d: "padding",
  ReflectionPad3d: "padding",
  ReplicationPad1d: "padding",
  ReplicationPad2d: "padding",
  ReplicationPad3d: "padding",
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
  ...losses,
};

const exported: Readonly<Record<string, unknown>> = nn;

/**
 * The class of nn that a module is of, or whose forward it has: a class of one's own may only say what a Sequential consists of.
 * Where arguments are checked, the classes that users have are other ones than nn's, with the same prototypes.
 */
export function layerName(module: Module): string | undefined {
  let prototype: object = Object.getPrototypeOf(module);
  while (prototype !== nn.Module.prototype) {
    const { name } = prototype.constructor;
    const layer = exported[name];
    if (typeof layer === "function" && layer.prototype === prototype) return name;
    if (Object.hasOwn(prototype, "forward")) return undefined;
    prototype = Object.getPrototypeOf(prototype);
  }
  return undefined;
}

/** Whether it is a layer of nn, and not one whose forward is to be seen. */
export const isLayer = (module: Module): boolean => layerName(module) !== undefined;

/**
 * How Python makes such a layer.
 * @param path of it, for errors @param within how Python makes a layer in it
 * @throws if it is none that can be written
 */
export function layerInPython(layer: Module, path: string, within: (child: Module, name: string) => string): string {
  const name = layerName(layer)!;
  const place = path || "the model";
  const special = attentionInPython(layer, name, place, within);
  if (special !== undefined) return special;
  const names = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
  check(
    names !== undefined,
    () => `${place} is a ${name}, which cannot be written in Python yet: make it of other layers`,
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
