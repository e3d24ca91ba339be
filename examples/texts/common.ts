/** What several programs say in the same words as they train; each has its texts in the file of its name. */
const en = {
  training: "training",
  epoch: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
  step: (step: number) => `step ${step}`,
  loss: (loss: number) => `loss ${loss.toFixed(6)}`,
  right: (right: number, all: number) => `${right} of ${all} right`,
  wrote: (...paths: string[]) => `Wrote ${paths.join(" and ")}`,
};

const zh: typeof en = {
  training: "训练",
  epoch: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  step: (step) => `第 ${step} 步`,
  loss: (loss) => `损失 ${loss.toFixed(6)}`,
  right: (right, all) => `认对 ${right}/${all}`,
  wrote: (...paths) => `已写入 ${paths.join(" 和 ")}`,
};

export const texts = { en, zh };
