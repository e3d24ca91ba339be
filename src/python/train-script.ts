/** train.py: the training of the model in Python, in one process or several. */
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Columns, collateLines, madeUpLines, readLines } from "./data-script.ts";
import { layerName } from "./layers.ts";
import {
  type Descent,
  isOfSteps,
  lossInPython,
  optimizerInPython,
  type Scheduling,
  scheduleInPython,
} from "./training.ts";

/** What a model is trained with; null for what train.py is to choose. */
export interface Training {
  readonly target: Tensor | null;
  readonly loss: Module | null;
  readonly optimizer: Descent | null;
  readonly schedule: Scheduling | null;
  readonly batchSize: number;
  readonly epochs: number;
  /** Whether the data are those of the example. */
  readonly isExample: boolean;
}

/** What to do with an output. */
interface Loss {
  /** What makes a made-up target, if there is one. */
  readonly target: readonly string[];
  readonly expression: string;
}

const GIVEN = 'data["target"]';

function lossOf(output: unknown, { loss, target }: Training): Loss {
  if (loss) {
    check(target !== null, "a loss compares with a target: give one, for the inputs of the example");
    return { target: [GIVEN], expression: `${lossInPython(loss)}(output, target)` };
  }
  const given = target ? [GIVEN] : null;
  if (!(output instanceof Tensor))
    return { target: [], expression: "sum(y.square().mean() for y in tensors_in(output))" };
  if (output.ndim === 0) return { target: given ?? [], expression: "output" };
  if (output.ndim === 2 && output.shape[1] > 1 && target?.dtype !== "float32") {
    const classes = `torch.randint(0, ${output.shape[1]}, (SAMPLES,))`;
    return { target: given ?? [classes], expression: "F.cross_entropy(output, target)" };
  }
  const values = `torch.randn(${["SAMPLES", ...output.shape.slice(1)].join(", ")})`;
  return { target: given ?? [values], expression: "F.mse_loss(output, target)" };
}

