/** What vae.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a variational autoencoder on digits, and has it write some.",
  options: {
    epochs: "passes over the digits",
    limit: "digits to learn from, the first",
    seed: "of the initial weights and all draws",
    data: "folder with MNIST, which is there after npm ci and is downloaded otherwise",
    out: "folder for digits.png",
  },
};

const zh: typeof en = {
  ...common.zh,
  about: "用手写数字训练一个变分自编码器，再让它自己写。",
  options: {
    epochs: "训练的轮数",
    limit: "用前多少个数字训练",
    seed: "初始权重和所有随机数的种子",
    data: "MNIST 所在的文件夹，npm ci 之后就有；没有就下载到这里",
    out: "存放 digits.png 的文件夹",
  },
};

export const texts = { en, zh };
export const say = texts[language];
