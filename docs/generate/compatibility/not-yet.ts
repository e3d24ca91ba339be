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
  "torchvision.transforms": "AugMix",
  "torchvision.models": `
    ConvNeXt convnext_* densenet161 densenet169 densenet201 efficientnet_b1 efficientnet_b2 efficientnet_b3
    efficientnet_b4 efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_* GoogLeNet GoogLeNetOutputs googlenet
    Inception3 InceptionOutputs inception_v3 MNASNet mnasnet* MaxVit maxvit_t MobileNetV3 mobilenet_v3_* RegNet regnet_*
    resnet101 resnet152 resnext* wide_resnet* ShuffleNetV2 shufflenet_* SwinTransformer swin_* vit_b_32 vit_l_* vit_h_14
    get_model get_model_builder list_models`,
  "torchvision.ops": `
    DeformConv2d DropBlock2d DropBlock3d FeaturePyramidNetwork FrozenBatchNorm2d MultiScaleRoIAlign PSRoIAlign PSRoIPool
    RoIAlign RoIPool batched_nms box_* clip_boxes_to_image complete_box_* deform_conv2d distance_box_* drop_block*
    generalized_box_* masks_to_boxes nms ps_roi_* remove_small_boxes roi_* sigmoid_focal_loss`,
  "torch.utils.tensorboard.SummaryWriter": `
    add_audio add_custom_scalars* add_embedding add_figure add_graph add_histogram_raw add_image_with_boxes add_mesh
    add_pr_curve* add_video`,
};
