/** What is here under another name, and no comment says it mirrors: code to write instead, by the place in the reference. */

export interface Elsewhere {
  /** A name in the reference, if it is there. */
  readonly place?: string;
  /** What to write. */
  readonly code: string;
  /** PyTorch's. */
  readonly names: string;
}

const table: readonly Elsewhere[] = [
  {
    place: "transforms.ToTensor",
    code: "new transforms.ToTensor().apply(batch)",
    names: "torchvision.transforms.functional.to_tensor",
  },
  { code: "Infinity", names: "torch.inf" },
  { code: "NaN", names: "torch.nan" },
  { code: "Math.E", names: "torch.e" },
  { code: "Math.PI", names: "torch.pi" },
  { place: "grad", code: "grad, backward, noGrad, …", names: "torch.autograd" },
  { place: "add", code: "add, einsum, split, …", names: "torch.functional" },
  { place: "lgamma", code: "lgamma, erf, logit, …", names: "torch.special" },
  {
    place: "nn.MultiheadAttention",
    code: "nn.MultiheadAttention",
    names: "torch.nn.functional.multi_head_attention_forward",
  },
  { place: "Tensor.dtype", code: '"float32"', names: "torch.float torch.float32" },
  { place: "Tensor.dtype", code: '"float64"', names: "torch.double torch.float64" },
  { place: "Tensor.dtype", code: '"int32"', names: "torch.int torch.int32" },
  { place: "Tensor.dtype", code: '"bool"', names: "torch.bool" },
  { place: "to", code: "x.to(dtype)", names: "torch.Tensor.type" },
  { place: "nn.Module.to", code: "to(dtype)", names: "torch.nn.Module.type" },
  { place: "Tensor.data", code: "x.data", names: "torch.Tensor.numpy" },
  { place: "Tensor.shape", code: "x.shape, an array", names: "torch.Size" },
  { place: "Tensor.ndim", code: "x.ndim", names: "torch.Tensor.ndimension" },
  { place: "Tensor.numel", code: "x.numel", names: "torch.Tensor.nelement" },
  { place: "Tensor.detach", code: "x.detach()", names: "torch.detach_ torch.Tensor.detach_" },
  { place: "reshape", code: "x.reshape(other.shape)", names: "torch.Tensor.reshape_as" },
  { place: "Tensor", code: "x instanceof Tensor", names: "torch.is_tensor" },
  {
    place: "tensor",
    code: "tensor(values)",
    names: `
      torch.as_tensor torch.asarray torch.scalar_tensor torch.from_numpy torch.frombuffer torch.FloatTensor
      torch.DoubleTensor torch.IntTensor torch.BoolTensor torch.Tensor.new`,
  },
  { place: "arange", code: "arange(start, end + step, step)", names: "torch.range" },
  { place: "Tensor", code: "Tensor", names: "torch.autograd.Variable torch.autograd.variable" },
  { place: "noGrad", code: "noGrad", names: "torch.inference_mode torch.autograd.inference_mode" },
  { place: "setDetectAnomaly", code: "setDetectAnomaly", names: "torch.set_anomaly_enabled" },
  { place: "manualSeed", code: "manualSeed, getRngState, setRngState", names: "torch.random torch.default_generator" },
  { place: "trapezoid", code: "trapezoid", names: "torch.trapz" },
  { place: "vstack", code: "vstack", names: "torch.row_stack" },
  { place: "chunk", code: "chunk", names: "torch.unsafe_chunk torch.Tensor.unsafe_chunk" },
  {
    place: "split",
    code: "split, which takes sizes, too",
    names: "torch.split_with_sizes torch.unsafe_split torch.unsafe_split_with_sizes",
  },
  {
    place: "split",
    code: "x.split(sizes)",
    names: "torch.Tensor.split_with_sizes torch.Tensor.unsafe_split torch.Tensor.unsafe_split_with_sizes",
  },
  { place: "nn.GRU", code: "nn.GRU, nn.GRUCell", names: "torch.gru torch.gru_cell" },
  { place: "nn.LSTM", code: "nn.LSTM, nn.LSTMCell", names: "torch.lstm torch.lstm_cell" },
  {
    place: "nn.RNN",
    code: "nn.RNN, nn.RNNCell",
    names:
      "torch.rnn_relu torch.rnn_relu_cell torch.rnn_tanh torch.rnn_tanh_cell torch.nn.RNNBase torch.nn.RNNCellBase",
  },
  { place: "nn.functional.pad", code: "nn.functional.pad", names: "torch.constant_pad_nd" },
  { place: "nn.functional.dropout2d", code: "nn.functional.dropout2d", names: "torch.feature_dropout" },
  { place: "linalg.matrixNorm", code: "linalg.matrixNorm", names: "torch.frobenius_norm torch.nuclear_norm" },
  { place: "linalg.matrixRank", code: "linalg.matrixRank", names: "torch.matrix_rank" },
  { place: "linalg.lstsq", code: "linalg.lstsq", names: "torch.lstsq torch.Tensor.lstsq" },
  { place: "linalg.solve", code: "linalg.solve", names: "torch.solve torch.Tensor.solve" },
  { place: "linalg.eigh", code: "linalg.eigh", names: "torch.symeig torch.Tensor.symeig" },
  {
    place: "linalg.solveTriangular",
    code: "linalg.solveTriangular",
    names: "torch.triangular_solve torch.Tensor.triangular_solve",
  },
  { place: "Tensor.fill_", code: "x.fill_(value)", names: "torch.fill" },
  { place: "sigmoid", code: "sigmoid", names: "torch.special.expit" },
  { place: "i0", code: "i0", names: "torch.special.modified_bessel_i0" },
  { place: "i1", code: "i1", names: "torch.special.modified_bessel_i1" },
  { place: "lgamma", code: "lgamma", names: "torch.special.gammaln" },
  { place: "digamma", code: "digamma", names: "torch.special.psi" },
  { place: "nn.NLLLoss", code: "nn.NLLLoss", names: "torch.nn.NLLLoss2d" },
  {
    place: "nn.Module",
    code: "a field: this.name = module",
    names: "torch.nn.Module.add_module torch.nn.Module.register_module",
  },
  {
    place: "nn.Module.registerFullBackwardHook",
    code: "registerFullBackwardHook",
    names: "torch.nn.Module.register_backward_hook",
  },
  { place: "nn.init.constant_", code: "nn.init.constant_", names: "torch.nn.init.constant" },
  { place: "nn.init.normal_", code: "nn.init.normal_", names: "torch.nn.init.normal" },
  { place: "nn.init.uniform_", code: "nn.init.uniform_", names: "torch.nn.init.uniform" },
  { place: "nn.init.orthogonal_", code: "nn.init.orthogonal_", names: "torch.nn.init.orthogonal" },
  { place: "nn.init.kaimingNormal_", code: "nn.init.kaimingNormal_", names: "torch.nn.init.kaiming_normal" },
  { place: "nn.init.kaimingUniform_", code: "nn.init.kaimingUniform_", names: "torch.nn.init.kaiming_uniform" },
  { place: "nn.init.dirac_", code: "nn.init.dirac_", names: "torch.nn.init.dirac" },
  { place: "nn.init.eye_", code: "nn.init.eye_", names: "torch.nn.init.eye" },
  { place: "nn.init.sparse_", code: "nn.init.sparse_", names: "torch.nn.init.sparse" },
  { place: "nn.init.xavierNormal_", code: "nn.init.xavierNormal_", names: "torch.nn.init.xavier_normal" },
  { place: "nn.init.xavierUniform_", code: "nn.init.xavierUniform_", names: "torch.nn.init.xavier_uniform" },
  { place: "nn.utils.clipGradNorm_", code: "nn.utils.clipGradNorm_", names: "torch.nn.utils.clip_grad_norm" },
  {
    place: "func.functionalCall",
    code: "func.functionalCall",
    names: `
      functorch.make_functional functorch.make_functional_with_buffers functorch.FunctionalModule
      functorch.FunctionalModuleWithBuffers`,
  },
  { place: "func.stackModuleState", code: "func.stackModuleState", names: "functorch.combine_state_for_ensemble" },
];

/** By PyTorch's name. */
export const elsewhere: ReadonlyMap<string, Elsewhere> = new Map(
  table.flatMap((entry) =>
    entry.names
      .trim()
      .split(/\s+/)
      .map((name) => [name, entry]),
  ),
);
