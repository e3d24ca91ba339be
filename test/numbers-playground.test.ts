/** Sentences with numbers in the playground's texts: see numbers.test.ts. */
import { describe, expect, it } from "vitest";
import { GUESSING } from "../examples/playground/captions.ts";
import { KEEP } from "../examples/playground/history.ts";
import { newNetwork } from "../examples/playground/networks.ts";
import { defaults, experiments, MOST_CONTESTANTS } from "../examples/playground/settings.ts";
import { CHAPTERS, GOAL, story } from "../examples/playground/story.ts";
import { texts } from "../examples/playground/texts.ts";
import { PICTURES } from "../examples/playground/trainer.ts";
import { asDigit } from "../examples/support/as-digit.ts";
import { type nn, zeros } from "../src/index.ts";
import { constant, inChinese, inWords, inWordsAtStart } from "./support/numbers.ts";
import { read } from "./support/tree.ts";

const { en, zh } = texts;

/** The standard deviation of weights that start so. */
function spread(weights: "small" | "large"): string {
  const [, linear] = newNetwork(defaults, { norm: "none", weights });
  return (linear as nn.Linear).weight.std().item().toPrecision(1);
}

const chunk = constant("examples/playground/trainer.ts", "CHUNK");
const { faster, deep, small } = story;
const [reader] = newNetwork({ ...defaults, network: "cnn" }, { norm: "none", weights: "default" });
const side = (reader as nn.Conv2d).weight.shape[3];
const { steps } = JSON.parse(read("docs/experiments/learning-rate.json"));
const averaged = Math.round(1 / (1 - KEEP));

it.each<[english: string, chinese: string, sentence: string, translation: string]>([
  [
    en.lead,
    zh.lead,
    `${inWordsAtStart(MOST_CONTESTANTS - 1)} or ${inWords(MOST_CONTESTANTS)} networks`,
    `${inChinese(MOST_CONTESTANTS - 1)}${inChinese(MOST_CONTESTANTS)}个网络`,
  ],
  [
    en.data.shapes,
    zh.data.shapes,
    `${inWordsAtStart(en.classes.shapes.length)} shapes`,
    `${inChinese(zh.classes.shapes.length)}种形状`,
  ],
  [en.weightsNote.small, zh.weightsNote.small, `σ = ${spread("small")}.`, `σ = ${spread("small")}。`],
  [en.weightsNote.large, zh.weightsNote.large, `σ = ${spread("large")}.`, `σ = ${spread("large")}。`],
  [en.outside("", 0, 0, 0), zh.outside("", 0, 0, 0), `in ${steps} steps`, `在 ${steps} 步内`],
  [
    en.experimentNotes.fast,
    zh.experimentNotes.fast,
    `A learning rate of ${experiments.fast.learningRate}.`,
    `学习率为 ${experiments.fast.learningRate}。`,
  ],
  [
    en.experimentNotes.slow,
    zh.experimentNotes.slow,
    `momentum ${experiments.slow.batchNormMomentum}:`,
    `动量为 ${experiments.slow.batchNormMomentum}：`,
  ],
  [
    en.experimentNotes.convolution,
    zh.experimentNotes.convolution,
    `${side} x ${side} weights`,
    `${side} x ${side} 个权重`,
  ],
  [en.lossNote(1), zh.lossNote(1), `over about ${inWords(averaged)} steps`, `约${inChinese(averaged)}步的平均`],
  [en.lossNote(1), zh.lossNote(1), `ln 10 = ${GUESSING.toFixed(1)}.`, `ln 10 = ${GUESSING.toFixed(1)}。`],
  [
    en.accuracyNote(""),
    zh.accuracyNote(""),
    `gives ${100 / en.classes.digits.length} %`,
    `能对 ${100 / zh.classes.digits.length} %`,
  ],
  [en.picturesNote, zh.picturesNote, `up to ${PICTURES} units`, `最多 ${PICTURES} 个单元`],
  [en.collapseNote, zh.collapseNote, `read ${chunk} test pictures`, `读 ${chunk} 张测试图片`],
  [
    en.story.title,
    zh.story.title,
    `${inWordsAtStart(CHAPTERS.length)} steps of a story`,
    `${inChinese(CHAPTERS.length)}步讲一个故事`,
  ],
  [
    en.story.chapters.faster.question,
    zh.story.chapters.faster.question,
    `at a learning rate of ${faster.settings.learningRate},`,
    `学习率都是 ${faster.settings.learningRate}，`,
  ],
  [
    en.story.chapters.faster.question,
    zh.story.chapters.faster.question,
    `An average loss of ${GOAL} means`,
    `平均损失降到 ${GOAL}，`,
  ],
  [
    en.story.chapters.deep.question,
    zh.story.chapters.deep.question,
    `${inWordsAtStart(deep.settings.depth)} hidden layers of ${deep.settings.width} units.`,
    `${inChinese(deep.settings.depth)}个隐藏层，每层 ${deep.settings.width} 个单元。`,
  ],
  [
    en.story.chapters.deep.question,
    zh.story.chapters.deep.question,
    `after ${deep.steps} steps?`,
    `${deep.steps} 步之后`,
  ],
  [
    en.story.chapters.small.question,
    zh.story.chapters.small.question,
    `Batches of ${small.settings.batchSize}.`,
    `批大小为 ${small.settings.batchSize}。`,
  ],
])("%s (%s)", (english, chinese, sentence, translation) => {
  expect(english).toContain(sentence);
  expect(chinese).toContain(translation);
});

describe("of the story,", () => {
  const nobody = [0, 0, 0];
  const outcome = (reached: readonly number[], accuracies: readonly number[]) => ({
    losses: {
      steps: [...Array(100).keys()],
      smooth: reached.map((at) => [...Array(100).keys()].map((i) => (i < at ? 1 : 0))),
    },
    accuracies,
    inTrainMode: accuracies,
  });

  it("“more than three times as fast” is so", () => {
    expect(story.fair.answer(outcome([10, 31, 40], nobody))).toBe(0);
    expect(story.fair.answer(outcome([10, 30, 40], nobody))).toBe(1);
    expect([en, zh].map(({ story }) => story.chapters.fair.answers[0])).toEqual([
      "More than three times as fast",
      "仍快三倍以上",
    ]);
  });

  it("“more than half of the test digits” are so many", () => {
    expect(story.deep.answer(outcome(nobody, [0.51, 0.5, 0.5]))).toBe(0);
    expect(story.deep.answer(outcome(nobody, [0.51, 0.5, 0.51]))).toBe(1);
    expect(en.story.chapters.deep.question).toContain("read more than half of the test digits");
    expect(zh.story.chapters.deep.question).toContain("谁能认出一半以上的测试数字");
  });

  it("at an average loss of 0.5 most digits are read", () => {
    const results: { loss: number | null; testAccuracy: number }[] = JSON.parse(
      read("docs/experiments/learning-rate.json"),
    ).results;
    const there = results.filter(({ loss }) => loss !== null && loss <= GOAL);
    for (const { testAccuracy } of there) expect(testAccuracy).toBeGreaterThan(0.5);
  });
});

it("a drawing is seen 20 pixels large", () => {
  const picture = zeros([4, 100, 100]);
  picture.select(0, 3).fill_(1); // opaque
  picture.narrow(0, 0, 3).narrow(1, 10, 50).narrow(2, 30, 30).fill_(1);
  const rows = asDigit(picture)?.squeeze(0).sum(1).gt(0).sum().item();
  expect(en.seen).toContain(`${rows} pixels large`);
  expect(zh.seen).toContain(`${rows} 像素大`);
});
