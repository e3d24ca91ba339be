/** What pictures.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Learns the classes of pictures in a folder, or tells one's class.",
  options: {
    folder: "with a sub-folder for each class; this one is made if it is not there",
    picture: "a file to tell the class of, with the network that was trained before",
    size: "pixels: pictures are made so high and wide, at least 8",
    epochs: "passes over the pictures",
    seed: "of the initial weights and all draws",
    out: "folder for the network, model.safetensors, and for held-out.png",
  },
  untrained: (path: string) => `There is no ${path} yet: train first, without --picture.`,
  answer: (file: string, name: string) => `${file} is of the class ${name}`,
  making: (folder: string) => `Making ${folder}, an example of a folder with pictures`,
  sizes: (known: number, heldOut: number, classes: readonly string[]) =>
    `${known} pictures to learn from, ${heldOut} held out: ${classes.join(", ")}`,
  share: (count: number, of: number) => `${((100 * count) / of).toFixed(1)} % (${count}/${of})`,
  accuracies: (training: string, heldOut: string) => `training ${training}   held out ${heldOut}`,
};

const zh: typeof en = {
  ...common.zh,
  about: "学习给文件夹里的图片分类，或认出一张图片属于哪一类。",
  options: {
    folder: "图片文件夹，每一类一个子文件夹；默认的没有就自动生成",
    picture: "用之前训练好的网络认出这个文件的类别",
    size: "图片的边长，像素数，至少 8",
    epochs: "训练的轮数",
    seed: "初始权重和所有随机数的种子",
    out: "存放网络 model.safetensors 和图片 held-out.png 的文件夹",
  },
  untrained: (path) => `还没有 ${path}：请先训练，不加 --picture。`,
  answer: (file, name) => `${file} 属于 ${name} 类`,
  making: (folder) => `生成 ${folder}，作为图片文件夹的例子`,
  sizes: (known, heldOut, classes) => `训练图片 ${known} 张，留出 ${heldOut} 张；类别：${classes.join("、")}`,
  share: (count, of) => `${((100 * count) / of).toFixed(1)}%（${count}/${of}）`,
  accuracies: (training, heldOut) => `训练准确率 ${training}   留出准确率 ${heldOut}`,
};

export const texts = { en, zh };
export const say = texts[language];
