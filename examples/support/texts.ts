/**
 * What all programs say in the same words: about their arguments, while one waits, and where something is missing. What else one
 * says is in ../texts, under its name. A text that one language lacks is a compile error.
 */
import { language } from "./language.ts";

const enFolder = "It is to have a sub-folder for each class, at least two, with PNG or JPEG files in it.";
const zhFolder = "每一类要有一个子文件夹，至少两个，里面放 PNG 或 JPEG 文件。";

const en = {
  usage: (command: string, flags: string) => `usage: npm run ${command} -- ${flags} [--language en|zh] [--help]`,
  option: (help: string, fallback: string | number) => `${help} (${fallback})`,
  oneOf: (choices: readonly string[]) => `one of ${choices.join(", ")}`,
  none: "none",
  language: "en, or zh for Chinese",
  seeHelp: "--help shows all options",

  notFolder: (flag: string, path: string, { message }: NodeJS.ErrnoException) =>
    `${flag} must be a folder that can be written to, but is '${path}' (${message})`,
  notOneOf: (flag: string, choices: readonly string[], text: string) =>
    `${flag} must be ${choices.join(" or ")}, but is '${text}'`,
  notWhole: (flag: string, least: number, text: string) =>
    `${flag} must be a whole number of at least ${least}, but is '${text}'`,
  notShare: (flag: string, text: string) => `${flag} must be a number from 0 to below 1, but is '${text}'`,
  notPositive: (flag: string, text: string) => `${flag} must be a number above 0, but is '${text}'`,
  notOfLetters: (flag: string, letters: string, text: string) =>
    `${flag} must be of the letters ${letters}, but is '${text}'`,
  /** By the code of Node's error, for an argument; without one, Node's own sentence. */
  refused: {} as Record<string, (argument: string) => string>,

  units: { samples: "samples", steps: "steps", pictures: "pictures", letters: "letters" },
  second: "s",
  left: (time: string) => `${time} left`,

  drawingEmojis: "Drawing emojis",
  noEmojis: (name: string) => `The emojis are in the package ${name}, which npm ci brings along.`,
  noEmoji: (designer: string, name: string) => `${designer} has no emoji of the name '${name}'`,
  making: (folder: string) => `Making ${folder}`,
  noFolder: (folder: string) => `There is no folder ${folder}. ${enFolder}`,
  fewFolders: (folder: string, count: number) => `${folder} has ${count} of them. ${enFolder}`,
  fewPictures: (folder: string, count: number) =>
    `${folder} has ${count} pictures, of which none can be held out. Add some.`,
};

const zh: typeof en = {
  usage: (command, flags) => `用法：npm run ${command} -- ${flags} [--language en|zh] [--help]`,
  option: (help, fallback) => `${help}（${fallback}）`,
  oneOf: (choices) => `可选 ${choices.join("、")}`,
  none: "无",
  language: "en 为英文，zh 为中文",
  seeHelp: "用 --help 查看所有选项",

  notFolder: (flag, path, { code }) => `${flag} 应为可写的文件夹，但给的是“${path}”（${code}）`,
  notOneOf: (flag, choices, text) => `${flag} 应为 ${choices.join("、")} 之一，但给的是“${text}”`,
  notWhole: (flag, least, text) => `${flag} 应为不小于 ${least} 的整数，但给的是“${text}”`,
  notShare: (flag, text) => `${flag} 应为大于等于 0、小于 1 的数，但给的是“${text}”`,
  notPositive: (flag, text) => `${flag} 应为大于 0 的数，但给的是“${text}”`,
  notOfLetters: (flag, letters, text) => `${flag} 只能含有 ${letters} 里的字符，但给的是“${text}”`,
  refused: {
    ERR_PARSE_ARGS_UNKNOWN_OPTION: (option) => `没有 ${option} 这个选项`,
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: (argument) => `多余的参数“${argument}”`,
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (option) => `${option} 的值缺失、多余或有歧义`,
  },

  units: { samples: "样本", steps: "步", pictures: "张", letters: "字符" },
  second: "秒",
  left: (time) => `剩余 ${time}`,

  drawingEmojis: "绘制表情符号",
  noEmojis: (name) => `表情符号在 ${name} 包里，运行 npm ci 就会装上。`,
  noEmoji: (designer, name) => `${designer} 没有名为“${name}”的表情符号`,
  making: (folder) => `生成 ${folder}`,
  noFolder: (folder) => `没有 ${folder} 这个文件夹。${zhFolder}`,
  fewFolders: (folder, count) => `${folder} 里有图片的子文件夹只有 ${count} 个。${zhFolder}`,
  fewPictures: (folder, count) => `${folder} 里只有 ${count} 张图片，留不出测试用的，请再添一些。`,
};

export const texts = { en, zh };
export const say = texts[language];
