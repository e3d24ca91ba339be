/** What names.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import type { COUNTRIES } from "../support/towns.ts";
import { texts as common } from "./common.ts";

type Languages = Record<(typeof COUNTRIES)[number], string>;

const en = {
  ...common.en,
  about: "Teaches an LSTM to tell the language of a town's name, and a GRU to make up names.",
  options: {
    epochs: "passes over the names",
    limit: "towns of each language, the largest; at least 30",
    seed: "of the initial weights and all draws",
    name: "a name to tell the language of",
  },
  languages: {
    FI: "Finnish",
    FR: "French",
    DE: "German",
    GR: "Greek",
    HU: "Hungarian",
    IT: "Italian",
    JP: "Japanese",
    PL: "Polish",
    ES: "Spanish",
    TR: "Turkish",
  } satisfies Languages,
  telling: (known: number, heldOut: number) => `${known} towns to learn from; the LSTM is tested on ${heldOut} others:`,
  inventing: "The GRU learns to make up Finnish towns, and others:",
  invented: "New towns, and what the LSTM takes them for where it is misled:",
  misled: (name: string, language: string) => `${name} (${language}?)`,
  list: (names: readonly string[]) => names.join(", "),
  guesses: (name: string, shares: readonly (readonly [language: string, percent: string])[]) =>
    `${name}: ${shares.map(([language, percent]) => `${language} ${percent} %`).join(", ")}`,
};

const zh: typeof en = {
  ...common.zh,
  about: "教一个 LSTM 从城镇名认出语言，教一个 GRU 编造城镇名。",
  options: {
    epochs: "训练的轮数",
    limit: "每种语言取最大的多少个城镇，至少 30",
    seed: "初始权重和所有随机数的种子",
    name: "要判断语言的名字",
  },
  languages: {
    FI: "芬兰语",
    FR: "法语",
    DE: "德语",
    GR: "希腊语",
    HU: "匈牙利语",
    IT: "意大利语",
    JP: "日语",
    PL: "波兰语",
    ES: "西班牙语",
    TR: "土耳其语",
  },
  telling: (known, heldOut) => `用 ${known} 个城镇训练，用另外 ${heldOut} 个测试 LSTM：`,
  inventing: "GRU 学习编造城镇名，这里是芬兰语的例子：",
  invented: "编造的城镇名；LSTM 认错的，括号里是它认成的语言：",
  misled: (name, language) => `${name}（${language}？）`,
  list: (names) => names.join("、"),
  guesses: (name, shares) => `${name}：${shares.map(([language, percent]) => `${language} ${percent}%`).join("、")}`,
};

export const texts = { en, zh };
export const say = texts[language];
