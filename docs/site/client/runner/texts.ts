/** What the runner says, in both languages. */

import type { Language } from "../../texts.ts";

export type { Language };

const both = {
  bar: { en: "Block", zh: "代码块" },
  run: { en: "Run", zh: "运行" },
  stepThrough: { en: "Step through the graph", zh: "逐步查看计算图" },
  runToHere: { en: "Run to here", zh: "运行到此处" },
  stop: { en: "Stop", zh: "停止" },
  edit: { en: "Edit", zh: "编辑" },
  reset: { en: "Reset", zh: "还原" },
  copyLink: { en: "Copy link", zh: "复制链接" },
  editor: { en: "Code of block", zh: "可编辑的代码块" },
  output: { en: "What block prints", zh: "输出：代码块" },
  hint: {
    en: "Ctrl+Enter runs. Tab indents; press Escape and then Tab to leave.",
    zh: "Ctrl+Enter 运行。Tab 缩进；先按 Escape 再按 Tab 可离开编辑器。",
  },
  changed: { en: "changed", zh: "已修改" },
  stale: { en: "printed before the code above was changed", zh: "这是上方代码修改之前的输出" },
  loading: { en: "Loading the engine …", zh: "正在加载引擎……" },
  running: { en: "Running …", zh: "运行中……" },
  runningAbove: { en: "Running first what stands above: block", zh: "先运行上方的代码块：" },
  done: { en: "Done in", zh: "完成，用时" },
  failed: { en: "Failed", zh: "出错了" },
  failedAbove: { en: "It did not run: the error is in block", zh: "没有运行：错误出在代码块" },
  busy: { en: "Another block is running. Stop it first.", zh: "另一个代码块正在运行，请先停止它。" },
  stopped: {
    en: "Stopped. What the blocks had computed is gone; the next run begins at the first block.",
    zh: "已停止。各代码块的计算结果已清除，下次运行会从第一个代码块开始。",
  },
  noEngine: {
    en: "The engine could not be loaded. Is the connection still there? Run tries again.",
    zh: "引擎加载失败。网络连接是否正常？再按“运行”重试。",
  },
  copied: { en: "The link is copied.", zh: "链接已复制。" },
  copyThis: { en: "This is the link, to be copied:", zh: "请复制这个链接：" },
  isReset: { en: "As it is in the guide.", zh: "已还原为教程中的内容。" },
  fromLink: {
    en: "This code came with the link. Reset shows the guide's.",
    zh: "这段代码来自链接。按“还原”可看到教程的原文。",
  },
  oldLink: {
    en: "The link changes a text that the guide no longer has; its change is left out.",
    zh: "链接修改的是教程的旧版本，这处修改已被忽略。",
  },
  cutNow: { en: "… and more lines, which are not shown.", zh: "……其余的输出不再显示。" },
  cut: { en: "more lines are not shown.", zh: "行输出未显示。" },
  forPython: { en: "JavaScript for Python readers", zh: "写给 Python 读者的 JavaScript" },
  plot: { en: "Chart of", zh: "折线图：" },
  plotRange: { en: "values, from", zh: "个数值，范围" },
  to: { en: "to", zh: "至" },
  picture: { en: "Picture,", zh: "图像，" },
  step: { en: "step", zh: "步" },
  "few digits": {
    en: "This page has the first 6,400 of MNIST's 60,000 training images, those that the guide trains on, and all 10,000 for the test.",
    zh: "本页只带有 MNIST 60000 张训练图像中的前 6400 张，也就是教程训练时所用的；10000 张测试图像是完整的。",
  },
  "no network": {
    en: "These data are fetched when a block first asks for them, and kept from then on: that needs a network once.",
    zh: "这些数据在代码块第一次用到时才下载，之后会一直保留：第一次需要联网。",
  },
} satisfies Record<string, Record<Language, string>>;

export type Text = keyof typeof both;

/** The texts of a language. */
export const textsIn = (language: Language) => (text: Text) => both[text][language];

/** `12 ms`, `1.5 s` */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
