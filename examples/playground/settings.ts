/** What can be set on the page. address.ts writes it into a link, lucidgrad-program.ts and pytorch-program.ts into programs. */

/** What normalizes the inputs of each ReLU. */
export const NORMS = ["batch", "layer", "none"] as const;
export type Norm = (typeof NORMS)[number];

/** How the weights start: as PyTorch draws them, after He et al. 2015, or with a standard deviation of 0.01 or of 1. */
export const WEIGHTS = ["default", "he", "small", "large"] as const;
export type Weights = (typeof WEIGHTS)[number];

/** Fully connected, or with convolutions. */
export const ARCHITECTURES = ["mlp", "cnn"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

export const DATA = ["digits", "shapes"] as const;
export type Data = (typeof DATA)[number];

/** One of the two or three networks that are compared. */
export interface Contestant {
  readonly norm: Norm;
  readonly weights: Weights;
  /** Its own; null for the one of the settings. */
  readonly learningRate: number | null;
}

export interface Settings {
  readonly data: Data;
  readonly network: Architecture;
  readonly contestants: readonly Contestant[];
  /** Of SGD. */
  readonly learningRate: number;
  /** How much of the last step SGD makes again. */
  readonly momentum: number;
  /** Pictures a step. */
  readonly batchSize: number;
  /** Units of each hidden layer, channels of each convolution. */
  readonly width: number;
  /** Hidden layers. */
  readonly depth: number;
  /** How far a batch moves batch norm's running statistics. */
  readonly batchNormMomentum: number;
  /** Of the initial weights and the order of the pictures. */
  readonly seed: number;
}

export const contestant = (
  norm: Norm,
  weights: Weights = "default",
  learningRate: number | null = null,
): Contestant => ({
  norm,
  weights,
  learningRate,
});

/**
 * The network of `npm run example`, which that trains at 0.01. 0.1 is a rate at which batch norm and plain networks both learn
 * (docs/experiments.md#learning-rate): at 0.01 only batch norm does, and the first step of the story asks whether that is fair.
 */
const mlp: Settings = {
  data: "digits",
  network: "mlp",
  contestants: [contestant("batch"), contestant("none")],
  learningRate: 0.1,
  momentum: 0,
  batchSize: 64,
  width: 256,
  depth: 2,
  batchNormMomentum: 0.1,
  seed: 0,
};

/** What is set unless somebody sets it: a convolution has fewer channels than a layer has units. */
export const defaultsOf = (network: Architecture): Settings =>
  network === "cnn" ? { ...mlp, network, width: 8 } : mlp;
export const defaults = mlp;

/** The stops of the sliders. */
export const choices = {
  learningRate: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  momentum: [0, 0.5, 0.8, 0.9, 0.95],
  batchSize: [2, 4, 8, 16, 32, 64, 128, 256],
  width: [4, 8, 16, 32, 64, 128, 256, 512],
  depth: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20],
  batchNormMomentum: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
} as const satisfies { [K in keyof Settings]?: readonly number[] };

/** A setting with a slider. */
export type Choice = keyof typeof choices;
export const CHOICES = Object.keys(choices) as Choice[];

export const MOST_CONTESTANTS = 3;
export const MOST_SEED = 999_999;

/** The learning rate of a contestant. */
export const rateOf = (settings: Settings, { learningRate }: Contestant): number =>
  learningRate ?? settings.learningRate;

/** What each experiment changes of the defaults; texts.ts says what to look for. */
export const experiments = {
  fast: { learningRate: 2 },
  slow: { batchNormMomentum: 0.01 },
  chance: { contestants: [contestant("none"), contestant("none")] },
  layer: { contestants: [contestant("batch"), contestant("none"), contestant("layer")] },
  convolution: { network: "cnn", data: "shapes", width: 8 },
} as const satisfies Record<string, Partial<Settings>>;

export type Experiment = keyof typeof experiments;
