// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what is left out on purpose, by the reason. */
export const leftOut: readonly (readonly [why: string, names: string])[] = [
  ["There is one device, the CPU, and every tensor is on it: leave out what moves something, and what asks where it is.", "Tensor.cuda Tensor.getDevice Tensor.pinMemory nn.Module.cuda"],
  ["JavaScript has no arithmetic of 16 bits, so that float16, bfloat16 and autocast would gain nothing: stay with float32.", "Tensor.half Tensor.bfloat16 nn.Module.half nn.Module.bfloat16"],
  ["JavaScript counts in 64 bits only with BigInt, which is slow, and smaller numbers fit: whole numbers, indices and the bytes of pictures are \"int32\", with x.int(). It wraps at 32 bits.", "Tensor.long"],
  ["There are no complex dtypes, and so neither Fourier transforms nor eigenvalues of matrices that are not symmetric: compute with real and imaginary parts as two tensors.", "Tensor.cfloat Tensor.cdouble Tensor.angle Tensor.conj Tensor.isComplex Tensor.stft Tensor.istft linalg.eig linalg.eigvals"],
  ["All tensors are dense: nn.Embedding and gather compute what sparse rows are mostly for.", "Tensor.toSparse Tensor.toDense Tensor.coalesce optim.SparseAdam"],
  ["Networks compute in floating point, as they are trained: what makes a trained one smaller and faster is for other tools.", "Tensor.dequantize"],
  ["Dimensions have numbers: names for them are an experiment that PyTorch has not gone on with.", "Tensor.rename Tensor.refineNames Tensor.alignTo"],
  ["One process computes, on as many threads as setNumThreads says: call the module itself, on the whole batch.", "Tensor.shareMemory_ nn.Module.shareMemory nn.DataParallel nn.SyncBatchNorm"],
  ["It is about Python's types and files: tensor(…) reads JavaScript's arrays, pictures are tensors from the start, and what the types of TypeScript tell need not be asked.", "Tensor.apply_ Tensor.map_"],
  ["Storage is the engine's own, and every result lies row by row: read x.data, and x.strides for how a view lies.", "Tensor.dataPtr Tensor.elementSize Tensor.set_"],
];
