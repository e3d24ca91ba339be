/**
 * What the experiments ask and conclude, in English and in Chinese: sentences with places for numbers, which the experiments compute. A
 * text that one language lacks is a compile error. Charts are in English, since their font has no Chinese.
 */
import { language } from "../support/language.ts";
import type { Placement } from "./support/network.ts";
import { percent, type Summary } from "./support/statistics.ts";
import type { Variant } from "./support/variants.ts";

/** From a number to another, and how many times as large that is. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** The percentage in the middle, the least and the greatest. */
type Spread = Summary & { readonly x: number };

const brief = (value: number): number => Number(value.toPrecision(2));

const en = {
  questions: {
    "learning-rate": "Does batch norm make the learning rate matter less?",
    initialization: "Does batch norm make the initial weights matter less?",
    depth: "Does batch norm let deeper networks learn?",
    activations: "What does batch norm do to the numbers inside a network?",
    placement: "Batch norm before the activation, or after it?",
    "batch-size": "What do small batches do to batch norm?",
    momentum: "How well do running averages know the true statistics?",
  },
  learningRate: {
    answer: (wider: boolean, usable: readonly string[]) =>
      `${wider ? "Yes" : "Not clearly"}. Usable learning rates: ${usable.join("; ")}.`,
    usable: (variant: Variant, { from, to, factor }: Range, best: number, lr: number) =>
      `${variant} ${factor === 0 ? "none" : `${from} to ${to}, a factor of ${brief(factor)}`} (best loss ${best.toFixed(3)}, at ${lr})`,
  },
  initialization: {
    answer: (wider: boolean, learned: number, withBatchNorm: string, without: string) =>
      `${wider ? "Yes" : "Not clearly"}. ${percent(learned)} of the test digits are reached from ` +
      `weights of a standard deviation of ${withBatchNorm} with batch norm; ${without} without.`,
    scales({ from, to, factor }: Range, isOpen: boolean, best: number): string {
      if (factor === 0) return `no scale at all (${percent(best)} at most)`;
      if (from === to) return `${from} alone (${percent(best)} at best)`;
      const atLeast = isOpen ? "at least " : "";
      return `${from}${isOpen ? ", the least tried," : ""} to ${to}, a factor of ${atLeast}${brief(factor)} (${percent(best)} at best)`;
    },
  },
  depth: {
    answer: (gains: boolean, withBatchNorm: string, without: string) =>
      `${gains ? "Yes" : "No"}. With batch norm ${withBatchNorm}; without, ${without}. `,
    across: (first: Spread, last: Spread) =>
      `${percent(first.median)} of the test digits at ${first.x} layers and ${percent(last.median)} at ${last.x}`,
    byStart: ({ median, low, high, x }: Spread, share: number) =>
      `Weights after He alone come to ${percent(median)} (${percent(low)} to ${percent(high)}) at ${x} layers: ` +
      `${percent(share)} of what batch norm gains there.`,
  },
  activations: {
    withBatchNorm: "With batch norm, ",
    without: " Without, ",
    layers: (spread: readonly [first: number, last: number], gradient: number) =>
      `the spread before training is ${brief(spread[0])} in the first layer and ` +
      `${brief(spread[1])} in the last, and the gradient of the first layer's weights ${brief(gradient)}; `,
    dead: (before: number, after: number, steps: number, read: number) =>
      `${percent(before)} of the units of the worst layer are dead before training and ` +
      `${percent(after)} after ${steps} steps; then ${percent(read)} of the test digits are read.`,
  },
  placement: {
    better: (winner: Placement | null) =>
      winner ? `Better ${winner}` : "No difference beyond the spread of the seeds, each at its best rate",
    answer: (better: string, before: string, after: string) =>
      `${better}: before, ${before} of the test digits are misread; after, ${after}. `,
    misread: ({ median, low, high, x }: Spread) =>
      `${percent(median, 1)} (${percent(low, 1)} to ${percent(high, 1)}, at a learning rate of ${x})`,
    ahead: (rates: readonly number[], before: readonly number[], after: readonly number[]) => {
      const list = (found: readonly number[]) => (found.length > 0 ? `at ${found.join(", ")}` : "at none");
      return (
        `Of the learning rates ${rates.join(", ")}, the ranges of the ` +
        `seeds do not overlap in favour of before ${list(before)}, in favour of after ${list(after)}.`
      );
    },
  },
  batchSize: {
    at: (size: number, inEval: number, error: number, inTraining: number, without: number) =>
      `At batches of ${size}, ${percent(inEval)} of the test digits are read with the running averages, which are ` +
      `${error.toFixed(2)} standard deviations off, ${percent(inTraining)} with the statistics of such a batch, ` +
      `and ${percent(without)} without batch norm. `,
    answer: (better: readonly number[], worse: readonly number[]) => {
      const list = (sizes: readonly number[]) => (sizes.length > 0 ? `at ${sizes.join(", ")}` : "at no size");
      return `Beyond the spread of the seeds, batch norm in eval mode does better than none ${list(better)}, and worse ${list(worse)}.`;
    },
  },
  momentum: {
    named: (momentum: number | null, error: number) =>
      `${momentum === null ? "plain average" : `momentum ${momentum}`} (${error.toFixed(2)})`,
    nearest: (early: number, best: string, late: number, bestLate: string) =>
      `After ${early} steps the running mean is nearest with ${best}, in standard deviations; after ${late} with ${bestLate}. `,
    usual: (usual: string, far: boolean) =>
      `PyTorch's default, ${usual}, then is ${far ? "more than twice as far off as the best" : "about as good as the best"}.`,
  },
  command: {
    usage: "usage: npm run experiment:NAME -- [--seeds N] [--steps N] [--out DIR] [--language en|zh] [--help]",
    experiment: "the experiment",
    effort: (seeds: number, steps: number) => `(${seeds} seeds, ${steps} steps)`,
    help: `  --seeds N          how many seeds, 0, 1, …, each network is trained with (as in the list)
  --steps N          steps of each training, at least 10 (as in the list)
  --out DIR          folder for NAME.png and NAME.json (runs/experiments)
  --language NAME    en, or zh for Chinese (en)

"npm run experiments" runs them all.`,
    wrote: (chart: string, numbers: string) => `Wrote ${chart} and ${numbers}`,
    interrupted: "Interrupted: the experiments that were done have been written.",
  },
};

