/** What dates.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a translator of dates, and draws where it looks as it writes.",
  options: {
    steps: "training steps, each of 64 dates",
    every: "steps between two lines that say how it goes",
    seed: "of the initial weights and all dates",
    date: "what is translated meanwhile, and drawn",
    out: "folder for attention.png",
  },
  translation: (date: string, written: string) => `${date} is ${written}`,
  rightOfUnseen: (right: number, all: number) => `${right} of ${all} dates right, of days that it has never seen`,
};

const zh: typeof en = {
  ...common.zh,
  about: "训练一个日期翻译器，并画出它写每个字符时看了哪里。",
  options: {
    steps: "训练步数，每步 64 个日期",
    every: "每隔多少步打印一行进展",
    seed: "初始权重和所有日期的种子",
    date: "训练途中翻译、最后画出的日期",
    out: "存放 attention.png 的文件夹",
  },
  translation: (date, written) => `${date} 译成 ${written}`,
  rightOfUnseen: (right, all) => `${all} 个没见过的日期里，译对 ${right} 个`,
};

export const texts = { en, zh };
export const say = texts[language];
