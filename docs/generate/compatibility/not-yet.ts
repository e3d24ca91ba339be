/** What is only not written yet. Who writes it takes its name out of here: a test says so. */

/** Names by the modules and classes of PyTorch's that have them;`bessel_*` is all that begin so,`*` all. */
export const notYet: Readonly<Record<string, string>> = {
  torch: `
    as_strided as_strided_ as_strided_scatter bartlett_window blackman_window broadcast_shapes can_cast celu_
    cholesky_inverse cholesky_solve diagonal_scatter float_power frexp geqrf gradient
    hamming_window hann_window histogramdd i0 i0_ igamma igammac index_reduce initial_seed int8 int16
    is_nonzero is_same_size is_signed kaiser_window ldexp ldexp_ lobpcg lu lu_solve
    lu_unpack mvlgamma nextafter norm_except_dim orgqr ormqr pca_lowrank pdist positive promote_types result_type rrelu_ scatter_reduce seed segment_reduce select_scatter
    selu_ set_default_dtype short slice_scatter svd_lowrank threshold_ uint8`,
  "torch.Tensor": `
    as_strided as_strided_ as_strided_scatter byte char cholesky_inverse cholesky_solve diagonal_scatter
    fill_diagonal_ float_power float_power_ frexp geqrf i0 i0_ igamma igamma_ igammac igammac_ index_reduce
    index_reduce_ is_nonzero is_same_size is_set_to is_signed ldexp ldexp_ lu lu_solve mvlgamma
    mvlgamma_ new_empty_strided nextafter nextafter_ orgqr ormqr output_nr positive resize resize_as retains_grad
    scatter_reduce scatter_reduce_ select_scatter short slice_scatter sum_to_size`,
  "torch.nn": `
    AdaptiveLogSoftmaxWithLoss
    CrossMapLRN2d FractionalMaxPool2d FractionalMaxPool3d
    MaxUnpool1d MaxUnpool2d MaxUnpool3d
    Unflatten`,
  "torch.nn.Module": `
    get_extra_state register_load_state_dict_post_hook set_extra_state to_empty`,
  "torch.nn.functional": `

    celu_ elu_ fractional_max_pool2d
    fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices
    hardtanh_ leaky_relu_ max_unpool1d max_unpool2d max_unpool3d
    pdist rrelu_ selu_ threshold_`,
  "torch.nn.init": "dirac dirac_ eye eye_ sparse sparse_ trunc_normal_",
  "torch.nn.utils": "fuse_conv_bn_eval fuse_conv_bn_weights",
  "torch.nn.utils.parametrize": "transfer_parametrizations_and_params",
  "torch.utils.data": "default_convert",
  "torch.distributions": `
    CorrCholeskyTransform LKJCholesky LowRankMultivariateNormal VonMises Wishart biject_to transform_to`,
  "torch.distributions.constraints": "positive_semidefinite",
  "torch.linalg": `
    cholesky_ex householder_product inv_ex ldl_* lu lu_factor lu_factor_ex lu_solve solve_ex tensorinv tensorsolve
    vecdot`,
  "torch.special": `
    airy_ai bessel_* chebyshev_* entr erfcx gammainc gammaincc hermite_* i0 i0e i1 i1e laguerre_* legendre_*
    log_ndtr modified_* multigammaln ndtr ndtri scaled_* shifted_* spherical_* xlog1py zeta`,
  "torch.autograd.functional": "vhp",
  "torch.autograd.graph": "*",
  functorch: "combine_state_for_ensemble",
  "torch.func": "linearize stack_module_state",
  "torchvision.transforms": "AugMix",
  "torch.utils.tensorboard.SummaryWriter": `
    add_audio add_custom_scalars* add_embedding add_figure add_graph add_histogram_raw add_image_with_boxes add_mesh
    add_pr_curve* add_video`,
};
