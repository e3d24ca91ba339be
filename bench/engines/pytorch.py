"""PyTorch, in one of two ways to feed it. Answers the requests that serve.ts answers for the other engines.

usage: pytorch.py THREADS tensors      the images are one float32 tensor, batches are index_select's
       pytorch.py THREADS dataloader   as tutorials write it: a Dataset that gives one image at a time, in a DataLoader
"""
import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

BATCH_SIZE = 64
LEARNING_RATE = 0.01


def read_array(file):
    dtype = {"float32": torch.float32, "uint8": torch.uint8}[file["type"]]
    with open(file["path"], "rb") as stream:
        return torch.frombuffer(bytearray(stream.read()), dtype=dtype).view(file["shape"])


def write_array(folder, name, x):
    path = os.path.join(folder, name)
    x.detach().contiguous().numpy().tofile(path)
    return {"name": name, "shape": [x.numel()], "type": "float32", "path": path}


def batch_norm(x, weight, bias, dy):
    for leaf in (x, weight, bias):
        leaf.requires_grad_().grad = None
    y = F.batch_norm(x, None, None, weight, bias, training=True)
    y.backward(dy)
    return [y, x.grad, weight.grad, bias.grad]


OPERATIONS = {
    "matmul": lambda a, b: [a @ b],
    "batchNorm": batch_norm,
    "softmax": lambda x: [x.softmax(1)],
    "logSoftmax": lambda x: [x.log_softmax(1)],
    "add": lambda a, b: [a + b],
    "relu": lambda x: [x.relu()],
    "sum": lambda x: [x.sum()],
}


class OperationTask:
    def __init__(self, request):
        self.operation = OPERATIONS[request["kind"]]
        self.inputs = [read_array(file) for file in request["inputs"]]

    def run(self, times):
        for _ in range(times):
            self.operation(*self.inputs)

    def results(self, steps):
        return {f"output {i}": x for i, x in enumerate(self.operation(*self.inputs))}


class Network(nn.Module):
    def __init__(self, use_batch_norm):
        super().__init__()
        self.fc1 = nn.Linear(784, 256, bias=not use_batch_norm)
        self.batch_norm1 = nn.BatchNorm1d(256) if use_batch_norm else None
        self.fc2 = nn.Linear(256, 256, bias=not use_batch_norm)
        self.batch_norm2 = nn.BatchNorm1d(256) if use_batch_norm else None
        self.fc3 = nn.Linear(256, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = self.fc1(x)
        if self.batch_norm1:
            x = self.batch_norm1(x)
        x = F.relu(x)
        x = self.fc2(x)
        if self.batch_norm2:
            x = self.batch_norm2(x)
        return self.fc3(x)


class Digits(Dataset):
    """What torchvision's MNIST with ToTensor gives, without its detour through PIL."""

    def __init__(self, images, labels):
        self.images, self.labels = images.view(-1, 1, 28, 28), labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.images[i].float().div(255), int(self.labels[i])


class TrainingTask:
    def __init__(self, request, loader):
        arrays = {file["name"]: read_array(file) for file in request["inputs"]}
        self.images, self.labels = arrays.pop("images"), arrays.pop("labels").long()
        self.state = arrays
        self.use_batch_norm = request["batchNorm"]
        self.train = {"tensors": self.train_from_tensors, "dataloader": self.train_from_dataloader}[loader]
        self.timed = self.train(self.new_network(), shuffle=True)

    def new_network(self):
        network = Network(self.use_batch_norm)
        network.load_state_dict(self.state, strict=False)  # the count of batches is not among the arrays
        return network.train()

    def train_from_tensors(self, network, shuffle):
        images = self.images.float() / 255
        count = len(self.labels)
        optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
        criterion = nn.CrossEntropyLoss()
        while True:
            order = torch.randperm(count) if shuffle else torch.arange(count)
            for start in range(0, count - BATCH_SIZE + 1, BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                optimizer.zero_grad(set_to_none=True)
                loss = criterion(network(images.index_select(0, batch)), self.labels.index_select(0, batch))
                loss.backward()
                optimizer.step()
                yield loss

    def train_from_dataloader(self, network, shuffle):
        loader = DataLoader(Digits(self.images, self.labels), batch_size=BATCH_SIZE, shuffle=shuffle, drop_last=True)
        optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
        criterion = nn.CrossEntropyLoss()
        total_loss = 0.0
        while True:
            for images, labels in loader:
                optimizer.zero_grad()
                output = network(images)
                loss = criterion(output, labels)
                loss.backward()
                optimizer.step()
                total_loss += loss.item()
                yield loss

    def run(self, times):
        for _ in range(times):
            loss = next(self.timed)
        loss.item()

    def results(self, steps):
        network = self.new_network()
        training = self.train(network, shuffle=False)
        losses = torch.tensor([next(training).item() for _ in range(steps)])
        state = network.state_dict()
        return {"losses": losses, **{name: state[name] for name in self.state}}


class Server:
    def __init__(self, loader):
        self.loader = loader
        self.task = None

    def prepare(self, request):
        self.task = None  # so that two are never in memory
        self.task = TrainingTask(request, self.loader) if request["kind"] == "train" else OperationTask(request)
        return {}

    def check(self, request):
        results = self.task.results(request["steps"])
        return {"outputs": [write_array(request["folder"], name, x) for name, x in results.items()]}

    def time(self, request):
        start = time.perf_counter()
        self.task.run(request["times"])
        return {"seconds": time.perf_counter() - start}

    def answer(self, request):
        try:
            return getattr(self, request["command"])(request)
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}


def main(threads, loader):
    torch.set_num_threads(int(threads))
    server = Server(loader)
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(server.answer(json.loads(line))), flush=True)


main(*sys.argv[1:])
