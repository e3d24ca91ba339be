/** The story's texts, in English and in Chinese. Verdicts are made of the numbers that story.ts has computed. */
import { percent, wholeNumber } from "./numbers.ts";
import type { ChapterName, Verdict } from "./story.ts";

interface ChapterTexts {
  readonly name: string;
  /** What is tried, and what is asked. */
  readonly question: string;
  /** What the reader may predict. */
  readonly answers: readonly string[];
  /** The heading of the page of experiments that measures it, as its address has it. */
  readonly experiment: string;
  /** What came out. */
  readonly verdict: (verdict: Verdict, steps: number) => string;
}

export interface StoryTexts {
  readonly title: string;
  readonly hint: string;
  readonly predict: string;
  readonly running: (step: string, steps: string) => string;
  readonly left: string;
  readonly again: string;
  readonly next: string;
  readonly right: (answer: string) => string;
  readonly wrong: (said: string, answer: string) => string;
  readonly measured: string;
  readonly chapters: Readonly<Record<ChapterName, ChapterTexts>>;
}

const english = {
  reached: (step: number | null, steps: number) =>
    step === null ? `not within ${steps}` : `after ${wholeNumber(step)}`,
};

export const enStory: StoryTexts = {
  title: "Five steps of a story",
  hint: "In each you say first what will happen. Then it happens, and what you see decides.",
  predict: "What do you think?",
  running: (step, steps) => `Training: step ${step} of ${steps}. Watch the curves.`,
  left: "Something else is being trained now, so there is no verdict. Choose again to see this one.",
  again: "Again",
  next: "Next",
  right: (answer) => `You were right: “${answer}”.`,
  wrong: (said, answer) => `You said “${said}”. It came out otherwise: “${answer}”.`,
  measured: "The experiment that measures this over several seeds",
  chapters: {
    faster: {
      name: "It learns faster",
      question:
        "Two networks, one with batch norm and one without, both at a learning rate of 0.01, PyTorch's default weights. An average loss of 0.5 means that most digits are read. Who is there first?",
      answers: ["With batch norm", "Without", "About the same"],
      experiment: "learning-rate",
      verdict: ({ reached: [first, second], accuracies }, steps) =>
        `An average loss of 0.5 was reached ${english.reached(first, steps)} steps with batch norm, and ${english.reached(second, steps)} without. At the end they read ${percent(accuracies[0])} and ${percent(accuracies[1])} of the test digits. But who chose that rate? See the next step.`,
    },
    fair: {
      name: "Is that fair?",
      question:
        "One rate for all suits one of them better. Now each has a rate that is good for it, and a third network without batch norm starts with He's weights, which were made for ReLUs. How far ahead is batch norm now?",
      answers: ["More than three times as fast", "Faster, but less than that", "No longer faster"],
      experiment: "learning-rate",
      verdict: ({ reached: [first, second, third], accuracies }, steps) =>
        `An average loss of 0.5 was reached ${english.reached(first, steps)} steps with batch norm, ${english.reached(second, steps)} without, and ${english.reached(third, steps)} without but with He's weights. They read ${accuracies.map(percent).join(", ")} of the test digits. What step 1 showed beyond that came from the choice of rate and weights.`,
    },
    deep: {
      name: "Deep networks",
      question:
        "Twenty hidden layers of 64 units. The third network has no batch norm, but He's weights and a rate that suits it. Which of the three will read more than half of the test digits after 300 steps?",
      answers: ["Batch norm alone", "Batch norm and He's weights", "All three", "None of these"],
      experiment: "depth",
      verdict: ({ accuracies: [first, second, third] }) =>
        `With batch norm ${percent(first)} of the test digits are read, without ${percent(second)}, with He's weights alone ${percent(third)}. Below, the spread of each layer shows why: where all layers are about as wide as the first, something of the image arrives at the last.`,
    },
    small: {
      name: "Small batches",
      question:
        "Batches of 2. In training batch norm takes mean and spread from two digits; to read a test digit it uses averages that it has kept (eval mode). Or it could take them from two test digits again (train mode). Who reads most test digits?",
      answers: ["Batch norm in eval mode", "Batch norm in train mode", "The network without"],
      experiment: "batch-size",
      verdict: ({ accuracies, inTrainMode }) =>
        `In eval mode batch norm reads ${percent(accuracies[0])} of the test digits, by the statistics of two digits at a time ${percent(inTrainMode[0])}: the same weights. The network without batch norm reads ${percent(accuracies[1])}, alone or in company.`,
    },
    weights: {
      name: "What batch norm is not",
      question:
        "Batch norm divides by whatever spread there is. So, it is said, the initial weights do not matter any more. Three networks, all with batch norm: usual weights, much too small, much too large. What will be seen in their test accuracy?",
      answers: ["No difference", "Too small does harm", "Too large does harm", "Both do harm"],
      experiment: "initialization",
      verdict: ({ accuracies: [usual, small, large] }) =>
        `After usual weights ${percent(usual)} of the test digits are read, after small ones ${percent(small)}, after large ones ${percent(large)}. Going forward the size of the weights cancels. But a gradient is as much smaller as the weights are larger, so how fast they turn does depend on it, and the last layer has no batch norm after it.`,
    },
  },
};

