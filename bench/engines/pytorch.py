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
DESCENT = {"lr": 0.001, "momentum": 0.9}


def read_array(file):
    with open(file["path"], "rb") as stream:
        x = torch.frombuffer(bytearray(stream.read()), dtype=getattr(torch, file["type"])).view(file["shape"])
    return x.long() if file["type"] == "int32" else x


def write_array(folder, name, x):
    path = os.path.join(folder, name)
    x.detach().contiguous().float().numpy().tofile(path)
    return {"name": name, "shape": [x.numel()], "type": "float32", "path": path}


def forward(compute):
    return lambda *inputs: lambda: [compute(*inputs)]


def with_gradients(compute):
    """y, and the gradient of each input that can have one; the last input is dy."""

    def operation(*inputs):
        *args, dy = inputs
        leaves = [x.requires_grad_() for x in args if x.is_floating_point()]

        def run():
            for leaf in leaves:
                leaf.grad = None
            y = compute(*args)
            y.backward(dy)
            return [y, *(leaf.grad for leaf in leaves)]

        return run

    return operation


def relu_backward(x, dy):
    y = x.requires_grad_().relu()

    def run():
        x.grad = None
        y.backward(dy, retain_graph=True)
        return [x.grad]

    return run


def maximum(x, *dim):
    return lambda: [*x.max(*dim)] if dim else [x.max()]


def stepping(create):
    """The first step, which makes what an optimizer remembers, is not timed."""

    def operation(param, grad):
        param.requires_grad_().grad = grad
        optimizer = create([param])
        optimizer.step()

        def run():
            optimizer.step()
            return [param]

        return run

    return operation


def training(build):
    """The loss and the gradients of a training step, always on the same batch."""

    def operation(x, labels, *initial):
        model = build(initial)
        parameters = list(model.parameters())
        for parameter, value in zip(parameters, initial):
            parameter.data = value
        optimizer = torch.optim.SGD(parameters, **DESCENT)

        def run():
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            optimizer.step()
            return [loss, *(parameter.grad for parameter in parameters)]

        return run

    return operation


def perceptron(parameters):
    linear = [nn.Linear(*reversed(x.shape)) for x in parameters if x.dim() == 2]
    return nn.Sequential(*[module for layer in linear for module in (nn.ReLU(), layer)][1:])


def convolutional(_):
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(1568, 10)),
    )


OPERATIONS = {
    "matmul": forward(lambda a, b: a @ b),
    "add": forward(lambda a, b: a + b),
    "mul": forward(lambda a, b: a * b),
    "relu": forward(lambda x: x.relu()),
    "reluBackward": relu_backward,
    "gt": forward(lambda a, b: a > b),
    "exp": forward(lambda x: x.exp()),
    "sigmoid": forward(lambda x: x.sigmoid()),
    "tanh": forward(lambda x: x.tanh()),
    "sum": forward(lambda x, *dim: x.sum(*dim)),
    "mean": forward(lambda x, *dim: x.mean(*dim)),
    "var": forward(lambda x, *dim: x.var(*dim)),
    "max": maximum,
    "softmax": forward(lambda x: x.softmax(1)),
    "logSoftmax": forward(lambda x: x.log_softmax(1)),
    "crossEntropy": with_gradients(F.cross_entropy),
    "batchNorm": with_gradients(lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True)),
    "layerNorm": with_gradients(lambda x, w, b: F.layer_norm(x, w.shape, w, b)),
    "maxPool": with_gradients(lambda x: F.max_pool2d(x, 2)),
    "avgPool": with_gradients(lambda x: F.avg_pool2d(x, 2)),
    "embedding": with_gradients(lambda table, indices: F.embedding(indices, table)),
    "sgd": stepping(lambda params: torch.optim.SGD(params, **DESCENT, foreach=True)),
    "adam": stepping(lambda params: torch.optim.Adam(params, lr=DESCENT["lr"], foreach=True)),
    "adamw": stepping(lambda params: torch.optim.AdamW(params, lr=DESCENT["lr"], foreach=True)),
    "mlp": training(perceptron),
    "cnn": training(convolutional),
}


class OperationTask:
    def __init__(self, request):
        inputs = [read_array(file) for file in request["inputs"]]
        dim = [request["task"]["dim"]] if "dim" in request["task"] else []
        self.compute = OPERATIONS[request["task"]["operation"]](*inputs, *dim)

    def run(self, times):
        for _ in range(times):
            self.compute()

    def results(self, steps):
        return {f"output {i}": x for i, x in enumerate(self.compute())}


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
        self.use_batch_norm = request["task"]["batchNorm"]
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
        self.task = OperationTask(request) if "operation" in request["task"] else TrainingTask(request, self.loader)
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
