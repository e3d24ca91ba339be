/** What style.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Gives a picture the style of another.",
  options: {
    content: "the picture whose content it has: the name of an emoji, or a PNG or JPEG file",
    style: "the picture whose style it gets",
    weights: "a file with VGG-19's weights, of torch.save or safetensors; random ones without it",
    size: "pixels: pictures are made so high and wide, at least 8",
    steps: "steps of L-BFGS",
    every: "steps between two lines, at which the picture is written",
    seed: "of the random weights",
    out: "folder for picture.png",
  },
  picture: "picture",
  parts: (content: number, style: number) => `content ${content.toFixed(6)}   style ${style.toFixed(6)}`,
};

const zh: typeof en = {
  ...common.zh,
  about: "把一张图片画成另一张的风格。",
  options: {
    content: "提供内容的图片：表情符号的名字，或 PNG、JPEG 文件",
    style: "提供风格的图片",
    weights: "VGG-19 的权重文件，torch.save 或 safetensors 格式；没有就用随机权重",
    size: "图片的边长，像素数，至少 8",
    steps: "L-BFGS 的步数",
    every: "每隔多少步打印一行，同时写出图片",
    seed: "随机权重的种子",
    out: "存放 picture.png 的文件夹",
  },
  picture: "图片",
  parts: (content, style) => `内容 ${content.toFixed(6)}   风格 ${style.toFixed(6)}`,
};

export const texts = { en, zh };
export const say = texts[language];
