/** What can be set on the page, and the experiments that it offers. */

export interface Settings {
  /** Of SGD, for both networks. The only setting that may change while the networks train. */
  learningRate: number;
  /** How much of the last step SGD makes again. */
  momentum: number;
  /** Digits a step. */
  batchSize: number;
  /** Units of each hidden layer. */
  width: number;
  /** Hidden layers. */
  depth: number;
  /** Whether the first network has batch normalization; the second never has. */
  batchNorm: boolean;
  /** How far a batch moves the running statistics. */
  batchNormMomentum: number;
  /** Of the initial weights and the order of the digits. */
  seed: number;
}

/** The network and the settings of `npm run example`. */
export const defaults: Readonly<Settings> = {
  learningRate: 0.01,
  momentum: 0,
  batchSize: 64,
  width: 256,
  depth: 2,
  batchNorm: true,
  batchNormMomentum: 0.1,
  seed: 0,
};

/** The stops of the sliders. */
export const choices = {
  learningRate: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  momentum: [0, 0.5, 0.8, 0.9, 0.95],
  batchSize: [4, 8, 16, 32, 64, 128, 256],
  width: [16, 32, 64, 128, 256, 512],
  depth: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  batchNormMomentum: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
} as const satisfies { [K in keyof Settings]?: readonly number[] };

/** A setting with a slider. */
export type Choice = keyof typeof choices;

/** What each experiment changes of the defaults; texts.ts says what to look for. */
export const experiments = {
  fast: { learningRate: 2 },
  deep: { depth: 10, learningRate: 0.1 },
  tiny: { batchSize: 4 },
  slow: { batchNormMomentum: 0.01 },
  chance: { batchNorm: false },
} as const satisfies Record<string, Partial<Settings>>;

export type Experiment = keyof typeof experiments;
