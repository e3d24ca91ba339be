/** What dcgan.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a painter of emojis against a critic, and shows what it paints.",
  options: {
    steps: "training steps, each with 32 emojis and as many paintings",
    every: "steps between two rows of the picture",
    kind: "which emojis",
    limit: "emojis of each designer",
    seed: "of the initial weights and all draws",
    out: "folder for the picture, which has the kind's name",
  },
  emojis: (count: number, kind: string) => `${count} emojis of the kind ${kind}`,
  losses: (critic: number, painter: number) => `critic loss ${critic.toFixed(6)}   painter loss ${painter.toFixed(6)}`,
};

const zh: typeof en = {
  ...common.zh,
  about: "训练生成器与判别器对抗，画出表情符号。",
  options: {
    steps: "训练步数，每步 32 个表情符号和同样多的生成图",
    every: "每隔多少步给图片添一行",
    kind: "表情符号的种类",
    limit: "每位设计者取多少个表情符号",
    seed: "初始权重和所有随机数的种子",
    out: "存放图片的文件夹，图片以种类命名",
  },
  emojis: (count, kind) => `${count} 个 ${kind} 类表情符号`,
  losses: (critic, painter) => `判别器损失 ${critic.toFixed(6)}   生成器损失 ${painter.toFixed(6)}`,
};

export const texts = { en, zh };
export const say = texts[language];
