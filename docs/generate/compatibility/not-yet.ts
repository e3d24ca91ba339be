/** What is only not written yet. Who writes it takes its name out of here: a test says so. */

/** Names by the modules and classes of PyTorch's that have them; `bessel_*` is all that begin so, `*` all. */
export const notYet: Readonly<Record<string, string>> = {
  torch: "lobpcg segment_reduce",
  "torch.linalg": "ldl_*",
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
  "torch.utils.tensorboard.SummaryWriter": "add_embedding add_mesh",
};
