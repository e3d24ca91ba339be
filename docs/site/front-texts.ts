/** What the front page says, in both languages. */
import type { Language } from "./texts.ts";

interface Front {
  readonly title: string;
  readonly lead: string;
  readonly ways: readonly { readonly name: string; readonly href: string; readonly what: string }[];
  readonly trial: string;
  /** For whom its language is new: a question, and where the answer is. */
  readonly forPython: readonly [question: string, link: string];
  readonly loss: string;
  readonly lossAlt: string;
  readonly live: string;
  readonly liveAlt: string;
  readonly start: string;
}

export const fronts: Readonly<Record<Language, Front>> = {
  en: {
    title: "Understand PyTorch by reading one",
    lead: "lucidgrad is a tensor and autograd engine, written from scratch in TypeScript: small enough to read, and the same seed gives PyTorch's numbers. It runs on these pages.",
    ways: [
      {
        name: "Read the guide",
        href: "guide/index.html",
        what: "From a flat array to why batch norm helps, in an afternoon. Change the programs, and run them where they stand.",
      },
      {
        name: "Open the playground",
        href: "playground/index.html",
        what: "Two networks learn to read digits before your eyes, one with batch norm and one without.",
      },
      {
        name: "Step through batch norm's gradient",
        href: "guide/05-batch-norm.html#block-4",
        what: "The three ways that lead back to x, with the numbers on each: step backward, and see them arrive and add up.",
      },
      {
        name: "Look something up",
        href: "api/index.html",
        what: "Every name, what PyTorch calls it, and an example with what it prints.",
      },
    ],
    trial:
      "Here is all of it in four lines: a number, a formula, and its slope. Press Run; then click into the code, make the 3 a 4, and run it again.",
    forPython: ["You know Python, but not JavaScript?", "One page has what you need."],
    loss: "Two networks that differ in one thing learn MNIST's digits. At this learning rate the one with batch norm gets as far in one epoch as the other in nearly five. Is that fair? Seven experiments ask.",
    lossAlt:
      "Training loss on MNIST over ten epochs: with batch normalization it falls from 0.30 to 0.02, without from 1.36 to 0.21",
    live: "The playground: the same two networks, live. Turn the learning rate up, make them deeper, draw a digit.",
    liveAlt:
      "The playground: loss and accuracy of two networks in training, and the distribution of numbers in each of their layers",
    start: "See what the experiments found",
  },
  zh: {
    title: "读懂一个引擎，就读懂了 PyTorch",
    lead: "lucidgrad 是用 TypeScript 从零写成的张量与自动微分引擎：小到可以通读，种子相同就得到 PyTorch 的数值。它就在这些页面里运行。",
    ways: [
      {
        name: "阅读教程",
        href: "guide/index.html",
        what: "从一个一维数组到批归一化为什么有用，一个下午读完。程序可以当场修改，当场运行。",
      },
      {
        name: "打开演练场",
        href: "playground/index.html",
        what: "两个网络在你眼前学认数字，一个有批归一化，一个没有。",
      },
      {
        name: "逐步查看批归一化的梯度",
        href: "guide/05-batch-norm.html#block-4",
        what: "回到 x 的三条路径，每条上都有数值：逐步向后，看它们一一到达，再相加。",
      },
      {
        name: "查阅 API",
        href: "api/index.html",
        what: "每个名字的作用、在 PyTorch 里叫什么，以及一个附有输出的例子（英文）。",
      },
    ],
    trial: "四行程序，就是它的全部：一个数，一个公式，以及它的斜率。按“运行”；再点进代码，把 3 改成 4，重新运行。",
    forPython: ["会 Python，但没写过 JavaScript？", "一页就够。"],
    loss: "两个网络只有一处不同，都在学认 MNIST 的数字。在这个学习率下，有批归一化的网络一轮达到的程度，另一个要将近五轮。这公平吗？七个实验来回答。",
    lossAlt: "在 MNIST 上训练十轮的损失：有批归一化时从 0.30 降到 0.02，没有时从 1.36 降到 0.21",
    live: "演练场：同样的两个网络，实时训练。调大学习率，加深网络，画一个数字。",
    liveAlt: "演练场：两个网络训练中的损失与正确率，以及每一层的数值分布",
    start: "看看实验的结果",
  },
};
