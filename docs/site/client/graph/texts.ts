/** What the graph says, in both languages. */
import type { Language } from "../../texts.ts";
import type { Way } from "./types.ts";

export type { Language };

interface Texts {
  readonly back: string;
  readonly step: string;
  readonly play: string;
  readonly pause: string;
  readonly all: string;
  readonly steps: string;
  stepOf(step: number, steps: number): string;
  graphOf(name: string): string;
  readonly howTo: string;
  readonly kinds: {
    readonly leaf: string;
    readonly constant: string;
    readonly operation: string;
    readonly result: string;
  };
  readonly value: string;
  readonly gradient: string;
  readonly noGradient: string;
  readonly notYet: string;
  summary(count: string, mean: string, std: string, min: string, max: string): string;
  start(result: string, derivative: string, gradient: string): string;
  /** What goes to one node. */
  goes(term: string, to: string): string;
  passes(operation: string, what: readonly string[]): string;
  has(to: string, sum: string): string;
  passesNothing(operation: string): string;
  readonly listSeparator: string;
  readonly sentenceEnd: string;
  readonly changeLeaves: string;
  element(name: string): string;
  slider(name: string): string;
  number(name: string): string;
  readonly reset: string;
  readonly differs: string;
  open(operation: string): string;
  close(operation: string): string;
  readonly insideOf: string;
  readonly terms: string;
  readonly channel: string;
  /** Short, since they stand on arrows. */
  readonly ways: Readonly<Record<Way, string>>;
  readonly wayExplained: Readonly<Record<Way, string>>;
  /** @param isZero whether the sum differs from 0 by no more than rounding */
  taken(channel: string, mean: string, slope: string, sum: string, isZero: boolean): string;
  readonly termsExplained: string;
  failed(message: string): string;
}

/** `a, b and c` */
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join() : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    back: "Back",
    step: "Step",
    play: "Play",
    pause: "Pause",
    all: "All",
    steps: "Steps of backward",
    stepOf: (step, steps) => `step ${step} of ${steps}`,
    graphOf: (name) => `The graph of ${name}`,
    howTo: "Arrow keys: left and right step, up and down go from node to node.",
    kinds: { leaf: "leaf", constant: "constant", operation: "operation", result: "result" },
    value: "Value",
    gradient: "Gradient",
    noGradient: "It gets no gradient.",
    notYet: "Nothing has arrived yet.",
    summary: (count, mean, std, min, max) => `${count} numbers: mean ${mean}, deviation ${std}, from ${min} to ${max}`,
    start: (result, derivative, gradient) => `Backward starts at ${result}: ${derivative} = ${gradient}.`,
    goes: (term, to) => `${term} to ${to}`,
    passes: (operation, what) => `${operation} passes ${listed(what)}`,
    has: (to, sum) => `${to} has ${sum}`,
    passesNothing: (operation) => `${operation} passes nothing on.`,
    listSeparator: "; ",
    sentenceEnd: ".",
    changeLeaves: "Change a number, and all of it moves",
    element: (name) => `Element of ${name}`,
    slider: (name) => `${name}, slider`,
    number: (name) => `${name}, number`,
    reset: "The program's numbers",
    differs: "The numbers are not those that the program computed: some were changed, or drawn anew.",
    open: (operation) => `Open ${operation}`,
    close: (operation) => `Close ${operation}`,
    insideOf: "What it is made of",
    terms: "The gradient of x in three terms: x changes the result in three ways",
    channel: "Channel",
    ways: { direct: "direct", mean: "mean", variance: "variance" },
    wayExplained: {
      direct: "x moves its own x̂, as if mean and variance stood still: the arrows x → c → x̂.",
      mean: "x moves the mean of its channel, and so each x̂ of the channel the other way: x → μ → c.",
      variance: "x moves the variance, and so widens or narrows each x̂ of the channel: c → σ² → s → x̂.",
    },
    taken: (channel, mean, slope, sum, isZero) =>
      `In channel ${channel}, dy loses its mean, ${mean}, and its part along x̂, which is ${slope} · x̂. Over the batch, dx adds up to ${isZero ? `0, but for rounding (${sum})` : sum}.`,
    termsExplained:
      "What is the same for all of the channel is taken away: it would only move the mean. What goes along x̂ is taken away: it would only widen the channel. Both the next forward would undo.",
    failed: (message) => `It could not be computed: ${message}`,
  },
  zh: {
    back: "后退",
    step: "前进",
    play: "播放",
    pause: "暂停",
    all: "全部",
    steps: "反向传播的步骤",
    stepOf: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
    graphOf: (name) => `${name} 的计算图`,
    howTo: "方向键：左右逐步，上下在节点间移动。",
    kinds: { leaf: "叶子", constant: "常量", operation: "运算", result: "结果" },
    value: "数值",
    gradient: "梯度",
    noGradient: "它没有梯度。",
    notYet: "梯度还没有到达。",
    summary: (count, mean, std, min, max) => `共 ${count} 个数：均值 ${mean}，标准差 ${std}，从 ${min} 到 ${max}`,
    start: (result, derivative, gradient) => `反向传播从 ${result} 开始：${derivative} = ${gradient}。`,
    goes: (term, to) => `把 ${term} 传给 ${to}`,
    passes: (operation, what) => `${operation} ${what.join("，")}`,
    has: (to, sum) => `${to} 现在有 ${sum}`,
    passesNothing: (operation) => `${operation} 不再往回传。`,
    listSeparator: "；",
    sentenceEnd: "。",
    changeLeaves: "改一个数，整张图随之变化",
    element: (name) => `${name} 的元素`,
    slider: (name) => `${name}，滑块`,
    number: (name) => `${name}，数值`,
    reset: "恢复程序的数值",
    differs: "这些数值不是程序当时算出的：有的被改过，或随机数是重新抽取的。",
    open: (operation) => `展开 ${operation}`,
    close: (operation) => `收起 ${operation}`,
    insideOf: "它由哪些运算组成",
    terms: "x 的梯度有三项：x 通过三条路径影响结果",
    channel: "通道",
    ways: { direct: "直接", mean: "均值", variance: "方差" },
    wayExplained: {
      direct: "把均值和方差看作不变，x 只改变自己的 x̂：箭头 x → c → x̂。",
      mean: "x 改变通道的均值，于是通道里每个 x̂ 都朝相反方向移动：x → μ → c。",
      variance: "x 改变方差，于是通道里每个 x̂ 都随之放大或缩小：c → σ² → s → x̂。",
    },
    taken: (channel, mean, slope, sum, isZero) =>
      `在通道 ${channel} 中，dy 被去掉了均值 ${mean}，以及沿 x̂ 方向的分量 ${slope} · x̂。dx 在整个批次上的和是 ${isZero ? `0，只差舍入误差（${sum}）` : sum}。`,
    termsExplained:
      "整个通道共有的部分被减去：它只会移动均值。沿 x̂ 方向的部分被减去：它只会改变离散程度。这两者都会被下一次前向计算抵消。",
    failed: (message) => `无法计算：${message}`,
  },
};
