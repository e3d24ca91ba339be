/**
 * Why a name of PyTorch's is not here. A name that is here needs no line; one that is in neither place fails a test, and so does
 * one that is in both.
 * Read next: not-yet.ts, the names of which the reason is only that.
 */
import { notYet } from "./not-yet.ts";

export interface Reason {
  readonly heading: string;
  /** One sentence that says what to do instead: an error ends in it, too, if such a name is called. */
  readonly why: string;
  /** By the modules and classes that have them, of which a key may name two; `cudnn_*` is all that begin so. */
  readonly names: Readonly<Record<string, string>>;
}

export const reasons: readonly Reason[] = [
  { heading: "Not yet", why: "Nothing speaks against it.", names: notYet },
  {
    heading: "Examples of how to add something",
    why: "It is what CONTRIBUTING.md adds, line by line, as its example.",
    names: {
      "torch torch.Tensor": "rad2deg rad2deg_ deg2rad deg2rad_",
      torch: "channel_shuffle native_channel_shuffle",
      "torch.nn": "ChannelShuffle",
      "torch.nn.functional": "channel_shuffle native_channel_shuffle",
    },
  },
  {
    heading: "Devices",
    why: "There is one device, the CPU, and every tensor is on it: leave out what moves something, and what asks where it is.",
    names: {
      torch: `
        Stream backends cpu cuda compiled_with_cxx11_abi cudnn_* device get_device has_* is_vulkan_available miopen_*
        mkldnn_* get_float32_matmul_precision set_float32_matmul_precision set_flush_denormal get_num_interop_threads
        set_num_interop_threads init_num_threads version torch_version`,
      "torch.Tensor": `
        cuda device get_device ipu is_cpu is_cuda is_ipu is_meta is_mkldnn is_mps is_ort is_pinned is_vulkan is_xpu
        pin_memory record_stream to_mkldnn xpu`,
      "torch.nn.Module": "cpu cuda ipu to_empty xpu",
      "torch.nn.utils": "skip_init",
      "torch.nn": "factory_kwargs",
      "torch.utils.checkpoint": "get_device_states set_device_states",
      "torch.autograd": "kineto_available",
    },
  },
  {
    heading: "Half precision",
    why: "JavaScript has no arithmetic of 16 bits, so that float16, bfloat16 and autocast would gain nothing: stay with float32.",
    names: {
      torch: `
        BFloat16Tensor HalfTensor amp autocast autocast_* bfloat16 clear_autocast_cache float16 get_autocast_* half
        is_autocast_* set_autocast_*`,
      "torch.Tensor torch.nn.Module": "bfloat16 half",
    },
  },
  {
    heading: "Whole numbers of 64, 16 and 8 bits",
    why: 'JavaScript counts in 64 bits only with BigInt, which is slow, and smaller numbers fit: whole numbers, indices and the bytes of pictures are "int32", with x.int(). It wraps at 32 bits.',
    names: { torch: "int64 long LongTensor int16 short int8 uint8", "torch.Tensor": "long short byte char" },
  },
  {
    heading: "Complex numbers",
    why: "There are no complex dtypes, and so neither Fourier transforms nor eigenvalues of matrices that are not symmetric: compute with real and imaginary parts as two tensors.",
    names: {
      torch: `
        angle cdouble cfloat chalf complex complex32 complex64 complex128 conj conj_physical conj_physical_ eig fft imag
        is_complex is_conj is_neg istft polar real resolve_conj resolve_neg stft view_as_complex view_as_real adjoint`,
      "torch.Tensor": `
        H adjoint angle cdouble cfloat chalf conj conj_physical conj_physical_ eig imag is_complex is_conj is_neg istft
        mH real resolve_conj resolve_neg stft`,
      "torch.linalg": "eig eigvals",
      "torch.fft": "*",
    },
  },
  {
    heading: "Sparse tensors",
    why: "All tensors are dense: nn.Embedding and gather compute what sparse rows are mostly for.",
    names: {
      torch: `
        dsmm hsmm hspmm resize_as_sparse_ saddmm smm sparse sparse_* spmm sspaddmm ccol_indices_copy col_indices_copy
        crow_indices_copy indices_copy row_indices_copy values_copy`,
      "torch.Tensor": `
        ccol_indices coalesce col_indices crow_indices dense_dim indices is_coalesced is_sparse is_sparse_csr
        resize_as_sparse_ row_indices smm sparse_* sspaddmm to_dense to_sparse* values`,
      "torch.optim": "SparseAdam",
    },
  },
  {
    heading: "Quantization",
    why: "Networks compute in floating point, as they are trained: what makes a trained one smaller and faster is for other tools.",
    names: {
      torch: `
        QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage ao choose_qparams_optimized dequantize
        empty_quantized fake_quantize_* fbgemm_* fused_moving_avg_obs_fake_quant int_repr per_channel_* per_tensor_* q_*
        qint32 qint8 qscheme quantization quantize_* quantized_* quint2x4 quint4x2 quint8`,
      "torch.Tensor": "dequantize int_repr is_quantized q_* qscheme",
    },
  },
  {
    heading: "Nested tensors and masked tensors",
    why: "A tensor is of one shape, and all of it counts: pad it, with nn.utils.rnn.padSequence, and give a mask.",
    names: { torch: "masked nested", "torch.Tensor": "is_nested to_padded_tensor" },
  },
  {
    heading: "Named tensors",
    why: "Dimensions have numbers: names for them are an experiment that PyTorch has not gone on with.",
    names: {
      torch: "align_tensors",
      "torch.Tensor": "align_as align_to has_names names refine_names rename rename_",
    },
  },
  {
    heading: "Several processes",
    why: "One process computes, on as many threads as setNumThreads says: call the module itself, on the whole batch.",
    names: {
      torch: "distributed futures is_distributed multiprocessing prepare_multiprocessing_environment",
      "torch.Tensor": "is_distributed is_shared reinforce share_memory_",
      "torch.nn": "DataParallel SyncBatchNorm",
      "torch.nn.Module": "share_memory",
      "torch.utils.data": "DistributedSampler get_worker_info",
    },
  },
  {
    heading: "Compiling and exporting programs",
    why: "JavaScript's engine compiles the program itself: call the function as it is, and share weights as safetensors.",
    names: {
      torch: `
        FatalError JITException fork fx get_file_path import_ir_module import_ir_module_from_buffer jit library
        merge_type_from_type_comment onnx overrides package parse_* read_vitals return_types set_vital types
        unify_type_list vitals_enabled wait hub`,
      "functorch torch.func": "functionalize",
      "torch.utils.tensorboard.SummaryWriter": "add_graph add_onnx_graph",
      "torch.autograd": "NestedIOFunction",
    },
  },
  {
    heading: "Measuring and testing programs",
    why: "JavaScript's own profilers show every function of the engine by its name: node --cpu-prof, or a browser's.",
    names: { torch: "profiler testing", "torch.autograd.profiler": "*" },
  },
  {
    heading: "Determinism",
    why: "All that is computed is the same every time: there is nothing to switch on.",
    names: {
      torch: `
        are_deterministic_algorithms_enabled get_deterministic_debug_mode is_deterministic_algorithms_warn_only_enabled
        set_deterministic_debug_mode use_deterministic_algorithms is_warn_always_enabled set_warn_always`,
    },
  },
  {
    heading: "Python",
    why: "It is about Python's types and files: tensor(…) reads JavaScript's arrays, pictures are tensors from the start, and what the types of TypeScript tell need not be asked.",
    names: {
      torch: "DisableTorchFunction from_dlpack from_file is_storage to_dlpack typename set_default_tensor_type",
      "torch.Tensor": "apply_ as_subclass map2_ map_",
      "torch.utils.tensorboard.SummaryWriter": "add_figure add_image_with_boxes add_video",
      "torchvision.transforms": "ToPILImage",
      "torchvision.transforms.functional": "pil_to_tensor to_grayscale to_pil_image",
    },
  },
  {
    heading: "Trained weights",
    why: "Nothing is downloaded: in Python, torch.save(model.state_dict(), path), and here model.loadStateDict(load(path)).",
    names: { "torchvision.models": "*_Weights get_model_weights get_weight" },
  },
  {
    heading: "Networks as graphs",
    why: "A network is run, and its steps are told while it runs: getGraphNodeNames and createFeatureExtractor take any module.",
    names: { "torchvision.models.feature_extraction": "DualGraphModule LeafModuleAwareTracer NodePathTracer" },
  },
  {
    heading: "Data pipes",
    why: "PyTorch itself has given them up for Dataset and DataLoader, which are here.",
    names: {
      "torch.utils.data": `
        DFIterDataPipe DataChunk DataLoader2 IterDataPipe MapDataPipe argument_validation functional_datapipe
        guaranteed_datapipes_determinism non_deterministic runtime_validation runtime_validation_disabled`,
    },
  },
  {
    heading: "How numbers lie in memory",
    why: "Storage is the engine's own, and every result lies row by row: read x.data, and x.strides for how a view lies.",
    names: {
      torch: `
        BFloat16Storage BoolStorage ByteStorage CharStorage Complex*Storage DoubleStorage FloatStorage HalfStorage
        IntStorage LongStorage ShortStorage Storage TypedStorage UntypedStorage ByteTensor CharTensor ShortTensor
        StorageBase channels_last channels_last_3d contiguous_format empty_strided layout legacy_contiguous_format
        memory_format preserve_format strided`,
      "torch.Tensor": "data_ptr element_size is_set_to layout new_empty_strided set_ storage_type",
      "torch.nn.utils": "convert_conv2d_weight_memory_format",
    },
  },
  {
    heading: "Inner parts of PyTorch",
    why: "PyTorch's documentation does not name it: it is what others are made of, or a second form of them.",
    names: {
      torch: `
        alias_copy as_strided_copy detach_copy diagonal_copy expand_copy narrow_copy permute_copy select_copy slice_copy
        split_copy split_with_sizes_copy squeeze_copy t_copy transpose_copy unbind_copy unfold_copy unsqueeze_copy
        view_as_complex_copy view_as_real_copy view_copy affine_grid_generator alpha_dropout_ batch_norm_* convolution
        conv_tbc dropout_ embedding_renorm_ feature_alpha_dropout_ feature_dropout_ grid_sampler grid_sampler_2d
        grid_sampler_3d is_anomaly_check_nan_enabled is_inference is_inference_mode_enabled native_batch_norm
        native_dropout native_group_norm native_layer_norm native_norm quasirandom serialization`,
      "torch.Tensor": "is_inference narrow_copy output_nr",
      "torch.utils.checkpoint": "CheckpointFunction check_backward_validity detach_variable",
      "torch.nn.utils.rnn": "PackedSequence_ bind",
      "torch.nn": "CrossMapLRN2d UninitializedBuffer UninitializedParameter",
      "torch.nn.functional": "conv_tbc",
      "torch.distributions.constraints": "dependent_property",
    },
  },
  {
    heading: "What operations save for backward",
    why: "A pull-back holds on to what it reads by itself, and nothing is packed: checkpoint() trades memory for time, and x.gradFn.name says what made x.",
    names: { "torch.autograd.graph": "*" },
  },
  {
    heading: "Deprecated in PyTorch itself",
    why: "PyTorch has it only for old programs, under a newer name, too.",
    names: {
      "torch.Tensor": "volatile",
      "torch.nn": "Container",
      "torch.nn.functional": "upsample upsample_bilinear upsample_nearest",
    },
  },
];
