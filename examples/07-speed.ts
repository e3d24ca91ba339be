/** The program of docs/guide/07-speed.md: How it is made fast: one loop, four times. */
import { type Backend, getNumThreads, manualSeed, rand, setBackend, setNumThreads, type Tensor } from "lucidgrad";

const SIZE = 512;
manualSeed(0);
const [a, b] = [rand([SIZE, SIZE]), rand([SIZE, SIZE])];

function time(name: string, product: () => Float32Array): Float32Array {
  let [best, result] = [Infinity, product()];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    result = product();
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(44)} ${best.toFixed(1).padStart(7)} ms`);
  return result;
}

function definition(): Float32Array {
  const [A, B, out] = [a.data, b.data, new Float32Array(SIZE * SIZE)];
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      let sum = 0;
      for (let p = 0; p < SIZE; p++) sum += A[i * SIZE + p] * B[p * SIZE + j];
      out[i * SIZE + j] = sum;
    }
  }
  return out;
}
const expected = time("1. the definition", definition);

const floats = (x: Tensor) => x.data as Float32Array;
function withBackend(backend: Backend, threads: number): () => Float32Array {
  setBackend(backend);
  setNumThreads(threads);
  return () => floats(a.matmul(b));
}
const plain = time("2. tiles in registers: the plain kernel", withBackend("js", 1));

const oneThread = time("3. SIMD in WebAssembly, packed", withBackend("wasm", 1));

const allThreads = withBackend("wasm", 2);
for (const end = Date.now() + 500; Date.now() < end; ) allThreads(); // threads start when first needed, and nobody waits for them
const twoThreads = time(`4. the same on ${getNumThreads()} threads`, allThreads);

const sameBits = (x: Float32Array, y: Float32Array) => x.every((value, i) => value === y[i]);
const furthest = oneThread.reduce((max, value, i) => Math.max(max, Math.abs(value / expected[i] - 1)), 0);
console.log("plain kernel and definition, the same bits:", sameBits(plain, expected));
console.log("WebAssembly and definition, relative difference:", furthest < 1e-5 ? "below 1e-5" : furthest);
console.log("one thread and two, the same bits:", sameBits(oneThread, twoThreads));

const [images, weights] = [rand([64, 784]), rand([784, 256])];
time("64 images, each by itself", () => images.split(1).map((image) => floats(image.matmul(weights)))[63]);
time("64 images at once", () => floats(images.matmul(weights)));
