/** Attention and transformers as Python makes them: what their constructors were told is in the layers that they are made of. */
import * as nn from "../nn/index.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { literal, snakeCase } from "./literals.ts";

/** How Python makes a layer in another one. */
type Within = (child: Module, name: string) => string;

/** How Python makes such a layer; undefined if it is none. @param name of its class @param place of it, for errors @throws if it cannot be written */
export function attentionInPython(layer: Module, name: string, place: string, within: Within): string | undefined {
  if (layer instanceof nn.MultiheadAttention) return call("MultiheadAttention", settingsOf(layer));
  if (layer instanceof nn.TransformerEncoderLayer || layer instanceof nn.TransformerDecoderLayer) {
    return call(name, layerSettings(layer, place, within));
  }
  if (layer instanceof nn.TransformerEncoder || layer instanceof nn.TransformerDecoder) {
    return stackInPython(layer, name, place, within);
  }
  return layer instanceof nn.Transformer ? transformerInPython(layer, place, within) : undefined;
}

const call = (name: string, settings: Readonly<Record<string, string>>): string =>
  `nn.${name}(${Object.entries(settings)
    .map(([key, text]) => `${snakeCase(key)}=${text}`)
    .join(", ")})`;

function settingsOf(layer: nn.MultiheadAttention): Record<string, string> {
  const { embedDim, numHeads, dropout, addZeroAttn, kdim, vdim, batchFirst, inProjBias, biasK } = layer;
  const isThere = (parameter: unknown) => literal(parameter !== null);
  return {
    ...{ embedDim: literal(embedDim), numHeads: literal(numHeads), dropout: literal(dropout) },
    ...{ bias: isThere(inProjBias), addBiasKv: isThere(biasK), addZeroAttn: literal(addZeroAttn) },
    ...{ kdim: literal(kdim), vdim: literal(vdim), batchFirst: literal(batchFirst) },
  };
}

/** What all layers of a transformer are told. */
function layerSettings(
  layer: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer,
  place: string,
  within: Within,
): Record<string, string> {
  const { selfAttn, linear1, dropout, norm1, normFirst, activation } = layer;
  return {
    ...{ dModel: literal(selfAttn.embedDim), nhead: literal(selfAttn.numHeads) },
    ...{ dimFeedforward: literal(linear1.outFeatures), dropout: literal(dropout.p) },
    activation: activation instanceof nn.Module ? within(activation, "activation") : nameOf(activation, place),
    ...{ layerNormEps: literal(norm1.eps), batchFirst: literal(selfAttn.batchFirst), normFirst: literal(normFirst) },
  };
}

/** A function is told by what it does. */
function nameOf(activation: (x: Tensor) => Tensor, place: string): string {
  const probe = tensor([-1, 0.5, 2]);
  const does = (f: (x: Tensor) => Tensor) => f(probe).equal(activation(probe));
  const { relu, gelu } = nn.functional;
  const isKnown = does(relu) || does(gelu);
  check(isKnown, () => `${place} has an activation that is neither relu nor gelu: make it a layer of nn`);
  return does(relu) ? '"relu"' : '"gelu"';
}

function stackInPython(
  stack: nn.TransformerEncoder | nn.TransformerDecoder,
  name: string,
  place: string,
  within: Within,
): string {
  const layers = [...stack.layers].map((layer, i) => within(layer, `layers.${i}`));
  check(layers.length > 0, () => `${place} has no layers, which cannot be written in Python`);
  check(
    layers.every((text) => text === layers[0]),
    () => `${place} has layers that differ, which cannot be written in Python: take a ModuleList`,
  );
  const norm = stack.norm ? within(stack.norm, "norm") : "None";
  // What PyTorch leaves out where there is only padding, lucidgrad computes.
  const nested = stack instanceof nn.TransformerEncoder ? ", enable_nested_tensor=False" : "";
  return `nn.${name}(${layers[0]}, num_layers=${layers.length}, norm=${norm}${nested})`;
}

function transformerInPython({ encoder, decoder }: nn.Transformer, place: string, within: Within): string {
  const isUsual =
    encoder instanceof nn.TransformerEncoder &&
    decoder instanceof nn.TransformerDecoder &&
    [encoder.layers.at(0), decoder.layers.at(0)].every((layer) => layer !== undefined);
  check(isUsual, () => `${place} has an encoder or a decoder of its own: call these without a Transformer`);
  const first = encoder.layers.at(0) as nn.TransformerEncoderLayer;
  const settings = layerSettings(first, place, (child, name) => within(child, `encoder.layers.0.${name}`));
  const made = {
    ...settings,
    numEncoderLayers: literal(encoder.layers.length),
    numDecoderLayers: literal(decoder.layers.length),
  };
  return call("Transformer", made);
}
