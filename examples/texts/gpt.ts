/** What gpt.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a GPT on sonnets of Shakespeare, and has it write.",
  options: {
    steps: "training steps, each of 32 pieces of text",
    every: "steps between two lines that say how it goes",
    seed: "of the initial weights and all draws",
    start: "what the text begins with",
    length: "letters to write",
    temperature: "below 1 writes what is likely, above 1 is bolder",
    "top-k": "each letter is drawn from this many, the likeliest",
  },
  sizes: (letters: number, weights: number) => `${letters} letters; ${weights} weights`,
  writing: "writing",
};

const zh: typeof en = {
  ...common.zh,
  about: "用莎士比亚的十四行诗训练一个 GPT，再让它写诗。",
  options: {
    steps: "训练步数，每步 32 段文本",
    every: "每隔多少步打印一行进展",
    seed: "初始权重和所有随机数的种子",
    start: "文本的开头",
    length: "文本写到多少个字符",
    temperature: "小于 1 时偏向最可能的字符，大于 1 时更大胆",
    "top-k": "每个字符从最可能的这么多个里抽取",
  },
  sizes: (letters, weights) => `${letters} 个字符，${weights} 个权重`,
  writing: "写诗",
};

export const texts = { en, zh };
export const say = texts[language];