/** The text of train.py. @param output what the model gives @throws if something cannot be written in Python, and says what */
export function trainScript(model: Module, data: Columns, output: unknown, training: Training): string {
  const { optimizer, schedule, batchSize, epochs, isExample } = training;
  const loss = lossOf(output, training);
  const hasTarget = loss.target.length > 0;
  const dataset = isExample ? readLines(data, loss.target) : madeUpLines(data, loss.target);
  const made = optimizer ? optimizerInPython(optimizer, model) : "torch.optim.Adam(model.parameters(), lr=1e-3)";
  const names = data.columns.map(({ name }) => name).join(", ");
  const isInOutput = loss.expression.includes("tensors_in");
  const needsF = loss.expression.startsWith("F.");
  const needsNn = loss.expression.startsWith("nn.");
  const ofSteps = schedule !== null && isOfSteps(schedule);
  const normed = model.modules().some((module) => /^BatchNorm\dd$/.test(layerName(module) ?? ""));
  const source = isExample ? "data.safetensors" : "random numbers";
  return `"""Trains the model of model.py from the weights of weights.safetensors:

    python3 train.py
    torchrun --nproc_per_node 2 train.py

Both do the same steps, but for what is drawn at random: several processes divide each batch among them. The data are
${source}: put yours into make_dataset.
"""

import os

import torch
import torch.distributed as dist
${normed ? "import torch.distributed.nn\n" : ""}${needsF ? "import torch.nn.functional as F\n" : ""}${needsNn || normed ? "from torch import nn\n" : ""}from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler

from model import make_model, read_tensors

${dataset.join().includes("SAMPLES") ? `SAMPLES = ${isExample ? samplesOf(data) : 64}\n` : ""}BATCH_SIZE, EPOCHS = ${batchSize}, ${epochs}
FOLDER = os.path.dirname(os.path.abspath(__file__))


def make_dataset():
    """A list of samples: ${names}${hasTarget ? ", and the target" : ""}."""
${indented(dataset)}


def collate(samples):
    """Samples as a batch."""
${indented(collateLines(data, hasTarget))}


${isInOutput ? tensorsIn : ""}def loss_of(model, batch):
    ${names}${hasTarget ? ", target" : data.columns.length === 1 ? "," : ""} = batch
    output = model(${data.call})
    return ${loss.expression}


def make_optimizer(model):
${optimizer && made.includes("named[") ? "    named = dict(model.named_parameters())\n" : ""}    return ${made}


${schedule ? `def make_schedule(optimizer):\n    return ${scheduleInPython(schedule)}\n\n\n` : ""}${normed ? batchNorm : ""}def train(model, rank, processes):
    torch.manual_seed(0)
    dataset = make_dataset()
    torch.manual_seed(rank)
    sampler = DistributedSampler(dataset, processes, rank)
    loader = DataLoader(dataset, BATCH_SIZE // processes, sampler=sampler, collate_fn=collate)
    optimizer = make_optimizer(model)
${schedule ? "    schedule = make_schedule(optimizer)\n" : ""}    if processes > 1:
${normed ? "        synchronize_batch_norms(model)\n" : ""}        model = DistributedDataParallel(model, find_unused_parameters=True)
    for epoch in range(EPOCHS):
        sampler.set_epoch(epoch)
        total = torch.zeros(2)
        for batch in loader:
${optimizer?.constructor.name === "LBFGS" ? closureStep : step}${ofSteps ? "            schedule.step()\n" : ""}            total += torch.tensor([loss.item(), 1])
        if processes > 1:
            dist.all_reduce(total)
${schedule && !ofSteps ? scheduleStep(schedule) : ""}        if rank == 0:
            print(f"epoch {epoch + 1}: loss {(total[0] / total[1]).item():.7g}")


def main():
    is_distributed = "RANK" in os.environ  # torchrun says so
    if is_distributed:
        dist.init_process_group("gloo")
    rank, processes = (dist.get_rank(), dist.get_world_size()) if is_distributed else (0, 1)
    model = make_model()
    model.load_state_dict(read_tensors(os.path.join(FOLDER, "weights.safetensors")))
    train(model, rank, processes)
    if rank == 0:
        torch.save(model.state_dict(), os.path.join(FOLDER, "trained.pth"))
    if is_distributed:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
}

/** How many samples the example has. */
const samplesOf = ({ columns: [{ data, dim }] }: Columns): number =>
  data instanceof Tensor ? data.shape[dim] : data.length;

const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join("\n");

/** Reducing on a plateau is told how it goes. */
const scheduleStep = (schedule: Scheduling): string =>
  `        schedule.step(${schedule.constructor.name === "ReduceLROnPlateau" ? "total[0] / total[1]" : ""})\n`;

const step = `            loss = loss_of(model, batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
`;

/** LBFGS goes by the loss, which has to be the same in all processes. */
const closureStep = `
            def closure():
                loss = loss_of(model, batch)
                optimizer.zero_grad()
                loss.backward()
                mean = loss.detach().clone()
                if processes > 1:
                    dist.all_reduce(mean)
                return mean / processes

            loss = optimizer.step(closure)
`;

const tensorsIn = `def tensors_in(value):
    """The tensors in lists and dicts that have fractions."""
    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() else []
    items = value.values() if isinstance(value, dict) else value or []
    return [x for item in items for x in tensors_in(item)]


`;

/** As SyncBatchNorm, which is for GPUs alone. */
const batchNorm = `def batch_norm(layer, x):
    """A batch norm in training, over the samples of all processes."""
    dims = [d for d in range(x.dim()) if d != 1]
    mean_of = lambda y: dist.nn.functional.all_reduce(y.mean(dims)) / dist.get_world_size()
    shape = [-1 if d == 1 else 1 for d in range(x.dim())]
    mean = mean_of(x)
    centered = x - mean.reshape(shape)
    variance = mean_of(centered.square())
    if layer.training and layer.track_running_stats:
        with torch.no_grad():
            count = x.numel() / x.shape[1] * dist.get_world_size()
            layer.num_batches_tracked += 1
            factor = layer.momentum if layer.momentum is not None else 1 / layer.num_batches_tracked.item()
            layer.running_mean.lerp_(mean, factor)
            layer.running_var.lerp_(variance * count / (count - 1), factor)
    y = centered / (variance + layer.eps).sqrt().reshape(shape)
    return y * layer.weight.reshape(shape) + layer.bias.reshape(shape) if layer.affine else y


def synchronize_batch_norms(model):
    """Batch norms take their statistics of the whole batch: SyncBatchNorm does so, on GPUs."""
    for layer in model.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            plain = layer.forward
            layer.forward = lambda x, layer=layer, plain=plain: batch_norm(layer, x) if layer.training else plain(x)


`;
