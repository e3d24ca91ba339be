/** The network of mnist-adam.ts, which classify.ts loads again. */
import { nn } from "lucidgrad";

/** Convolution, batch norm, ReLU. Before a batch norm a bias would do nothing: the mean is subtracted again. */
const block = (inputs: number, outputs: number, kernelSize: number): nn.Module[] => [
  new nn.Conv2d(inputs, outputs, kernelSize, { padding: "same", bias: false }),
  new nn.BatchNorm2d(outputs),
  new nn.ReLU(),
];

/** Images (N, 1, 28, 28) to logits (N, 10). */
export const newDigitNetwork = (): nn.Sequential =>
  new nn.Sequential(
    ...block(1, 16, 5),
    new nn.MaxPool2d(2), // 14 x 14
    ...block(16, 32, 5),
    new nn.MaxPool2d(2), // 7 x 7
    ...block(32, 64, 3),
    new nn.MaxPool2d(2), // 3 x 3
    new nn.Flatten(),
    new nn.Dropout(0.3),
    new nn.Linear(64 * 3 * 3, 10),
  );
