/** A graph as plain data, which a worker can post to the page: what was computed, and each step of the way back. */

/** The numbers of a tensor: all of them, or of a large one the first and what all are like. */
export interface Numbers {
  readonly shape: readonly number[];
  /** In row-major order; fewer than `count` if there are too many to look at. */
  readonly values: readonly number[];
  readonly count: number;
  /** Of all; of a large one only. */
  readonly summary: { readonly mean: number; readonly std: number; readonly min: number; readonly max: number } | null;
}

/** A piece of a formula: text, or the value of a node or its gradient, for which a name or the numbers can stand. */
export type Part = string | { readonly of: "value" | "gradient"; readonly node: number };
export type Formula = readonly Part[];

export interface GraphNode {
  /** A leaf gets a gradient, a constant none. The result is what backward starts from. */
  readonly kind: "leaf" | "constant" | "operation" | "result";
  /** The variable: `a`, or a made-up name. */
  readonly name: string;
  /** What computed it, `mul`; empty if nothing did. */
  readonly operation: string;
  /** The right side of `c = a · b`; empty if nothing computed it. */
  readonly formula: Formula;
  readonly value: Numbers;
  /** Whether a number in it can be changed: nothing computed it, and it is no class or index. */
  readonly canChange: boolean;
  /** All that arrives in the end; null if nothing does. */
  readonly gradient: Numbers | null;
  /** What it is made of, if one can look inside. */
  readonly inside: Inside | null;
}

/** An arrow from an input to what was computed from it. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  /** Which terms of batch norm's gradient come back along it. */
  readonly ways: readonly Way[];
}

/** x changes batch norm's result in three ways: directly, by moving the mean, and by moving the variance. */
export type Way = "direct" | "mean" | "variance";

/** A gradient that arrives at an input. */
export interface Arrival {
  /** Which arrow it comes along. */
  readonly arrow: number;
  /** What is passed on: `∂L/∂c · b`. */
  readonly formula: Formula;
  readonly term: Numbers;
  /** What was there before, if something was; and with the term. */
  readonly before: Numbers | null;
  readonly sum: Numbers;
}

/** A node has all of its gradient, and passes on what is due to each of its inputs. */
export interface Step {
  readonly node: number;
  readonly arrivals: readonly Arrival[];
}

export interface GraphSnapshot {
  /** In the order of computation: arrows only ever go to a later node. The last is the result. */
  readonly nodes: readonly GraphNode[];
  readonly arrows: readonly Arrow[];
  /** The way back, in the order in which nodes pass their gradients on. */
  readonly steps: readonly Step[];
  /** The `L` of `∂L/∂a`: what all gradients are derivatives of. */
  readonly of: string;
  /** Whether the result differs from the program's, because values were changed since, or random numbers drawn anew. */
  readonly differs: boolean;
}

/** A node opened: the operations it is made of, as a graph of their own that starts from the node's gradient. */
export interface Inside {
  readonly graph: GraphSnapshot;
  /** Batch norm's gradient of x in terms; of another node there are none. */
  readonly terms: Terms | null;
}

/** dx = direct + mean + variance: what x gets in each of the three ways. */
export interface Terms extends Readonly<Record<Way, Numbers>> {
  readonly dy: Numbers;
  readonly dx: Numbers;
  /** Of each channel: the mean of dy, and that of dy · x̂. */
  readonly meanOfDy: Numbers;
  readonly slope: Numbers;
  /** The sums over the batch, and of |dx|: how large a sum of zero is for rounding alone goes by it. */
  readonly sums: Readonly<Record<Way | "dy" | "dx", Numbers>>;
  readonly size: Numbers;
  /** `γ s`, with which they are multiplied, or only `s`; s is 1 / √(σ² + ε). */
  readonly factor: string;
}
