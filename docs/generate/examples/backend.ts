// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of backend.md. */
import type * as all from "lucidgrad";
import { getBackend, getNumThreads, rand, setBackend, setNumThreads } from "lucidgrad";
import type { ExamplesOf } from "./types.ts";

export const backend = {
  setBackend: () => {
    const before = getBackend();
    setBackend("js"); // plain loops
    console.log(getBackend());
    setBackend(before);
  },
  getBackend: () => ["js", "wasm"].includes(getBackend()),
  setNumThreads: () => {
    const before = getNumThreads();
    setNumThreads(1);
    console.log(getNumThreads(), rand([300, 300]).matmul(rand([300, 300])).shape);
    setNumThreads(before);
  },
  getNumThreads: () => getNumThreads() >= 1,
} satisfies ExamplesOf<typeof all>;
