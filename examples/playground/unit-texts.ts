/** What the view of one unit says. Part of texts.ts. */

const en = {
  unitTitle: {
    digits: (count: number) => `One unit, ${count} digits`,
    shapes: (count: number) => `One unit, ${count} shapes`,
  },
  unitNote:
    "Each dot is a picture of one batch, at the value that a unit gives it. Move the slider and see what normalizing does to the dots. They are the same pictures while the networks train: the first of the training set, as many as a batch has.",
  unitLayer: "Layer",
  unitUnit: "Unit",
  unitBatch: "Batch norm's mean and spread",
  unitStatistics: {
    batch: "of this batch (training)",
    running: "the running ones (evaluation)",
    alone: "of each picture alone",
  },
  unitOnly: (name: string) => `of a batch of one class: ${name}`,
  unitStage: "Stage",
  unitStages: ["raw", "minus the mean", "over the spread", "times γ, plus β", "after ReLU"],
  unitForward: "Forward: what becomes of the value",
  unitLineLabel: "The pictures on a number line. Arrow keys go from picture to picture",
  unitHint: "Tap a dot, here or below, to see its picture and its numbers. Arrow keys go from dot to dot.",
  unitNoNorm: "No network is normalized: what the weights give goes to ReLU as it is.",
  unitDiverged: "NaN or infinite: this network has diverged",
  unitPlace: (name: string, row: number, column: number) => `${name}, row ${row}, column ${column}`,
  unitPassed: (passed: number, right: number, of: number) =>
    `lets ${passed} of ${of} through; the network reads ${right} right`,
  unitPlaces: (places: number) =>
    `A unit of this layer is a channel, a picture of ${places} places: mean and spread are taken over all places of all pictures, and each dot is one place in the middle of one picture.`,
  unitSays: {
    batch: "The batch's own mean and spread bring the values to mean 0 and spread 1; γ and β are learned.",
    running:
      "The running mean and spread were kept while training: they need not be this batch's own, and no picture depends on another.",
    alone:
      "A value alone is its own mean: minus the mean, 0 is left of it, whatever it was. PyTorch and this engine refuse such a batch in training.",
    aloneImages:
      "Each picture's own mean and spread, over its places: how strongly the unit answers to the picture as a whole is taken away.",
    only: "One class alone: what its pictures have in common, which tells them from others, is in the mean, and is taken away with it.",
    layer: "Layer norm takes mean and spread of each picture over all units of the layer, whatever batch it is in.",
  },
  unitBackward: "Backward: where the gradient went",
  unitBackwardNote:
    "Each dot at its x̂, as high as its gradient dy, which says how the loss would change with y. Moving all values that the mean is taken of changes nothing behind the normalization, nor does stretching them. So the mean of dy, and what of it goes along with x̂ (the line), are taken away: what is left sums to 0, alone and times x̂, but for ε and rounding. Where ReLU cuts a value off, no gradient arrives.",
  unitBackwardStages: ["what arrived", "minus its mean", "minus what goes along with x̂"],
  unitGradientLabel: "The pictures' gradients over x̂. Arrow keys go from picture to picture",
  unitAsMean: "taken as the mean",
  unitAsCorrelation: "taken with x̂",
  unitLeft: "left",
  unitSums: (before: string, after: string, beforeXHat: string, afterXHat: string) =>
    `Sum of dy: ${before} arrived, ${after} left. Sum of dy · x̂: ${beforeXHat} arrived, ${afterXHat} left.`,
  unitThen: (factor: string, dx: string) => `Of the chosen one, times γ/σ = ${factor}: dx = ${dx}.`,
  unitNothingTaken: "The running statistics do not depend on these pictures, so nothing is taken away.",
  unitTable: "The numbers as a table",
  unitPicture: "Picture",
};

const zh: typeof en = {
  unitTitle: {
    digits: (count) => `一个单元，${count} 个数字`,
    shapes: (count) => `一个单元，${count} 个形状`,
  },
  unitNote:
    "每个点是一批图片中的一张，位置就是某个单元给出的数值。移动滑块，看归一化对这些点做了什么。训练时始终是同样的图片：训练集最前面的一批。",
  unitLayer: "层",
  unitUnit: "单元",
  unitBatch: "批归一化的均值和标准差",
  unitStatistics: {
    batch: "取自这一批（训练）",
    running: "滑动统计量（评估）",
    alone: "每张图片单独成一批",
  },
  unitOnly: (name) => `一批只有一类：${name}`,
  unitStage: "阶段",
  unitStages: ["原始数值", "减去均值", "除以标准差", "乘 γ 加 β", "ReLU 之后"],
  unitForward: "前向：数值变成了什么",
  unitLineLabel: "数轴上的图片。用方向键逐个查看",
  unitHint: "点按这里或下方的任意一个点，就能看到它的图片和数值；也可以用方向键逐个查看。",
  unitNoNorm: "没有网络使用归一化：权重给出的数值直接进入 ReLU。",
  unitDiverged: "NaN 或无穷大：这个网络已经发散",
  unitPlace: (name, row, column) => `${name}，第 ${row} 行第 ${column} 列`,
  unitPassed: (passed, right, of) => `${of} 个值中有 ${passed} 个通过 ReLU；网络认对 ${right} 个`,
  unitPlaces: (places) =>
    `这一层的单元是通道，每个通道是一张有 ${places} 个位置的图：均值和标准差取自所有图片的所有位置，每个点是一张图片中部的一个位置。`,
  unitSays: {
    batch: "用这一批自己的均值和标准差，数值变成均值 0、离散程度 1；γ 和 β 由训练得到。",
    running: "滑动均值和方差是训练时记下的：不一定等于这一批自己的，每张图片也不受其他图片影响。",
    alone: "只有一个值时，均值就是它自己：无论原来是多少，减去均值都是 0。训练时 PyTorch 和本引擎都拒绝这样的批。",
    aloneImages: "用每张图片自己各个位置的均值和标准差：单元对整张图片的反应有多强，被一起减掉了。",
    only: "一批只有一类时，这些图片的共同之处，也就是它们区别于其他类的地方，就在均值里，随均值一起被减掉了。",
    layer: "层归一化的均值和标准差取自每张图片在这一层的所有单元，与它在哪一批无关。",
  },
  unitBackward: "反向：梯度去了哪里",
  unitBackwardNote:
    "每个点的横坐标是 x̂，高度是梯度 dy，即损失随 y 的变化。参与求均值的数值一起移动，归一化之后什么也不变；一起拉开也一样。所以 dy 的均值，以及与 x̂ 同步变化的部分（那条线），都被减去：除去 ε 和舍入误差，剩下的之和为 0，乘 x̂ 之后也是 0。被 ReLU 截断的数值没有梯度传来。",
  unitBackwardStages: ["传来的梯度", "减去均值", "减去与 x̂ 同步的部分"],
  unitGradientLabel: "各图片的梯度，横轴为 x̂。用方向键逐个查看",
  unitAsMean: "作为均值减去",
  unitAsCorrelation: "与 x̂ 同步而减去",
  unitLeft: "剩下",
  unitSums: (before, after, beforeXHat, afterXHat) =>
    `dy 之和：传来 ${before}，剩下 ${after}。dy · x̂ 之和：传来 ${beforeXHat}，剩下 ${afterXHat}。`,
  unitThen: (factor, dx) => `选中的这一个再乘 γ/σ = ${factor}：dx = ${dx}。`,
  unitNothingTaken: "滑动统计量不依赖这些图片，所以什么也没有减去。",
  unitTable: "用表格列出数值",
  unitPicture: "图片",
};

export const unitTexts = { en, zh };
