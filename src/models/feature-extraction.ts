/** Networks that give what they compute on their way, by the names of node-watching.ts. */
import { noGrad } from "../autograd/grad-mode.ts";
import * as nn from "../nn/index.ts";
import { copyInto, copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { runWatched } from "./node-watching.ts";

/** Names of nodes; or, by these, the names that the results get. */
export type ReturnNodes = readonly string[] | Readonly<Record<string, string>>;

/** Options of createFeatureExtractor. */
export interface FeatureExtractorOptions {
  /** The nodes in training, where they are others than in evaluation. Default: null. */
  trainReturnNodes?: ReturnNodes | null;
  /** The nodes in evaluation. Default: null. */
  evalReturnNodes?: ReturnNodes | null;
}

/**
 * The names of all that a network computes, in training and in evaluation, in order. It is run on the inputs, which torchvision need
 * not have, and stays as it is. Mirrors `torchvision.models.feature_extraction.get_graph_node_names`.
 * @param inputs an example of what the network takes
 * @example
 * const [trainNodes, evalNodes] = getGraphNodeNames(squeezenet1_1({ numClasses: 2 }), [zeros([2, 3, 32, 32])]);
 * console.log(evalNodes.slice(0, 12));
 */
export function getGraphNodeNames(
  model: nn.Module,
  inputs: readonly Tensor[],
): [trainNodes: string[], evalNodes: string[]] {
  const namesIn = (training: boolean): string[] => {
    const names: string[] = [];
    model.train(training);
    runWatched(model, inputs, (name) => names.push(name));
    return names;
  };
  return unchanged(model, () => noGrad(() => [namesIn(true), namesIn(false)]));
}

/** Runs `work`, after which the network's modes and buffers, and the random numbers to come, are as before. */
function unchanged<T>(model: nn.Module, work: () => T): T {
  const modes = model.modules().map((module) => [module, module.training] as const);
  const buffers = model.buffers().map((buffer) => [buffer, copyOf(buffer)] as const);
  const random = defaultGenerator.getState();
  try {
    return work();
  } finally {
    for (const [module, mode] of modes) module.training = mode;
    for (const [buffer, before] of buffers) copyInto(buffer, before);
    defaultGenerator.setState(random);
  }
}

/**
 * A network that gives, by name, what another one computes on its way, and whose modules it shares. What comes after the last of the
 * nodes is computed in the first forward only. `layer1` is what the last node of `layer1` gives. What a layer changes in place is what it
 * was changed to. Mirrors `torchvision.models.feature_extraction.create_feature_extractor`.
 * @throws if nodes are given for one mode only; and in forward, if there is no node of a name
 * @example
 * const features = createFeatureExtractor(squeezenet1_1({ numClasses: 2 }), { "features.1": "low", "features.5": "high" });
 * const { low, high } = features.forward(zeros([1, 3, 32, 32]));
 * console.log(low.shape, high.shape);
 */
export function createFeatureExtractor(
  model: nn.Module,
  returnNodes: ReturnNodes | null = null,
  options?: FeatureExtractorOptions,
): FeatureExtractor {
  const { trainReturnNodes, evalReturnNodes } = readOptions<FeatureExtractorOptions>(options, {
    trainReturnNodes: null,
    evalReturnNodes: null,
  });
  const nothing = "Either `return_nodes` or `train_return_nodes` and `eval_return_nodes` together, should be specified";
  check(returnNodes !== null || trainReturnNodes !== null || evalReturnNodes !== null, nothing);
  const onlyOne = "If any of `train_return_nodes` and `eval_return_nodes` are specified, then both should be specified";
  check((trainReturnNodes === null) === (evalReturnNodes === null), onlyOne);
  const both = "If `train_return_nodes` and `eval_return_nodes` are specified, then both should be specified";
  check((returnNodes === null) !== (trainReturnNodes === null), both);
  const [train, evaluation] = [trainReturnNodes, evalReturnNodes].map((nodes) => nodes ?? returnNodes ?? []);
  return new Extractor(model, new Wanted(train), new Wanted(evaluation)).train(model.training);
}

/** The nodes that are wanted in one mode. */
class Wanted {
  /** The names of the results, by those of the nodes. */
  readonly nodes: ReadonlyMap<string, string>;
  /** The node after which nothing is wanted any more, once that is known. */
  last: string | null = null;

  constructor(nodes: ReturnNodes) {
    const pairs = Array.isArray(nodes) ? nodes.map((name: string) => [name, name] as const) : Object.entries(nodes);
    this.nodes = new Map(pairs);
  }
}

/** Is thrown when all that is wanted is computed. */
class Finished extends Error {}

/** What createFeatureExtractor makes: its modules and parameters are those of the network, under the same names. */
export interface FeatureExtractor extends nn.Module {
  /** @returns what the nodes give, in the order in which they are computed @throws if there is no node of a name */
  forward(...inputs: Tensor[]): Record<string, Tensor>;
}

class Extractor extends nn.Module implements FeatureExtractor {
  readonly #model: nn.Module;
  readonly #inTraining: Wanted;
  readonly #inEvaluation: Wanted;

  constructor(model: nn.Module, inTraining: Wanted, inEvaluation: Wanted) {
    super();
    this.#model = model;
    this.#inTraining = inTraining;
    this.#inEvaluation = inEvaluation;
  }

  protected override items(): Iterable<readonly [name: string, item: unknown]> {
    return [...this.#model.namedChildren(), ...this.#model.namedParameters({ recurse: false })];
  }

  override deepcopy(): this {
    const copy = new Extractor(this.#model.deepcopy(), this.#inTraining, this.#inEvaluation);
    return copy.train(this.training) as this;
  }

  override forward(...inputs: Tensor[]): Record<string, Tensor> {
    const model = this.#model;
    const wanted = this.training ? this.#inTraining : this.#inEvaluation;
    const found = new Map<string, Tensor>();
    let last = "";
    const tell = (name: string, value: unknown) => {
      for (const [node, key] of wanted.nodes) {
        if (name !== node && !name.startsWith(`${node}.`)) continue;
        found.delete(key); // so that what is computed later stands later
        found.set(key, value as Tensor);
        last = name;
      }
      if (name === wanted.last) throw new Finished();
    };
    model.training = this.training;
    try {
      runWatched(model, inputs, tell);
      wanted.last = last;
    } catch (problem) {
      if (!(problem instanceof Finished)) throw problem;
    }
    for (const [node, key] of wanted.nodes) {
      const unknown = () =>
        `node: '${node}' is not present in model. Hint: use \`get_graph_node_names\` to make sure the \`return_nodes\` you ` +
        "specified are present. It may even be that you need to specify `train_return_nodes` and `eval_return_nodes` separately.";
      check(found.has(key), unknown);
    }
    return Object.fromEntries(found);
  }
}
