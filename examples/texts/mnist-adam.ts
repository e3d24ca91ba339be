/** What mnist-adam.ts says, in English and in Chinese. */
import { language } from "../support/language.ts";
import { texts as common } from "./common.ts";

const en = {
  ...common.en,
  about: "Trains a network that reads digits, and saves it for example:classify.",
  options: {
    epochs: "passes over the training images",
    seed: "of the initial weights and all draws",
    "train-limit": "training images, the first; at least a batch of 64",
    data: "folder with MNIST, which is there after npm ci and is downloaded otherwise",
    out: "folder for model.safetensors",
  },
  epoch: (epoch: number, epochs: number) => `Epoch ${epoch}/${epochs}`,
  testing: "Testing",
  result: (loss: number, right: number, images: number) =>
    `Training Loss:${loss.toFixed(6)}   Test Accuracy: ${(100 * right) / images} % (${right}/${images})`,
  nothing: "nothing was written",
  kept: (path: string, epoch: number, epochs: number) => `${path} has the model after epoch ${epoch}/${epochs}`,
  interrupted: (written: string) => `Interrupted: ${written}.`,
};

const zh: typeof en = {
  ...common.zh,
  about: "训练一个识别手写数字的网络，保存下来给 example:classify 用。",
  options: {
    epochs: "训练的轮数",
    seed: "初始权重和所有随机数的种子",
    "train-limit": "用前多少张图像训练，至少一批，64 张",
    data: "MNIST 所在的文件夹，npm ci 之后就有；没有就下载到这里",
    out: "存放 model.safetensors 的文件夹",
  },
  testing: "测试",
  result: (loss, right, images) =>
    `训练损失：${loss.toFixed(6)}   测试准确率：${(100 * right) / images}%（${right}/${images}）`,
  nothing: "什么也没有写入",
  kept: (path, epoch, epochs) => `${path} 里是第 ${epoch}/${epochs} 轮之后的模型`,
  interrupted: (written) => `已中断：${written}。`,
};

export const texts = { en, zh };
export const say = texts[language];
