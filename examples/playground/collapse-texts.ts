/** What the view of the layers says. Part of texts.ts. */

const en = {
  collapseTitle: "Layer by layer: what is left of the pictures",
  collapseNote:
    "What enters each ReLU when the networks read 250 test pictures, first layer on top; all networks on the same scales. A layer can pass on only what differs from picture to picture: where the spread comes near 0, the layers behind see nearly the same, whichever picture it is. Batch norm goes by its running statistics here, which need some steps to follow.",
  collapseSpread: "Spread over the pictures",
  collapseGradient: "Gradient of the weights",
  collapseDead: "Dead units",
  collapseRidgesLabel: "Distribution of each layer's values. The table below has the numbers",
  collapseSpreadLabel: "Spread over the pictures of each layer, all networks. The table below has the numbers",
  collapseGradientLabel: "Norm of the gradient of each layer's weights, all networks. The table below has the numbers",
  collapseDeadLabel: "Share of dead units of each layer, all networks. The table below has the numbers",
  collapseLossLabel: "The losses over the steps; the line is the moment that is shown",
  collapseTime: "Moment",
  collapseNow: "Now",
  collapseAt: (step: string) => `step ${step}`,
  collapseLoss: (step: string, losses: string) => `step ${step}, losses ${losses}`,
  collapseSays: (spreads: readonly [string, string], layers: number) =>
    layers === 1
      ? `a unit's value differs from picture to picture by ${spreads[0]}`
      : `a unit's value differs from picture to picture by ${spreads[0]} in layer 1, by ${spreads[1]} in layer ${layers}`,
  collapseSaysGradients: (first: string, last: string, layers: number) =>
    layers === 1 ? `; the gradient is ${first} long` : `; the gradients are ${first} and ${last} long`,
  collapseSaysNoGradient: (count: number, layers: number) =>
    layers === 1 ? "" : `, and exactly 0 in ${count} of the ${layers} layers`,
  collapseSaysDead: (percent: string) => `; ${percent} of all units are dead.`,
  collapseDiverged: "its values are NaN or infinite: this network has diverged.",
  collapseNoShare: "diverged",
  collapseTable: "The numbers as a table",
  collapseLayer: "Layer",
};

const zh: typeof en = {
  collapseTitle: "逐层观察：图片的信息还剩多少",
  collapseNote:
    "各网络读 250 张测试图片时进入每个 ReLU 的数值，第一层在最上面；所有网络的刻度相同。一层能传下去的只有各张图片之间的差别：离散程度接近 0 时，无论是哪张图片，后面的层看到的都几乎一样。这里批归一化用的是滑动统计量，要过一些步才能跟上。",
  collapseSpread: "各图片间的离散程度",
  collapseGradient: "权重的梯度",
  collapseDead: "死单元",
  collapseRidgesLabel: "每一层数值的分布。具体数值见下面的表格",
  collapseSpreadLabel: "各网络每一层在各图片间的离散程度。具体数值见下面的表格",
  collapseGradientLabel: "各网络每一层权重梯度的范数。具体数值见下面的表格",
  collapseDeadLabel: "各网络每一层死单元的比例。具体数值见下面的表格",
  collapseLossLabel: "各网络的损失随步数的变化；竖线是正在显示的时刻",
  collapseTime: "时刻",
  collapseNow: "现在",
  collapseAt: (step) => `第 ${step} 步`,
  collapseLoss: (step, losses) => `第 ${step} 步，损失为 ${losses}`,
  collapseSays: (spreads, layers) =>
    layers === 1
      ? `单元的数值在各图片间相差 ${spreads[0]}`
      : `单元的数值在各图片间的差别，第 1 层为 ${spreads[0]}，第 ${layers} 层为 ${spreads[1]}`,
  collapseSaysGradients: (first, last, layers) =>
    layers === 1 ? `；梯度的范数为 ${first}` : `；梯度的范数分别为 ${first} 和 ${last}`,
  collapseSaysNoGradient: (count, layers) => (layers === 1 ? "" : `，${layers} 层中有 ${count} 层恰好为 0`),
  collapseSaysDead: (percent) => `；所有单元中有 ${percent} 是死的。`,
  collapseDiverged: "数值是 NaN 或无穷大：这个网络已经发散。",
  collapseNoShare: "已发散",
  collapseTable: "用表格列出数值",
  collapseLayer: "层",
};

export const collapseTexts = { en, zh };
