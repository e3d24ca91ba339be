/** The model that PyTorch and lucidgrad give to each other. */
import { nn } from "../../src/index.ts";

/** The model of test/fixtures/exchange.py. */
export const exchangedModel = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(1, 3, 3, { padding: 1 }),
    new nn.BatchNorm2d(3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(48, 6, { bias: false }),
    new nn.BatchNorm1d(6),
    new nn.ReLU(),
    new nn.Linear(6, 4),
  );
