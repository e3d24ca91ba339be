/** The playground's story: verdicts and captions follow from what was seen, whatever it was. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lossCaption, settingsCaption, USABLE_RATES } from "../../../examples/playground/captions.ts";
import { TEST } from "../../../examples/playground/file.ts";
import { LossHistory } from "../../../examples/playground/history.ts";
import { contestant, defaults } from "../../../examples/playground/settings.ts";
import {
  CHAPTERS,
  type ChapterName,
  chapterOf,
  type Outcome,
  story,
  verdictOf,
} from "../../../examples/playground/story.ts";
import { storyPicture } from "../../../examples/playground/story-plugin.ts";
import { texts } from "../../../examples/playground/texts.ts";

/** A run in which each network reaches a loss of 0.4 at a step of its own, of fifty. */
function outcome(reached: (number | null)[], accuracies: number[], inTrainMode = accuracies): Outcome {
  const steps = [...Array(50).keys()].map((i) => i + 1);
  const smooth = reached.map((at) => steps.map((step) => (at !== null && step >= at ? 0.4 : 2)));
  return { losses: { steps, smooth }, accuracies, inTrainMode };
}

describe("a verdict", () => {
  const same = [0.9, 0.9, 0.9];
  it.each<[ChapterName, Outcome, number]>([
    ["faster", outcome([10, null], same), 0],
    ["faster", outcome([10, 30], same), 0],
    ["faster", outcome([30, 10], same), 1],
    ["faster", outcome([10, 11], same), 2],
    ["faster", outcome([null, null], same), 2],
    ["fair", outcome([10, null, 40], same), 0],
    ["fair", outcome([10, 40, 20], same), 1],
    ["fair", outcome([10, 10, 40], same), 2],
    ["fair", outcome([null, null, 20], same), 2],
    ["deep", outcome([], [0.9, 0.1, 0.1]), 0],
    ["deep", outcome([], [0.9, 0.1, 0.8]), 1],
    ["deep", outcome([], [0.9, 0.9, 0.8]), 2],
    ["deep", outcome([], [0.1, 0.9, 0.8]), 3],
    ["small", outcome([], [0.8, 0.7], [0.6, 0.7]), 0],
    ["small", outcome([], [0.5, 0.7], [0.8, 0.7]), 1],
    ["small", outcome([], [0.5, 0.7], [0.4, 0.7]), 2],
    ["weights", outcome([], [0.9, 0.9, 0.89]), 0],
    ["weights", outcome([], [0.9, 0.8, 0.9]), 1],
    ["weights", outcome([], [0.9, 0.9, 0.7]), 2],
    ["weights", outcome([], [0.9, 0.8, 0.7]), 3],
  ])("of “%s” follows from what was seen (%#)", (name, seen, answer) => {
    const verdict = verdictOf(story[name], seen);
    expect(verdict.answer).toBe(answer);
    for (const { story: told } of Object.values(texts)) {
      const { answers, verdict: write } = told.chapters[name];
      expect(answers[answer]).toBeDefined();
      expect(write(verdict, 50)).not.toMatch(/undefined|NaN|null/);
    }
  });

  it("has an experiment that measures it, which both languages' pages have", () => {
    for (const [language, file] of [
      ["en", "docs/experiments.md"],
      ["zh", "docs/experiments.zh.md"],
    ] as const) {
      const page = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
      const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, text]) => text.toLowerCase().replaceAll(" ", "-"));
      for (const name of CHAPTERS) expect(headings).toContain(texts[language].story.chapters[name].experiment);
    }
  });
});

it("a run is of a step of the story while it has its settings and its end", () => {
  for (const name of CHAPTERS) {
    const { settings, steps } = story[name];
    expect(chapterOf(settings, steps)).toBe(name);
    expect(chapterOf(settings, Number.POSITIVE_INFINITY)).toBeUndefined();
    expect(chapterOf({ ...settings, seed: 1 }, steps)).toBeUndefined();
  }
});

describe("a caption", () => {
  const state = (losses: number[], rates: (number | null)[] = []) => {
    const contestants = losses.map((_, i) => contestant(i === 0 ? "batch" : "none", "default", rates[i] ?? null));
    const history = new LossHistory(losses.length);
    history.add(losses);
    return { settings: { ...defaults, contestants }, steps: 1, losses: history };
  };

  it("names who is guessing, who is beyond the chart and who has diverged, and nobody else", () => {
    const lossNote = texts.en.lossNote(1);
    expect(lossCaption(state([0.3, 0.4]))).toBe(lossNote);
    expect(lossCaption(state([0.3, 2.3]))).toBe(`${lossNote} No better than guessing now: without.`);
    expect(lossCaption(state([2.5689e21, Number.NaN]))).toBe(
      `${lossNote} Diverged, the loss is no number any more: without. Beyond the chart: batch norm, 2.6 × 10²¹.`,
    );
    expect(lossCaption({ ...state([2.3, 2.3]), steps: 0 })).toBe(lossNote);
  });

  it("says whom a learning rate does not suit, by what the experiment has measured", () => {
    const page = readFileSync(new URL("../../../docs/experiments.md", import.meta.url), "utf8");
    const [, ...ranges] = page.match(
      /with batch norm (\S+) to (\S+), .*without (\S+) to (\S+), .*He's weights (\S+) to (\S+), /,
    )!;
    expect(Object.values(USABLE_RATES).flat()).toEqual(ranges.map(Number));
    expect(settingsCaption(defaults)).toBe(texts.en.settingsNote);
    expect(settingsCaption({ ...defaults, learningRate: 0.05 })).toMatch(/0.05 .*“without”.*0.1 to 0.46/);
    expect(settingsCaption({ ...defaults, learningRate: 0.05 })).not.toMatch(/batch norm/);
    const large = [contestant("batch", "large"), contestant("none", "large")];
    expect(settingsCaption({ ...defaults, contestants: large })).toBe(
      `${texts.en.settingsNote} ${texts.en.weightsNote.large}`,
    );
    expect(settingsCaption({ ...defaults, network: "cnn", learningRate: 0.05 })).toBe(texts.en.settingsNote);
  });
});

it("the story asks of digits, whose number its threshold of what is the same is made for", () => {
  for (const name of CHAPTERS) expect(TEST[story[name].settings.data]).toBe(2000);
});

it("without script there is a picture of it, drawn of what the experiment has measured", () => {
  const { transformIndexHtml: transform } = storyPicture();
  const html = (transform as (html: string) => string)("<figure><!-- the picture of story-plugin.ts --></figure>");
  expect(html).toMatch(/^<figure><svg/);
  expect(html).toContain("Training loss after 300 steps");
});
