/** What cartpole.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a network to balance a pole on a cart, by REINFORCE.",
  options: {
    updates: "of the weights, at most, each after ten games",
    seed: "of the initial weights, the starts and the moves",
    discount: "what a step later is worth",
    lr: "learning rate of Adam",
  },
  updates: "updates, at most",
  games: (games: number) => `${games} games`,
  mean: (games: number, steps: number) => `mean of the last ${games}: ${steps.toFixed(1)} steps`,
  lastGame: (steps: number) => `A last game, of ${steps} steps:`,
};

const zh: typeof en = {
  ...common.zh,
  about: "用 REINFORCE 训练一个网络，让小车上的杆子保持平衡。",
  options: {
    updates: "最多更新多少次权重，每玩十局更新一次",
    seed: "初始权重、起始状态和动作的种子",
    discount: "折扣因子：晚一步的奖励打几折",
    lr: "Adam 的学习率",
  },
  updates: "更新（上限）",
  games: (games) => `${games} 局`,
  mean: (games, steps) => `最近 ${games} 局平均 ${steps.toFixed(1)} 步`,
  lastGame: (steps) => `最后再玩一局，共 ${steps} 步：`,
};

export const texts = { en, zh };
export const say = texts[language];