export type Texts = typeof en;

/** In Chinese without the space. */
const share = (value: number, digits?: number): string => percent(value, digits).replace(" ", "");

const variants: Record<Variant, string> = {
  "with batch norm": "有批归一化",
  without: "没有批归一化",
  "without, He's weights": "没有批归一化、用 He 初始权重",
};

const zh: Texts = {
  questions: {
    "learning-rate": "批归一化会让学习率变得不那么要紧吗？",
    initialization: "批归一化会让初始权重变得不那么要紧吗？",
    depth: "批归一化能让更深的网络学会东西吗？",
    activations: "批归一化怎样改变网络内部的数值？",
    placement: "批归一化放在激活函数之前，还是之后？",
    "batch-size": "小批次会怎样影响批归一化？",
    momentum: "滑动平均离真实的统计量有多近？",
  },
  learningRate: {
    answer: (wider, usable) => `${wider ? "是" : "不明显"}。可用的学习率：${usable.join("；")}。`,
    usable: (variant, { from, to, factor }, best, lr) =>
      `${variants[variant]}时，${factor === 0 ? "没有" : `${from} 到 ${to}，跨越 ${brief(factor)} 倍`}（学习率为 ${lr} 时损失最小，${best.toFixed(3)}）`,
  },
  initialization: {
    answer: (wider, learned, withBatchNorm, without) =>
      `${wider ? "是" : "不明显"}。能认对 ${share(learned)} 测试数字的初始权重，标准差的范围：有批归一化时，${withBatchNorm}；没有时，${without}。`,
    scales({ from, to, factor }, isOpen, best) {
      if (factor === 0) return `一个也没有（最多认对 ${share(best)}）`;
      if (from === to) return `只有 ${from}（最多认对 ${share(best)}）`;
      const least = isOpen ? "（试过的最小值）" : "";
      return `${from}${least}到 ${to}，${isOpen ? "至少" : ""}跨越 ${brief(factor)} 倍（最多认对 ${share(best)}）`;
    },
  },
  depth: {
    answer: (gains, withBatchNorm, without) =>
      `${gains ? "能" : "不能"}。有批归一化时，${withBatchNorm}；没有时，${without}。`,
    across: (first, last) =>
      `${first.x} 层认对 ${share(first.median)} 的测试数字，${last.x} 层认对 ${share(last.median)}`,
    byStart: ({ median, low, high, x }, part) =>
      `只用 He 初始权重，${x} 层认对 ${share(median)}（${share(low)} 到 ${share(high)}），达到批归一化所带来提高的 ${share(part)}。`,
  },
  activations: {
    withBatchNorm: "有批归一化时，",
    without: "没有时，",
    layers: (spread, gradient) =>
      `训练之前第一层的离散程度是 ${brief(spread[0])}，最后一层是 ${brief(spread[1])}，第一层权重的梯度是 ${brief(gradient)}；`,
    dead: (before, after, steps, read) =>
      `最差的一层里，训练之前有 ${share(before)} 的单元是死的，${steps} 步之后有 ${share(after)}；这时认对 ${share(read)} 的测试数字。`,
  },
  placement: {
    better: (winner) =>
      winner
        ? `放在${winner === "before" ? "之前" : "之后"}更好`
        : "各取最好的学习率，差别不超出各个种子之间的离散程度",
    answer: (better, before, after) => `${better}：放在之前，测试数字的错误率是 ${before}；放在之后是 ${after}。`,
    misread: ({ median, low, high, x }) =>
      `${share(median, 1)}（${share(low, 1)} 到 ${share(high, 1)}，学习率为 ${x}）`,
    ahead: (rates, before, after) => {
      const list = (found: readonly number[]) => (found.length > 0 ? found.join("、") : "没有");
      return `学习率取 ${rates.join("、")}，各个种子的范围互不重叠的有：放在之前更好，${list(before)}；放在之后更好，${list(after)}。`;
    },
  },
  batchSize: {
    at: (size, inEval, error, inTraining, without) =>
      `批大小为 ${size} 时，用滑动平均认对 ${share(inEval)} 的测试数字，滑动均值偏离 ${error.toFixed(2)} 个标准差；` +
      `用这样一个批次自己的统计量认对 ${share(inTraining)}，没有批归一化时认对 ${share(without)}。`,
    answer: (better, worse) => {
      const list = (sizes: readonly number[]) => (sizes.length > 0 ? sizes.join("、") : "没有");
      return `差别超出种子之间离散程度的批大小：评估模式下的批归一化优于没有批归一化，${list(better)}；不如没有批归一化，${list(worse)}。`;
    },
  },
  momentum: {
    named: (momentum, error) =>
      `${momentum === null ? "普通的平均" : `动量 ${momentum}`}（误差 ${error.toFixed(2)} 个标准差）`,
    nearest: (early, best, late, bestLate) => `${early} 步之后，滑动均值最准的是${best}；${late} 步之后是${bestLate}。`,
    usual: (usual, far) => `这时，PyTorch 的默认值${usual}${far ? "，是最准者误差的两倍以上" : "与最准者差不多"}。`,
  },
  command: {
    usage: "用法：npm run experiment:NAME -- [--seeds N] [--steps N] [--out DIR] [--language en|zh] [--help]",
    experiment: "实验名 NAME",
    effort: (seeds, steps) => `（${seeds} 个种子，${steps} 步）`,
    help: `  --seeds N          每个网络用多少个种子训练：0、1、……（如上表）
  --steps N          每次训练的步数，至少 10（如上表）
  --out DIR          存放 NAME.png 和 NAME.json 的文件夹（runs/experiments）
  --language NAME    en 为英文，zh 为中文（en）

npm run experiments 依次运行全部实验。`,
    wrote: (chart, numbers) => `已写入 ${chart} 和 ${numbers}`,
    interrupted: "已中断：已经完成的实验都已写入文件。",
  },
};

export const texts = { en, zh };
export const say = texts[language];
