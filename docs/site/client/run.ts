/** Where the runner comes in: a module of its own, so that Vite loads the runner's styles with it. */
import type { openNotebook as Open } from "./runner/notebook.ts";

export async function openNotebook(...args: Parameters<typeof Open>): Promise<ReturnType<typeof Open>> {
  const runner = await import("./runner/notebook.ts");
  return runner.openNotebook(...args);
}
