/** What the view of one unit says. Part of texts.ts. */

const en = {
  unitTitle: (count: number) => `One unit, ${count} digits`,
  unitNote:
    "Each dot is a digit of one batch, at the value that this unit gives it. Move the slider: the dots show what batch norm does to them. All digits keep their place in the batch while the networks train.",
  unitLayer: "Layer",
  unitUnit: "Unit",
  unitBatch: "Mean and spread are those of",
  unitStatistics: {
    batch: "this batch (training)",
    running: "the running statistics (evaluation)",
    alone: "each digit alone (a batch of one)",
  },
  unitOnly: (digit: number) => `a batch of ${digit}s only`,
  unitStage: "Stage",
  unitStages: ["raw", "minus the mean", "over the spread", "times γ, plus β", "after ReLU"],
  unitForward: "Forward: what becomes of the value",
  unitBackward: "Backward: where the gradient went",
  unitBackwardNote:
    "Each dot has a gradient dy: how the loss would change if its value did. Batch norm takes away what the digits could not have done anyway: to move all together (the mean), and to stretch apart (what goes along with x̂: the sloping line). What is left reaches the layer's weights. Where ReLU cuts a digit off, no gradient arrives: dy is 0.",
  unitBackwardStages: ["what arrived", "minus its mean", "minus its correlation with x̂"],
  unitLineLabel: "The digits on a number line. Arrow keys go from digit to digit",
  unitGradientLabel: "The digits' gradients over x̂. Arrow keys go from digit to digit",
  unitDot: (label: number, place: string) => `a ${label}${place}`,
  unitPlace: (row: number, column: number) => `, at row ${row}, column ${column}`,
  unitDigit: (label: number, place: string) => `A ${label}${place}`,
  unitPlaces: (places: number) =>
    `This layer has a picture of ${places} places for each digit: mean and spread are over all of them, and each dot is one place of one digit.`,
  unitRight: (right: number, of: number) => `reads ${right} of these ${of}`,
  unitPassed: (passed: number, of: number) => `passes ${passed} of ${of} on`,
  unitNoNorm: "no normalization: the value goes to ReLU as it is",
  unitDiverged: "NaN or infinite: this network has diverged, and there is nothing to show",
  unitLayerNorm: "Layer norm: mean and spread are each digit's own, over all units of the layer.",
  unitSays: {
    batch: "The batch's own mean and spread: the dots come to lie around 0, one unit of spread wide.",
    running:
      "The running mean and spread, kept while training: near the batch's own, but not the same. No digit depends on another.",
    alone:
      "A digit alone is its own mean: it comes to 0, whatever it was. Nothing is left of the digit (PyTorch and this engine refuse such a batch).",
    aloneImages:
      "Each digit's own mean and spread, over its places: something is left, but not how strongly the unit answers to the digit as a whole.",
    only: "One class alone: what these digits have in common, which tells them from others, is in the mean, and is taken away.",
  },
  unitSum: "Sum over the batch",
  unitSumXHat: "Sum of dy · x̂",
  unitAsMean: "taken as the mean",
  unitAsCorrelation: "taken with x̂",
  unitLeft: "left",
  unitSumsSay: (before: string, after: string, beforeXHat: string, afterXHat: string) =>
    `Sum of what arrived: ${before}; of what is left: ${after}. Sum times x̂: ${beforeXHat}; of what is left: ${afterXHat}.`,
  unitNothingTaken: "The running statistics do not depend on these digits: nothing is taken away.",
  unitAllTaken: "Alone, nothing that a digit did could change its output: all is taken away.",
  unitTable: "The numbers as a table",
};

const zh: typeof en = {
  unitTitle: (count) => `一个单元，${count} 个数字`,
  unitNote:
    "每个点是一批里的一个数字，位置就是这个单元给出的数值。移动滑块，就能看到批归一化对这些点做了什么。训练时始终是这同一批数字。",
  unitLayer: "层",
  unitUnit: "单元",
  unitBatch: "均值和离散程度取自",
  unitStatistics: {
    batch: "这一批（训练）",
    running: "滑动统计量（评估）",
    alone: "每个数字自己（一批只有一个）",
  },
  unitOnly: (digit) => `只有数字 ${digit} 的一批`,
  unitStage: "阶段",
  unitStages: ["原始数值", "减去均值", "除以标准差", "乘 γ 加 β", "ReLU 之后"],
  unitForward: "前向：数值变成了什么",
  unitBackward: "反向：梯度去了哪里",
  unitBackwardNote:
    "每个点都有梯度 dy：它的数值变化时，损失会怎样变化。批归一化减去这些数字本来就做不到的部分：一起移动（均值），以及一起拉开（与 x̂ 相关的部分，即斜线）。剩下的才会到达这一层的权重。被 ReLU 截断的数字没有梯度传来：dy 为 0。",
  unitBackwardStages: ["传来的梯度", "减去均值", "减去与 x̂ 相关的部分"],
  unitLineLabel: "数轴上的数字。用方向键逐个查看",
  unitGradientLabel: "各数字的梯度，横轴为 x̂。用方向键逐个查看",
  unitDot: (label, place) => `数字 ${label}${place}`,
  unitPlace: (row, column) => `，第 ${row} 行第 ${column} 列`,
  unitDigit: (label, place) => `数字 ${label}${place}`,
  unitPlaces: (places) =>
    `这一层对每个数字给出一张有 ${places} 个位置的图：均值和离散程度取自所有位置，每个点是一个数字的一个位置。`,
  unitRight: (right, of) => `认出 ${of} 个中的 ${right} 个`,
  unitPassed: (passed, of) => `放行 ${of} 个中的 ${passed} 个`,
  unitNoNorm: "没有归一化：数值直接进入 ReLU",
  unitDiverged: "数值是 NaN 或无穷大：这个网络已经发散，没有可显示的内容",
  unitLayerNorm: "层归一化：每个数字用自己的均值和离散程度，取自这一层的所有单元。",
  unitSays: {
    batch: "用这一批自己的均值和标准差：点落在 0 周围，离散程度为 1。",
    running: "用训练时记下的滑动均值和方差：与这一批自己的接近，但不相等。每个数字都不受其他数字影响。",
    alone:
      "只有一个数字时，均值就是它自己：无论原来是多少，结果都是 0。数字的信息全部丢失（PyTorch 和本引擎都拒绝这样的批）。",
    aloneImages: "用每个数字自己各个位置的均值和标准差：还剩下一些信息，但单元对整个数字的反应有多强已经看不出来。",
    only: "只有一类数字时，这些数字的共同之处（正是它们区别于其他数字的地方）就在均值里，被减掉了。",
  },
  unitSum: "整批之和",
  unitSumXHat: "dy · x̂ 之和",
  unitAsMean: "作为均值减去",
  unitAsCorrelation: "因与 x̂ 相关减去",
  unitLeft: "剩下",
  unitSumsSay: (before, after, beforeXHat, afterXHat) =>
    `传来的梯度之和：${before}；剩下的之和：${after}。乘 x̂ 后之和：${beforeXHat}；剩下的：${afterXHat}。`,
  unitNothingTaken: "滑动统计量不依赖这些数字：什么也没有减去。",
  unitAllTaken: "只有一个数字时，它怎么变都改变不了输出：梯度全部被减去。",
  unitTable: "用表格列出数值",
};

export const unitTexts = { en, zh };
