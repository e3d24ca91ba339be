// In jest and in vitest's vmThreads, whose programs run in realms of their own.
import { join } from "node:path";
import { getBackend, nn, ones, tensor } from "lucidgrad";
import { loadCheckpoint, saveCheckpoint } from "lucidgrad/files";

test("lucidgrad works", async () => {
  const x = ones([600, 600]);
  for (let step = 0; step < 10; step++) {
    expect(x.matmul(x).sum().item()).toBe(600 ** 3);
    await new Promise((resolve) => setTimeout(resolve, 5)); // so that threads can start
  }
  expect(tensor(new Float64Array([1.5])).dtype).toBe("float64");
  expect([getBackend(), String(new nn.Sequential(new nn.ReLU()))]).toEqual(["wasm", "Sequential(\n  (0): ReLU()\n)"]);
  const path = join(process.cwd(), "run.safetensors");
  saveCheckpoint(path, { epoch: 3, losses: [2.5], weight: ones(2) });
  const { weight, ...rest } = loadCheckpoint(path);
  expect([weight.add(1).toArray(), rest]).toEqual([[2, 2], { epoch: 3, losses: [2.5] }]);
});