const chinese = {
  reached: (step: number | null, steps: number) =>
    step === null ? `${steps} 步内未达到` : `${wholeNumber(step)} 步后达到`,
};

export const zhStory: StoryTexts = {
  title: "五步讲一个故事",
  hint: "每一步先由你预测会发生什么，然后实际运行，由你所看到的结果来裁决。",
  predict: "你怎么看？",
  running: (step, steps) => `训练中：第 ${step} 步，共 ${steps} 步。请看曲线。`,
  left: "现在训练的是别的设置，所以没有结论。想看这一步，请重新选择。",
  again: "再来一次",
  next: "下一步",
  right: (answer) => `你猜对了：“${answer}”。`,
  wrong: (said, answer) => `你选的是“${said}”，结果却是“${answer}”。`,
  measured: "用多个随机种子测量这一点的实验",
  chapters: {
    faster: {
      name: "它学得更快",
      question:
        "两个网络，一个有批归一化，一个没有；学习率都是 0.01，都用 PyTorch 默认的初始权重。平均损失降到 0.5，就表示大多数数字都能认出。谁先到？",
      answers: ["有批归一化的", "没有的", "差不多"],
      experiment: "学习率",
      verdict: ({ reached: [first, second], accuracies }, steps) =>
        `平均损失 0.5：有批归一化的网络${chinese.reached(first, steps)}，没有的${chinese.reached(second, steps)}。最后分别认出 ${percent(accuracies[0])} 和 ${percent(accuracies[1])} 的测试数字。不过，这个学习率是谁选的？请看下一步。`,
    },
    fair: {
      name: "这样比公平吗？",
      question:
        "同一个学习率总会对其中一方更有利。现在每个网络都用适合自己的学习率；再加入第三个网络，它没有批归一化，但使用专为 ReLU 设计的 He 初始权重。批归一化还领先多少？",
      answers: ["仍快三倍以上", "更快，但不到三倍", "不再更快"],
      experiment: "学习率",
      verdict: ({ reached: [first, second, third], accuracies }, steps) =>
        `平均损失 0.5：有批归一化的网络${chinese.reached(first, steps)}，没有的${chinese.reached(second, steps)}，没有但用 He 初始权重的${chinese.reached(third, steps)}。它们分别认出 ${accuracies.map(percent).join("、")} 的测试数字。第一步中超出这些的领先，来自学习率和初始权重的选择。`,
    },
    deep: {
      name: "深层网络",
      question:
        "二十个隐藏层，每层 64 个单元。第三个网络没有批归一化，但使用 He 初始权重和适合它的学习率。300 步之后，三者之中谁能认出一半以上的测试数字？",
      answers: ["只有批归一化", "批归一化和 He 初始权重", "三个都能", "都不是以上情况"],
      experiment: "深度",
      verdict: ({ accuracies: [first, second, third] }) =>
        `有批归一化的网络认出 ${percent(first)} 的测试数字，没有的 ${percent(second)}，只用 He 初始权重的 ${percent(third)}。下方各层的离散程度说明了原因：只有每一层都和第一层差不多宽，图像的信息才能传到最后一层。`,
    },
    small: {
      name: "小批",
      question:
        "批大小为 2。训练时，批归一化的均值和方差来自两个数字；识别测试数字时，它用的是训练中积累的滑动统计量（评估模式）。也可以重新用两个测试数字来计算（训练模式）。谁认出的测试数字最多？",
      answers: ["评估模式的批归一化", "训练模式的批归一化", "没有批归一化的网络"],
      experiment: "批大小",
      verdict: ({ accuracies, inTrainMode }) =>
        `权重相同：评估模式下批归一化认出 ${percent(accuracies[0])} 的测试数字，每次用两个数字的统计量则为 ${percent(inTrainMode[0])}。没有批归一化的网络认出 ${percent(accuracies[1])}，单个识别还是成批识别都一样。`,
    },
    weights: {
      name: "批归一化不是什么",
      question:
        "批归一化会除以当时的标准差，不论它是多少。于是有人说，初始权重不再重要。三个网络都有批归一化：一个用通常的初始权重，一个小得多，一个大得多。它们的测试准确率会怎样？",
      answers: ["没有差别", "太小有害", "太大有害", "两者都有害"],
      experiment: "初始权重",
      verdict: ({ accuracies: [usual, small, large] }) =>
        `通常的初始权重认出 ${percent(usual)} 的测试数字，太小的 ${percent(small)}，太大的 ${percent(large)}。前向计算时，权重的大小会被约掉；但权重越大，梯度就按比例越小，所以权重转动的快慢仍然取决于它；而且最后一层之后没有批归一化。`,
    },
  },
};
