/** What classify.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";

const flags = "PICTURE.png [--model FILE (runs/mnist-adam/model.safetensors)] [--language en|zh] [--help]";

const en = {
  usage: `usage: npm run example:classify -- ${flags}`,
  help: `Says which digit is on a picture, with the network that npm run example:adam has trained.

  --model FILE     the network, if it is another
  --language NAME  en, or zh for Chinese (en)`,
  noPicture: "Name one picture, a PNG file",
  noModel: (path: string) =>
    `${path}: there is no such file. Train a model first, with npm run example:adam, or name one with --model.`,
  noInk: "there is nothing on this picture that stands out from its border",
  answer: (picture: string, digit: number) => `${picture} is a ${digit}`,
};

const zh: typeof en = {
  usage: `用法：npm run example:classify -- ${flags}`,
  help: `用 npm run example:adam 训练好的网络，识别图片上是哪个数字。

  --model FILE     换用另一个网络
  --language NAME  en 为英文，zh 为中文（en）`,
  noPicture: "请给出一张图片，PNG 文件",
  noModel: (path) => `没有 ${path} 这个文件。请先用 npm run example:adam 训练模型，或用 --model 指定一个。`,
  noInk: "这张图片上没有与边缘不同的东西",
  answer: (picture, digit) => `${picture} 上是 ${digit}`,
};

export const texts = { en, zh };
export const say = texts[language];
