/** What is in files of PyTorch's and cannot be read here, and what to do about it: in Python, where it can be read. */

import { viewOf } from "../data/formats/bytes.ts";
import { check } from "../tensor/check.ts";

const advice: readonly (readonly [names: RegExp, advice: string])[] = [
  [/sparse/i, "Make sparse tensors dense before: x.to_dense()."],
  [/qtensor|Q(Int|UInt)|quint|qint|per_(tensor|channel)/, "Make quantized tensors float before: x.dequantize()."],
  [/complex/i, "Take complex numbers apart before: torch.view_as_real(x)."],
  [/float8|float4/, "Make such numbers float32 before: x.float()."],
  [/^numpy\./, "Make NumPy's numbers Python's before, float(x), and its arrays tensors, torch.from_numpy(x)."],
  [/^_codecs\.|bytearray/, "Make bytes a tensor before: torch.frombuffer(bytearray(x), dtype=torch.uint8)."],
  [/_meta_tensor/, "Such a tensor has no elements: give it some before, x.to_empty(device='cpu')."],
];

/** What to do about a name of Python's that is not data. */
export const adviceFor = (name: string): string =>
  advice.find(([names]) => names.test(name))?.[1] ??
  "Only tensors and plain values are, which torch.load reads with weights_only=True, never code: in Python, save the model's " +
    "numbers, torch.save(model.state_dict(), path), and make the model here.";

/** A number that all files of torch.save before PyTorch 1.6 begin with, as a pickle. */
const OLD = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** @throws if it is of another format that the name, `.pt`, may stand for, or that is mistaken for it, and says which */
export function refuseOtherFiles(file: Uint8Array, name: string): void {
  const isTar = file.length > 262 && Buffer.from(file.subarray(257, 262)).toString("latin1") === "ustar";
  const isOld = isTar || OLD.every((byte, i) => file[i] === byte);
  const again = "In PyTorch 1.6 or newer, save it again: torch.save(torch.load(path), path).";
  check(
    !isOld,
    () => `${name}: it is of the format that torch.save wrote before PyTorch 1.6, which is not read. ${again}`,
  );
  const isPickle = file[0] === 0x80 && file[1] >= 2 && file[1] <= 5;
  check(
    !isPickle,
    () => `${name}: it is a pickle of Python's. In Python, save it with PyTorch: torch.save(value, path).`,
  );
  const isSafetensors = file.length > 9 && viewOf(file).getUint32(4, true) === 0 && file[8] === "{".charCodeAt(0);
  check(!isSafetensors, () => `${name}: it is a safetensors file: read it with loadTensors, or loadCheckpoint`);
  const isNumPy = Buffer.from(file.subarray(0, 6)).toString("latin1") === "\x93NUMPY";
  check(!isNumPy, () => `${name}: it is an array of NumPy's: read it with loadNpy`);
}
