/**
 * Five steps of a story. In each the reader says first what will happen, then it happens, and a verdict is computed from what was
 * seen: had it come out otherwise, the verdict would. Texts are in texts-story.ts, what it looks like in story-panel.ts.
 */
import { addressOf } from "./address.ts";
import type { LossHistory } from "./history.ts";
import { contestant, defaults, type Settings } from "./settings.ts";
import type { Each } from "./trainer.ts";

/** What was seen of a run. */
export interface Outcome {
  readonly losses: Pick<LossHistory, "steps" | "smooth">;
  /** The shares of test pictures read at the end: in eval mode, and by the statistics of batches as in training. */
  readonly accuracies: Each<number>;
  readonly inTrainMode: Each<number>;
}

/** What a verdict is made of: which of the answers came true, and the numbers that show it. */
export interface Verdict {
  readonly answer: number;
  /** Of each network; null for a loss that was not reached. */
  readonly reached: Each<number | null>;
  readonly accuracies: Each<number>;
  readonly inTrainMode: Each<number>;
}

export const CHAPTERS = ["faster", "fair", "deep", "small", "weights"] as const;
export type ChapterName = (typeof CHAPTERS)[number];

export interface Chapter {
  readonly settings: Settings;
  /** What its answer is read from: the card shows these curves. */
  readonly decidedBy: "loss" | "accuracy";
  /** Steps of the run. */
  readonly steps: number;
  /** Which of the answers, from 0, is true. */
  answer(outcome: Outcome): number;
}

/** An average loss of half a nat: most digits are read. */
export const GOAL = 0.5;
/** A network that reads so many has learned something. */
const LEARNED = 0.5;
/** Test accuracies that are nearer than this are the same, on 2,000 digits. */
const SAME = 0.02;

/** The first step at which the average loss was below the goal, of each network. */
export function stepsToGoal({ losses }: Outcome): Each<number | null> {
  return losses.smooth.map((values) => losses.steps[values.findIndex((loss) => loss < GOAL)] ?? null);
}

const atGoal = (outcome: Outcome): Each<number> => stepsToGoal(outcome).map((step) => step ?? Number.POSITIVE_INFINITY);

export const story: Readonly<Record<ChapterName, Chapter>> = {
  faster: {
    settings: { ...defaults, learningRate: 0.01 },
    decidedBy: "loss",
    steps: 300,
    // 0: with batch norm; 1: without; 2: neither much faster
    answer(outcome) {
      const [batchNorm, plain] = atGoal(outcome);
      if (batchNorm === plain) return 2;
      const ratio = plain / batchNorm;
      if (ratio > 1.2) return 0;
      return ratio < 1 / 1.2 ? 1 : 2;
    },
  },
  fair: {
    settings: {
      ...defaults,
      contestants: [
        contestant("batch", "default", 0.2),
        contestant("none", "default", 0.5),
        contestant("none", "he", 0.2),
      ],
    },
    decidedBy: "loss",
    steps: 300,
    // 0: more than three times as fast as the better of the others; 1: faster, but less than that; 2: no longer faster
    answer(outcome) {
      const [batchNorm, ...others] = atGoal(outcome);
      const ratio = Math.min(...others) / batchNorm;
      if (ratio > 3) return 0;
      return ratio > 1.1 ? 1 : 2;
    },
  },
  deep: {
    settings: {
      ...defaults,
      depth: 20,
      width: 64,
      contestants: [contestant("batch"), contestant("none"), contestant("none", "he", 0.05)],
    },
    decidedBy: "accuracy",
    steps: 300,
    // 0: batch norm alone learns; 1: batch norm and He's weights; 2: all three; 3: another set
    answer({ accuracies }) {
      const learned = accuracies.map((share) => (share > LEARNED ? "1" : "0")).join("");
      const place = ["100", "101", "111"].indexOf(learned);
      return place < 0 ? 3 : place;
    },
  },
  small: {
    settings: {
      ...defaults,
      batchSize: 2,
      width: 64,
      learningRate: 0.05,
      contestants: [contestant("batch"), contestant("none", "he")],
    },
    decidedBy: "accuracy",
    steps: 500,
    // 0: batch norm in eval mode; 1: batch norm by the batch's statistics; 2: the network without
    answer({ accuracies, inTrainMode }) {
      const shares = [accuracies[0], inTrainMode[0], accuracies[1]];
      return shares.indexOf(Math.max(...shares));
    },
  },
  weights: {
    settings: {
      ...defaults,
      contestants: [contestant("batch"), contestant("batch", "small"), contestant("batch", "large")],
    },
    decidedBy: "accuracy",
    steps: 300,
    // 0: all three alike; 1: too small ones do harm; 2: too large ones do harm; 3: both do
    answer({ accuracies: [usual, small, large] }) {
      return (usual - small > SAME ? 1 : 0) + (usual - large > SAME ? 2 : 0);
    },
  },
};

/** The step of the story whose run this is: its settings, until its end. */
export const chapterOf = (settings: Settings, until: number): ChapterName | undefined =>
  CHAPTERS.find((name) => until === story[name].steps && addressOf(settings) === addressOf(story[name].settings));

export const verdictOf = (chapter: Chapter, outcome: Outcome): Verdict => ({
  answer: chapter.answer(outcome),
  reached: stepsToGoal(outcome),
  accuracies: outcome.accuracies,
  inTrainMode: outcome.inTrainMode,
});
