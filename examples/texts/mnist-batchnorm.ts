/** All that mnist-batchnorm.ts says, in English and in Chinese. A text that one of them lacks is a compile error. */
import { language } from "../support/language.ts";

const flags = `[--network mlp|cnn] [--dataset mnist|fashion-mnist] [--epochs N] [--lr X] [--momentum X] [--batch-size N] \
[--hidden N] [--seed N] [--data DIR] [--train-limit N] [--out DIR] [--language en|zh] [--help]`;

const en = {
  usage: `usage: npm run example -- ${flags}`,
  help: `Trains one network with and without batch normalization, and compares them. "npm run example" has fully connected layers,
"npm run example:cnn" convolutions; they take the same arguments, with the defaults (of the one / of the other).

  --network NAME     mlp or cnn, as the two commands say (mlp / cnn)
  --dataset NAME     mnist or fashion-mnist (mnist)
  --epochs N         passes over the training images (10 / 3)
  --lr X             learning rate of SGD (0.01)
  --momentum X       how much of the last step SGD makes again (0 / 0.9)
  --batch-size N     images a step, at least 2 (64)
  --hidden N         width of the two hidden layers / channels of the second convolution (256 / 32)
  --seed N           of the initial weights (0)
  --data DIR         folder with the dataset's files, as torchvision lays them out; downloaded to it if missing (data)
  --train-limit N    train on the first N images only (all)
  --out DIR          folder for training-losses.png and metrics.json (runs/mnist-batchnorm / runs/mnist-cnn)
  --language NAME    en, or zh for Chinese (en)
  --help             this text`,
  oneLeftOver: (images: number, batchSize: number) =>
    `${images} images in batches of ${batchSize} leave one over, and batch norm needs two to have a variance`,
  images: (dataset: string, training: number, test: number) =>
    `${dataset}: ${training} training images, ${test} test images`,
  withBatchNorm: (network: string) => `With batch norm: ${network}`,
  without: (network: string) => `Without: ${network}`,
  trainingWithBatchNorm: "Training with batch norm",
  trainingWithout: "Training without batch norm",
  epoch: (epoch: number, epochs: number) => `Epoch ${epoch}/${epochs}`,
  epochLoss: (epoch: number, loss: number) =>
    `Epoch:${epoch}   Training Loss:${Number.isFinite(loss) ? loss.toFixed(6) : `${loss}, it has diverged: try a smaller --lr`}`,
  testing: "Testing",
  trainSet: (images: number) => `Training set, the ${images} images that both have learned from`,
  testSet: (images: number) => `Test set, ${images} images that neither has seen`,
  batchNorm: "batch norm",
  trainMode: "with, in train mode",
  evalMode: "with, in eval mode",
  plain: "without",
  loss: "mean loss",
  diverged: "diverged",
  all: "recognised",
  none: "none there",
  interrupted: "Interrupted: keeping what was measured so far.",
  wrote: (path: string) => `Wrote ${path}`,
};

export type Texts = typeof en;

const zh: Texts = {
  usage: `用法：npm run example -- ${flags}`,
  help: `分别使用和不使用批归一化训练同一个网络，再作比较。npm run example 用全连接层，npm run example:cnn 用卷积；
两者的参数相同，括号里是默认值（前者 / 后者）。

  --network NAME     mlp 或 cnn，由上面两条命令决定（mlp / cnn）
  --dataset NAME     mnist 或 fashion-mnist（mnist）
  --epochs N         训练的轮数（10 / 3）
  --lr X             SGD 的学习率（0.01）
  --momentum X       SGD 的动量（0 / 0.9）
  --batch-size N     批大小，至少为 2（64）
  --hidden N         两个隐藏层的宽度 / 第二个卷积层的通道数（256 / 32）
  --seed N           初始权重的随机种子（0）
  --data DIR         数据集所在的文件夹，文件布局与 torchvision 相同；没有就下载到这里（data）
  --train-limit N    只用前 N 张图像训练（全部）
  --out DIR          存放 training-losses.png 和 metrics.json 的文件夹（runs/mnist-batchnorm / runs/mnist-cnn）
  --language NAME    en 为英文，zh 为中文（en）
  --help             显示这段说明`,
  oneLeftOver: (images, batchSize) =>
    `${images} 张图像按批大小 ${batchSize} 划分会剩下一张，而批归一化至少要两张图像才有方差`,
  images: (dataset, training, test) => `${dataset}：训练图像 ${training} 张，测试图像 ${test} 张`,
  withBatchNorm: (network) => `有批归一化：${network}`,
  without: (network) => `没有批归一化：${network}`,
  trainingWithBatchNorm: "训练有批归一化的网络",
  trainingWithout: "训练没有批归一化的网络",
  epoch: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  epochLoss: (epoch, loss) =>
    `第 ${epoch} 轮   训练损失：${Number.isFinite(loss) ? loss.toFixed(6) : `${loss}，训练已发散：请减小 --lr`}`,
  testing: "测试",
  trainSet: (images) => `训练集：两个网络训练时用过的 ${images} 张图像`,
  testSet: (images) => `测试集：两个网络都没有见过的 ${images} 张图像`,
  batchNorm: "批归一化",
  trainMode: "有，训练模式",
  evalMode: "有，评估模式",
  plain: "没有",
  loss: "平均损失",
  diverged: "已发散",
  all: "识别正确",
  none: "没有图像",
  interrupted: "已中断：保留目前为止测得的结果。",
  wrote: (path) => `已写入 ${path}`,
};

export const texts = { en, zh };
export const say = texts[language];
