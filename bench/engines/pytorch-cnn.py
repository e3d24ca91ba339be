"""One round of PyTorch for cnn.ts. usage: pytorch-cnn.py THREADS; prints the median milliseconds of a step."""

import sys
import time

import torch
from torch import nn

WARM_UP, STEPS = 40, 80

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
model = nn.Sequential(
    *(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Linear(1568, 10)),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
batches = [(torch.rand(64, 1, 28, 28), torch.randint(0, 10, (64,))) for _ in range(20)]
times = []
for step in range(WARM_UP + STEPS):
    images, labels = batches[step % len(batches)]
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
    if step >= WARM_UP:
        times.append(1000 * (time.perf_counter() - start))
print(sorted(times)[len(times) // 2])
