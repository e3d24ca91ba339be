/** The global names that Node has and a browser does not, as far as the engine's files use them. */
import { Buffer } from "./buffer.ts";

const process = {
  pid: 1,
  on: (): void => {},
  kill: (): boolean => false,
  stderr: { isTTY: false, write: (): boolean => true },
};

export const addNodesGlobals = (): void => void Object.assign(globalThis, { Buffer, process });
