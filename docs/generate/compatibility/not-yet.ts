/** What is only not written yet. Who writes it takes its name out of here: a test says so. */

/** Names by the modules and classes of PyTorch's that have them; `bessel_*` is all that begin so, `*` all. */
export const notYet: Readonly<Record<string, string>> = {
  torch: "histogramdd lobpcg segment_reduce",
  "torch.Tensor": "is_set_to new_empty_strided output_nr retains_grad",
  "torch.nn": "AdaptiveLogSoftmaxWithLoss CrossMapLRN2d",
  "torch.nn.Module": "get_extra_state register_load_state_dict_post_hook set_extra_state to_empty",
  "torch.nn.utils.parametrize": "transfer_parametrizations_and_params",
  "torch.utils.data": "default_convert",
  "torch.distributions": `
    CorrCholeskyTransform LKJCholesky LowRankMultivariateNormal VonMises Wishart biject_to transform_to`,
  "torch.linalg": "ldl_*",
  "torch.special": `
    airy_ai bessel_* chebyshev_* hermite_* laguerre_* legendre_* modified_* scaled_* shifted_* spherical_*`,
  "torch.autograd.graph": "*",
  functorch: "combine_state_for_ensemble",
  "torch.func": "linearize stack_module_state",
  "torch.utils.tensorboard.SummaryWriter": `
    add_audio add_custom_scalars* add_embedding add_figure add_graph add_histogram_raw add_image_with_boxes add_mesh
    add_pr_curve* add_video`,
};
