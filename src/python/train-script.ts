/** train.py: the training of the model in Python, on one machine or several. */
import { amax, amin } from "../autograd/ops/index.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Made-up inputs as those of the example: whole numbers from 0, or its own least, to its own largest. */
const madeUp = (x: Tensor): string => {
  const sizes = ["SAMPLES", ...x.shape.slice(1)].join(", ");
  if (isFloatingPoint(x.dtype)) return `torch.randn(${sizes})`;
  if (x.dtype === "bool") return `torch.randint(0, 2, (${sizes},)).bool()`;
  const [least, largest] = x.numel === 0 ? [0, 0] : [amin(x).item(), amax(x).item()];
  return `torch.randint(${Math.min(0, least)}, ${largest + 1}, (${sizes},))`;
};

/** The text of train.py, for a model that takes such inputs and gives such an output. */
export function trainScript(inputs: readonly Tensor[], output: Tensor): string {
  const isClasses = output.ndim === 2 && output.shape[1] > 1;
  const [target, loss] = isClasses
    ? [`torch.randint(0, ${output.shape[1]}, (SAMPLES,))`, "F.cross_entropy(model(*inputs), target)"]
    : [`torch.randn(${["SAMPLES", ...output.shape.slice(1)].join(", ")})`, "F.mse_loss(model(*inputs), target)"];
  return `"""Trains the model of model.py from the weights of weights.pth:

    python3 train.py
    torchrun --nproc_per_node 2 train.py

The data are random numbers: put yours into make_dataset, and your loss into train.
"""

import os

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from model import make_model

SAMPLES, BATCH_SIZE, EPOCHS, LEARNING_RATE = 64, 16, 2, 1e-3
FOLDER = os.path.dirname(os.path.abspath(__file__))


def make_dataset():
    return TensorDataset(${[...inputs.map(madeUp), target].join(", ")})


def train(model, rank):
    dataset = make_dataset()
    sampler = DistributedSampler(dataset) if dist.is_initialized() else None
    loader = DataLoader(dataset, batch_size=BATCH_SIZE, sampler=sampler, shuffle=sampler is None)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for epoch in range(EPOCHS):
        if sampler:
            sampler.set_epoch(epoch)
        for *inputs, target in loader:
            loss = ${loss}
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if rank == 0:
            print(f"epoch {epoch + 1}: loss {loss.item():.4f}")


def main():
    is_distributed = "RANK" in os.environ  # torchrun says so
    if is_distributed:
        dist.init_process_group("gloo")
    rank = dist.get_rank() if is_distributed else 0
    torch.manual_seed(0)
    model = make_model()
    model.load_state_dict(torch.load(os.path.join(FOLDER, "weights.pth")))
    train(DistributedDataParallel(model) if is_distributed else model, rank)
    if rank == 0:
        torch.save(model.state_dict(), os.path.join(FOLDER, "trained.pth"))
    if is_distributed:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
}
