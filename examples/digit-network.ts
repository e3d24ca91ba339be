/** The network of mnist-adam.ts, which classify.ts loads again. */
import { nn } from "../src/index.ts";

/** Convolution, batch norm, ReLU: in this order the bias would do nothing, as the batch norm subtracts the mean. */
const block = (inputs: number, outputs: number): nn.Module[] => [
  new nn.Conv2d(inputs, outputs, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(outputs),
  new nn.ReLU(),
];

/** Images (N, 1, 28, 28) to logits (N, 10). */
export const newDigitNetwork = (): nn.Sequential =>
  new nn.Sequential(
    ...block(1, 32),
    new nn.MaxPool2d(2), // 14 x 14
    ...block(32, 64),
    new nn.MaxPool2d(2), // 7 x 7
    ...block(64, 64),
    new nn.Flatten(),
    new nn.Dropout(0.3),
    new nn.Linear(64 * 7 * 7, 10),
  );
