/** One unit of one layer, with every digit of a batch: what becomes of its value, stage by stage, and of its gradient. */
import { gather, grad, nn, noGrad, type Tensor, tensor } from "lucidgrad";
import { type HiddenLayer, hiddenLayers, isLayerNorm } from "./hidden-layers.ts";
import { backward, type Normalized, normalize, type Statistics, through } from "./normalize.ts";

/** What to look at. */
export interface UnitChoice {
  /** From 0. */
  readonly layer: number;
  readonly unit: number;
  readonly statistics: Statistics;
  /** The batch has digits of this class alone; null for all. */
  readonly only: number | null;
}

/** A number for each dot. */
export type Dots = ArrayLike<number>;

/** A dot is a digit; of a layer of images it is one place in the layer's picture of a digit. */
export interface UnitValues {
  readonly raw: Dots;
  readonly relu: Dots;
  /** The gradient of the batch's loss for what enters ReLU. */
  readonly dy: Dots;
  readonly norm: NormValues | null;
  /** How many digits of the batch the network reads, by these statistics. */
  readonly right: number;
  /** How many places the layer's picture of a digit has; 1 where there is no picture. */
  readonly places: number;
  /** Which of them each dot is. */
  readonly place: ArrayLike<number>;
}

export interface NormValues {
  readonly kind: "batch" | "layer";
  readonly mean: Dots;
  readonly variance: Dots;
  readonly eps: number;
  readonly gamma: Dots;
  readonly beta: Dots;
  readonly xHat: Dots;
  readonly y: Dots;
  readonly arrived: Dots;
  readonly asMean: Dots;
  readonly asCorrelation: Dots;
  readonly left: Dots;
  readonly dx: Dots;
  readonly factor: Dots;
  /** Of all that arrived, squared and summed, how much went as the mean, how much with x̂, and how much is left. */
  readonly shares: readonly [asMean: number, asCorrelation: number, left: number];
  /** Over all that share a mean: of what arrived, and of what is left; alone, and times x̂. */
  readonly sums: { readonly arrived: Dots; readonly arrivedXHat: Dots; readonly left: Dots; readonly leftXHat: Dots };
}

/** For each digit another place in the middle of an image of so many places: at its border nothing differs. */
export function placesOf(digits: number, places: number): number[] {
  const side = Math.sqrt(places);
  const inner = Math.ceil(side / 2);
  const border = Math.floor((side - inner) / 2);
  return Array.from({ length: digits }, (_, i) => {
    const at = Math.floor((((i + 1) * 0.618034) % 1) * inner ** 2);
    return (border + Math.floor(at / inner)) * side + border + (at % inner);
  });
}

/** Changes nothing of the network, its running statistics and gradients included. */
export function unitValues(network: nn.Sequential, [images, labels]: Tensor[], choice: UnitChoice): UnitValues {
  const { layer, unit, statistics } = choice;
  const hidden = hiddenLayers(network)[layer];
  const layers = [...network];

  const x = noGrad(() => through(images, layers.slice(0, hidden.start), statistics));
  const normalized = hidden.norm && noGrad(() => normalize(x, hidden.norm!, statistics));
  const y = (normalized?.y ?? x).detach().requiresGrad_();
  const output = through(y, layers.slice(hidden.norm ? hidden.start + 1 : hidden.start), statistics);
  const [dy] = grad(new nn.CrossEntropyLoss().forward(output, labels), [y]);

  const [n, units] = x.shape;
  const places = x.numel / (n * units);
  const place = placesOf(n, places);
  const chosen = tensor(place, { dtype: "int32" }).view(n, 1);
  const dots = (values: Tensor): Dots => {
    const inPlaces = values.reshape([values.shape[0], values.shape[1], -1]).expand([n, units, places]);
    return gather(inPlaces.select(1, unit), 1, chosen).data as Float32Array;
  };
  return noGrad(() => ({
    raw: dots(x),
    relu: dots(y.relu()),
    dy: dots(dy),
    norm: normalized && normValues(dots, normalized, hidden, dy, unit),
    right: output.argmax(1).eq(labels).sum().item(),
    places,
    place,
  }));
}

function normValues(
  dots: (values: Tensor) => Dots,
  normalized: Normalized,
  { norm }: HiddenLayer,
  dy: Tensor,
  unit: number,
): NormValues {
  const { mean, variance, gamma, beta, xHat, y, over } = normalized;
  const parts = backward(dy, norm!, normalized);
  const squares = (values: Tensor) => {
    const whole = parts.arrived.select(1, unit).square().sum().item();
    return values.expand(xHat.shape).select(1, unit).square().sum().item() / whole;
  };
  const sum = (values: Tensor) => dots(values.sum(over ?? [0, 2], { keepdim: true }));
  return {
    kind: isLayerNorm(norm!) ? "layer" : "batch",
    eps: norm!.eps,
    mean: dots(mean),
    variance: dots(variance),
    gamma: dots(gamma),
    beta: dots(beta),
    xHat: dots(xHat),
    y: dots(y),
    arrived: dots(parts.arrived),
    asMean: dots(parts.asMean),
    asCorrelation: dots(parts.asCorrelation),
    left: dots(parts.left),
    dx: dots(parts.dx),
    factor: dots(parts.factor),
    shares: [squares(parts.asMean), squares(parts.asCorrelation), squares(parts.left)],
    sums: {
      arrived: sum(parts.arrived),
      arrivedXHat: sum(parts.arrived.mul(xHat)),
      left: sum(parts.left),
      leftXHat: sum(parts.left.mul(xHat)),
    },
  };
}
