/** Which pages there are, and what stands on each. A name that no section asks for fails a test. */

/** Names that come from one place and stand under one heading. */
interface Section {
  readonly heading: string;
  /** What exports them. */
  readonly from: string;
  /** Which of them: those that are declared in such files. */
  readonly files?: RegExp;
}

export interface Page {
  readonly title: string;
  readonly text: string;
  /** What users write before a name. */
  readonly prefix: string;
  /** Where PyTorch has what a comment does not say what it mirrors. */
  readonly torch?: string;
  /** What it shows of places that export both. */
  readonly only?: "functions" | "classes";
  readonly sections: readonly Section[];
  /** What it shows of Tensor: the operations, or its other members. */
  readonly tensor?: "operations" | "members";
}

const index = "src/index.ts";
const nn = "src/nn/index.ts";
const functional = "src/nn/functional.ts";
const transforms = "src/vision/index.ts";
const distributions = "src/distributions/index.ts";
const linalg = "src/autograd/ops/linalg/index.ts";
const importing = (name: string, from = "lucidgrad") => `\`import { ${name} } from "${from}";\``;

/** The pages by file name, in the order of the index. */
export const pages: Record<string, Page> = {
  "tensor.md": {
    title: "Tensors",
    text: `${importing("tensor, zeros, …")}\n\nAll float32 unless said otherwise. A method whose name ends in an underscore changes its tensor in place and returns it; whatever broadcasts does so by PyTorch's rules. What is computed from tensors is on the page of [operations](operations.md).`,
    prefix: "",
    torch: "torch",
    tensor: "members",
    sections: [
      { heading: "Making tensors", from: index, files: /tensor\/create/ },
      { heading: "Windows", from: index, files: /tensor\/window-functions/ },
      { heading: "Printing", from: index, files: /tensor\/print/ },
      { heading: "Random numbers", from: index, files: /(tensor|autograd)\/random/ },
      { heading: "What a dtype can hold", from: index, files: /tensor\/limits/ },
      { heading: "Ranges", from: index, files: /ops\/indexing/ },
    ],
  },
  "operations.md": {
    title: "Operations",
    text: `${importing("add, relu, …")}\n\nEach is a function and, where there is a second line, a method of its first operand; a method whose name ends in an underscore changes its tensor in place and returns it. In the formulas x, a and b are the operands in their order, y is the result, and dx the gradient of x, given dy.`,
    prefix: "",
    torch: "torch",
    only: "functions",
    tensor: "operations",
    sections: [{ heading: "Functions of several tensors", from: index, files: /autograd\/ops\// }],
  },
  "linalg.md": {
    title: "Linear algebra: linalg",
    text: `${importing("linalg")}\n\nOf matrices in the last two dimensions, (…, M, N); the dimensions before are batches. All is computed in float64 and rounded once. What tensors have of it as methods, det, inverse, svd and others, is with the [operations](operations.md).`,
    prefix: "linalg.",
    torch: "torch.linalg",
    sections: [
      { heading: "Equations, inverses and determinants", from: linalg, files: /linalg\/(solving|tensor-equations)/ },
      { heading: "Factorizations", from: linalg, files: /linalg\/(factorizations|spectral|lu|householder)/ },
      { heading: "Functions of matrices", from: linalg, files: /linalg\/functions/ },
      { heading: "Norms", from: linalg, files: /linalg\/norms/ },
      { heading: "Products and vectors", from: linalg, files: /linalg\/(multi-dot|vectors)|ops\/matmul/ },
    ],
  },
  "autograd.md": {
    title: "Gradients",
    text: `${importing("grad, noGrad, …")}\n\nDerivatives of whatever is computed from tensors with \`requiresGrad\`. The methods for this are [with the others of Tensor](tensor.md#autograd).`,
    prefix: "",
    torch: "torch.autograd",
    sections: [
      { heading: "Backward passes", from: index, files: /autograd\/engine/ },
      { heading: "What is recorded", from: index, files: /autograd\/grad-mode/ },
      { heading: "Derivatives of functions", from: index, files: /autograd\/functional/ },
      {
        heading: "Functions of your own, and whether they are right",
        from: index,
        files: /autograd\/(function\.|gradcheck)/,
      },
      { heading: "Less memory for more time", from: index, files: /autograd\/checkpoint/ },
      { heading: "Where a NaN comes from", from: index, files: /autograd\/anomaly/ },
    ],
  },
  "func.md": {
    title: "Functions of functions: func",
    text: `${importing("func")}\n\nWhat is differentiated by may be a tensor, or tensors in lists and plain objects; a derivative is built as it.`,
    prefix: "func.",
    torch: "torch.func",
    sections: [{ heading: "Derivatives, and modules as functions", from: "src/nn/func.ts" }],
  },
  "nn.md": {
    title: "Layers and losses: nn",
    text: `${importing("nn")}\n\nA layer is called by its \`forward\`. N is the number of samples, C of channels, L, D, H and W are sizes. All that a layer does not list it has from [nn.Module](#nnmodule).`,
    prefix: "nn.",
    torch: "torch.nn",
    sections: [
      { heading: "What networks are made of", from: nn, files: /nn\/(module|parameter)/ },
      { heading: "Modules made of modules", from: nn, files: /nn\/container/ },
      { heading: "Linear, flatten and embedding", from: nn, files: /nn\/(linear|embedding)/ },
      { heading: "Convolution", from: nn, files: /nn\/convolution/ },
      { heading: "Layers that see the size of their input", from: nn, files: /nn\/lazy/ },
      { heading: "Padding", from: nn, files: /nn\/padding/ },
      { heading: "Pooling", from: nn, files: /nn\/(unpooling|pooling)/ },
      { heading: "Images of other sizes", from: nn, files: /nn\/(upsampling|pixel-shuffle|folding|grid-sample)/ },
      {
        heading: "Normalization and dropout",
        from: nn,
        files: /nn\/(normalization|instance-norm|response-norm|rms-norm|dropout)/,
      },
      { heading: "Recurrent layers", from: nn, files: /nn\/recurrent/ },
      { heading: "Attention and transformers", from: nn, files: /nn\/(attention|transformer)/ },
      { heading: "Activation", from: nn, files: /nn\/(activation|piecewise)/ },
      { heading: "Likeness", from: nn, files: /nn\/distance/ },
      { heading: "Losses", from: nn, files: /nn\/(loss|adaptive-softmax)/ },
    ],
  },
  "nn-functional.md": {
    title: "Layers and losses as functions: nn.functional",
    text: `${importing("nn")}\n\nWhat layers compute, with weights and options as arguments.`,
    prefix: "nn.functional.",
    torch: "torch.nn.functional",
    sections: [
      { heading: "Activation", from: functional, files: /nn\/(activation|piecewise)/ },
      {
        heading: "Linear, convolution and pooling",
        from: functional,
        files: /nn\/(convolution|pooling|unpooling|linear|one-hot|embedding)/,
      },
      {
        heading: "Images of other sizes",
        from: functional,
        files: /nn\/(upsampling|pixel-shuffle|folding|grid-sample)/,
      },
      {
        heading: "Normalization and dropout",
        from: functional,
        files: /nn\/(normalization|instance-norm|response-norm|rms-norm|dropout)/,
      },
      { heading: "Attention and likeness", from: functional, files: /nn\/(attention|distance)/ },
      { heading: "Losses", from: functional, files: /nn\/loss/ },
    ],
  },
  "nn-init.md": {
    title: "Initial weights: nn.init",
    text: `${importing("nn")}\n\nEach function fills its tensor in place, unrecorded, and returns it.`,
    prefix: "nn.init.",
    torch: "torch.nn.init",
    sections: [{ heading: "Functions", from: "src/nn/init.ts" }],
  },
  "nn-utils.md": {
    title: "Gradients and parameters: nn.utils",
    text: importing("nn"),
    prefix: "nn.utils.",
    torch: "torch.nn.utils",
    sections: [
      { heading: "Functions", from: "src/nn/utils.ts", files: /nn\/(utils|fuse)/ },
      { heading: "Weights that are computed", from: "src/nn/utils.ts", files: /nn\/(weight|spectral)-norm/ },
    ],
  },
  "nn-utils-parametrize.md": {
    title: "Parameters that are computed: nn.utils.parametrize",
    text: `${importing("nn")}\n\nA parametrization is a module whose forward computes a parameter of another one.`,
    prefix: "nn.utils.parametrize.",
    torch: "torch.nn.utils.parametrize",
    sections: [{ heading: "Parametrizing", from: "src/nn/parametrize.ts" }],
  },
  "nn-utils-parametrizations.md": {
    title: "Parametrizations: nn.utils.parametrizations",
    text: `${importing("nn")}\n\nOf a weight, so that a module keeps lengths, or does not make them larger.`,
    prefix: "nn.utils.parametrizations.",
    torch: "torch.nn.utils.parametrizations",
    sections: [{ heading: "Parametrizations", from: "src/nn/parametrizations.ts" }],
  },
  "nn-utils-prune.md": {
    title: "Pruning: nn.utils.prune",
    text: `${importing("nn")}\n\nA pruned parameter \`weight\` is computed before each forward: \`weightOrig\`, a parameter, times \`weightMask\`, a buffer of ones and zeros.`,
    prefix: "nn.utils.prune.",
    torch: "torch.nn.utils.prune",
    sections: [{ heading: "Pruning", from: "src/nn/prune.ts", files: /nn\/prune\.ts/ }],
  },
  "nn-utils-prune-methods.md": {
    title: "Pruning methods: nn.utils.prune",
    text: `${importing("nn")}\n\nWhat the functions of [nn.utils.prune](nn-utils-prune.md) apply; others can be written.`,
    prefix: "nn.utils.prune.",
    torch: "torch.nn.utils.prune",
    sections: [{ heading: "Methods", from: "src/nn/prune.ts", files: /nn\/pruning/ }],
  },
  "nn-utils-rnn.md": {
    title: "Sequences of different lengths: nn.utils.rnn",
    text: `${importing("nn")}\n\nT is the number of steps, N of sequences.`,
    prefix: "nn.utils.rnn.",
    torch: "torch.nn.utils.rnn",
    sections: [{ heading: "Padding and packing", from: "src/nn/packed-sequence.ts" }],
  },
  "optim.md": {
    title: "Optimizers: optim",
    text: `${importing("optim")}\n\nIn formulas, p is a parameter and g its gradient.`,
    prefix: "optim.",
    torch: "torch.optim",
    sections: [
      { heading: "What all optimizers have", from: "src/optim/index.ts", files: /optimizer/ },
      { heading: "Optimizers", from: "src/optim/index.ts", files: /optim\/(?!optimizer|schedules)/ },
    ],
  },
  "optim-lr-scheduler.md": {
    title: "Learning rates: optim.lrScheduler",
    text: `${importing("optim")}\n\nA schedule changes the \`lr\` of an optimizer's groups whenever its \`step\` is called.`,
    prefix: "optim.lrScheduler.",
    torch: "torch.optim.lr_scheduler",
    sections: [{ heading: "Schedules", from: "src/optim/schedules.ts" }],
  },
  "optim-swa-utils.md": {
    title: "Averages of weights: optim.swaUtils",
    text: `${importing("optim")}\n\nLate in a training, weights wander around a flat place: their average lies in its middle, and often generalizes better.`,
    prefix: "optim.swaUtils.",
    torch: "torch.optim.swa_utils",
    sections: [{ heading: "Averages and a schedule", from: "src/swa-utils.ts" }],
  },
  "distributions.md": {
    title: "Random variables: distributions",
    text: `${importing("distributions")}\n\nA distribution, or a batch of them, has parameters that are numbers or tensors. All that one does not list it has from [Distribution](#distributionsdistribution).`,
    prefix: "distributions.",
    torch: "torch.distributions",
    sections: [
      {
        heading: "What all distributions have",
        from: distributions,
        files: /distributions\/(distribution|exponential-family)\.ts/,
      },
      {
        heading: "Classes and counts",
        from: distributions,
        files:
          /distributions\/(bernoulli|.*categorical|.*binomial|multinomial|geometric|poisson|relaxed-bernoulli)\.ts/,
      },
      {
        heading: "Numbers",
        from: distributions,
        files:
          /distributions\/(normal|uniform|exponential|laplace|gamma|beta|cauchy|gumbel|log-normal|half-.*|student-t|fisher-snedecor|continuous-bernoulli|pareto|weibull|kumaraswamy|von-mises)\.ts/,
      },
      {
        heading: "Vectors",
        from: distributions,
        files: /distributions\/(dirichlet|.*multivariate-normal|logistic-normal|wishart|lkj-cholesky)\.ts/,
      },
      {
        heading: "Distributions made of others",
        from: distributions,
        files: /distributions\/(independent|mixture|transformed)\.ts/,
      },
      { heading: "Distances", from: distributions, files: /distributions\/divergence\.ts/ },
      { heading: "Parameters that are trained", from: distributions, files: /distributions\/constraint-registry\.ts/ },
    ],
  },
  "distributions-transforms.md": {
    title: "Functions of random variables: distributions.transforms",
    text: `${importing("distributions")}\n\nA transform is called by its \`forward\`; \`inv\` is its inverse. All that one does not list it has from [Transform](#distributionstransformstransform).`,
    prefix: "distributions.transforms.",
    torch: "torch.distributions.transforms",
    sections: [{ heading: "Transforms", from: "src/distributions/transform-names.ts" }],
  },
  "distributions-constraints.md": {
    title: "What values may be: distributions.constraints",
    text: `${importing("distributions")}\n\nThe support of a distribution, and what its parameters have to satisfy.`,
    prefix: "distributions.constraints.",
    torch: "torch.distributions.constraints",
    sections: [{ heading: "Constraints", from: "src/distributions/constraints.ts" }],
  },
  "seeing.md": {
    title: "Seeing what is computed",
    text: importing("toDot, toSvg, summary"),
    prefix: "",
    sections: [
      { heading: "Graphs", from: index, files: /seeing\/(dot|svg)/ },
      { heading: "Networks", from: index, files: /seeing\/summary/ },
    ],
  },
  "data.md": {
    title: "Datasets and loaders",
    text: importing("DataLoader, TensorDataset, …"),
    prefix: "",
    torch: "torch.utils.data",
    sections: [{ heading: "Classes and functions", from: index, files: /src\/data\// }],
  },
  "transforms.md": {
    title: "From pixels to tensors: transforms",
    text: importing("transforms"),
    prefix: "transforms.",
    sections: [
      { heading: "From bytes to numbers", from: transforms, files: /(to-tensor|transform|normalize|whitening)\.ts/ },
      { heading: "One after another", from: transforms, files: /vision\/compose/ },
      {
        heading: "Parts of pictures, and other sizes",
        from: transforms,
        files: /vision\/(.*\/)?(cropping|resizing|erasing)/,
      },
      { heading: "Colours, and how sharp they are", from: transforms, files: /vision\/(colours|tones|blurring)/ },
      {
        heading: "Turned and distorted",
        from: transforms,
        files: /vision\/(turning|warping|augmenting|auto-augment|aug-mix|policies)/,
      },
    ],
  },
  "transforms-functional.md": {
    title: "Transforms as functions: transforms.functional",
    text: importing("transforms"),
    prefix: "transforms.functional.",
    sections: [{ heading: "Functions", from: "src/vision/functional/index.ts" }],
  },
  "datasets.md": {
    title: "Datasets of pictures",
    text: importing("MNIST, CIFAR10, ImageFolder, …", "lucidgrad/datasets"),
    prefix: "",
    sections: [
      {
        heading: "Published datasets",
        from: "src/data/datasets.ts",
        files: /datasets\/(mnist|cifar|svhn|stl10|options)/,
      },
      { heading: "Folders, and noise", from: "src/data/datasets.ts", files: /datasets\/(folder|fake-data)/ },
    ],
  },
  "files.md": {
    title: "Saving and loading",
    text: `${importing("saveTensors, loadTensors, …", "lucidgrad/files")}\n\nIn the examples, \`path\` is a file's.`,
    prefix: "",
    torch: "torch",
    sections: [{ heading: "Files", from: "src/files.ts" }],
  },
  "image.md": {
    title: "Pictures",
    text: `${importing("readImage, writePng, makeGrid, …", "lucidgrad/image")}\n\nIn the examples, \`path\` is a file's.`,
    prefix: "",
    sections: [{ heading: "Functions", from: "src/data/image.ts" }],
  },
  "models.md": {
    title: "Networks for pictures: models",
    text: `${importing("resnet18, createFeatureExtractor, …", "lucidgrad/models")}\n\nN is the number of pictures, H and W their size. From the same seed, each begins with torchvision's weights; trained ones are read from a file, as an error says when they are asked for. Small numbers of classes and small pictures keep the examples short.`,
    prefix: "",
    torch: "torchvision.models",
    only: "functions",
    sections: [
      { heading: "Networks", from: "src/models/index.ts", files: /models\/(?!feature)/ },
      { heading: "What a network computes on its way", from: "src/models/index.ts", files: /models\/feature/ },
    ],
  },
  "model-classes.md": {
    title: "Networks for pictures: their classes",
    text: `${importing("ResNet, VGG, …", "lucidgrad/models")}\n\nWhat the functions of [models](models.md) make.`,
    prefix: "",
    torch: "torchvision.models",
    only: "classes",
    sections: [{ heading: "Classes", from: "src/models/index.ts" }],
  },
  "ops.md": {
    title: "What networks for pictures are made of: ops",
    text: importing("ops", "lucidgrad/models"),
    prefix: "ops.",
    torch: "torchvision.ops",
    only: "classes",
    sections: [{ heading: "Blocks", from: "src/vision/ops/index.ts" }],
  },
  "ops-functions.md": {
    title: "What networks for pictures are made of: functions of ops",
    text: importing("ops", "lucidgrad/models"),
    prefix: "ops.",
    torch: "torchvision.ops",
    only: "functions",
    sections: [{ heading: "Functions", from: "src/vision/ops/index.ts" }],
  },
  "safetensors.md": {
    title: "The file format: safetensors",
    text: `${importing("safetensors")}\n\nBytes, not files; [files](files.md) are written and read by \`lucidgrad/files\`.`,
    prefix: "safetensors.",
    sections: [{ heading: "Functions", from: "src/data/formats/safetensors.ts" }],
  },
  "backend.md": {
    title: "Which kernels compute, on how many threads",
    text: importing("setBackend, setNumThreads, …"),
    prefix: "",
    torch: "torch",
    sections: [{ heading: "Functions", from: index, files: /kernels\/wasm/ }],
  },
};
