/** What resnet.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a ResNet-20 on emojis, or on CIFAR-10.",
  options: {
    epochs: "passes over the pictures; after half and three quarters of them the learning rate falls to a tenth",
    lr: "learning rate of SGD",
    limit: "pictures of each class (of each designer, for emojis)",
    seed: "of the initial weights and all draws",
    data: "emoji, or a folder with CIFAR-10, which is downloaded to it otherwise: 170 MB",
    out: "folder for test.png and model.safetensors",
  },
  sizes: (training: number, test: number) => `${training} pictures to learn from, ${test} to be tested on`,
};

const zh: typeof en = {
  ...common.zh,
  about: "用表情符号或 CIFAR-10 训练一个 ResNet-20。",
  options: {
    epochs: "训练的轮数；学习率在一半和四分之三处各降到十分之一",
    lr: "SGD 的学习率",
    limit: "每一类的图片数（表情符号：每位设计者的）",
    seed: "初始权重和所有随机数的种子",
    data: "emoji，或 CIFAR-10 所在的文件夹；没有就下载到那里，170 MB",
    out: "存放 test.png 和 model.safetensors 的文件夹",
  },
  sizes: (training, test) => `训练图片 ${training} 张，测试图片 ${test} 张`,
};

export const texts = { en, zh };
export const say = texts[language];
