/** What is only not written yet. Who writes it takes its name out of here: a test says so. */

/** Names by the modules and classes of PyTorch's that have them; `bessel_*` is all that begin so, `*` all. */
export const notYet: Readonly<Record<string, string>> = {
  torch: "lobpcg segment_reduce",
  "torch.linalg": "ldl_*",
  "torchvision.transforms": "AugMix",
  "torch.utils.tensorboard.SummaryWriter": "add_embedding add_mesh",
};
