/** The program of docs/guide/06-convolution.md: Convolution and BatchNorm2d: the same weights everywhere. */
import { manualSeed, nn, randn, summary, type Tensor, tensor } from "lucidgrad";

const image = tensor([
  [0, 0, 0, 9, 9],
  [0, 0, 0, 9, 9],
  [0, 0, 9, 9, 9],
  [0, 9, 9, 9, 9],
]).view(1, 1, 4, 5); // one image, one channel, 4 rows, 5 columns
const edges = tensor([
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
]).view(1, 1, 3, 3);

function convolveByHand(x: Tensor, kernel: Tensor): number[][] {
  const [rows, columns] = [x.shape[2] - kernel.shape[2] + 1, x.shape[3] - kernel.shape[3] + 1];
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => x.narrow(2, i, 3).narrow(3, j, 3).mul(kernel).sum().item()),
  );
}
console.log(convolveByHand(image, edges));
console.log(nn.functional.conv2d(image, edges).view(2, 3));

for (const options of [{}, { padding: 1 }, { padding: 1, stride: 2 }]) {
  const y = nn.functional.conv2d(randn([1, 1, 28, 28]), edges, null, options);
  console.log(options, y.shape.slice(2).join(" × "));
}

manualSeed(0);
const x = randn([1, 2, 6, 6]);
const weight = randn([4, 2, 3, 3]);
const windows = x.unfold(2, 3, 1).unfold(3, 3, 1); // (1, 2, 4, 4, 3, 3): a 3 × 3 window at 4 × 4 places, of 2 channels
const columns = windows.permute(0, 1, 4, 5, 2, 3).reshape(2 * 9, 16);
const product = weight
  .view(4, 2 * 9)
  .matmul(columns)
  .view(1, 4, 4, 4);
console.log("largest difference:", product.sub(nn.functional.conv2d(x, weight)).abs().max().item().toFixed(5));

const maps = randn([8, 3, 5, 5]).mul(4).add(1);
const asSamples = maps.permute(0, 2, 3, 1).reshape(8 * 5 * 5, 3); // every position is a row, every channel a column
const normalized = new nn.BatchNorm1d(3).forward(asSamples).view(8, 5, 5, 3).permute(0, 3, 1, 2);
const difference = normalized.sub(new nn.BatchNorm2d(3).forward(maps)).abs().max().item();
console.log("BatchNorm2d and BatchNorm1d over positions differ by", difference.toFixed(5));

const quarters = tensor([
  [1, 2, 5, 0],
  [3, 4, 0, 0],
])
  .view(1, 1, 2, 4)
  .requiresGrad_();
const pooled = nn.functional.maxPool2d(quarters, 2);
pooled.sum().backward();
console.log(pooled.view(2).detach(), "gradient", quarters.grad?.view(2, 4).toArray());

manualSeed(0);
const network = new nn.Sequential(
  new nn.Conv2d(1, 16, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(16),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(16, 32, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(32),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(32 * 7 * 7, 10),
);
console.log(summary(network, [1, 1, 28, 28]));
