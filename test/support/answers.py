"""PyTorch's side of the tests: runs the programs that torch.ts wrote down, and writes what they show and return.

`npm run answers` starts it: answers.py PROGRAMS ANSWERS, two files of JSON. A program is a list of steps that each make a
value: [3, "method", 2, "mul", [{"$": 1}, 0.5]] is value 3, the product of the values 2 and 1 times 0.5. Names become
PyTorch's by rule (logSoftmax, log_softmax), but for those in `spelled` and `methods`.
"""

import hashlib
import json
import math
import re
import sys
import types
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.simplefilter("ignore")
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32, "bool": torch.bool}
WORDS = {**DTYPES, "fanIn": "fan_in", "fanOut": "fan_out"}
NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def snake_case(name):
    return "T_max" if name == "tMax" else re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def long(x):
    """Whole numbers are int32 in lucidgrad; where they are indices PyTorch wants int64."""
    if isinstance(x, (list, tuple)):
        return type(x)(long(item) for item in x)
    return x.long() if isinstance(x, torch.Tensor) and x.dtype == torch.int32 else x


# What lucidgrad spells in another way ------------------------------------------------------------------------------


def floats(make):
    """Plain numbers are float32 unless asked otherwise, truths are bool."""

    def run(*args, dtype=None, **options):
        x = make(*args, dtype=dtype, **options)
        return x if dtype or x.dtype == torch.bool else make(*args, dtype=torch.float32, **options)

    return run


def likes(name):
    return lambda x, *args, **options: getattr(torch, name)(x.detach(), *args, **options)


def error(function, end=". "):
    try:
        function()
    except Exception as problem:
        return str(problem) if end is None else str(problem).split("\n")[0].split(end)[0]
    return "no error"


def unrecorded(function):
    with torch.no_grad():
        return function()


def recorded(function):
    with torch.enable_grad():
        return function()


def layout(x):
    return [stride if size > 1 else 0 for size, stride in zip(x.shape, x.stride())] + [x.storage_offset()]


def with_copies(function):
    with torch.autograd.graph.saved_tensors_hooks(lambda x: x.detach().clone(), lambda x: x):
        return function()


def gradient(x):
    return torch.zeros_like(x) if x.grad is None else x.grad


def gradients(y, xs):
    found = torch.autograd.grad(y, xs, allow_unused=True) if y.requires_grad else [None] * len(xs)
    return [torch.zeros_like(x) if dx is None else dx for x, dx in zip(xs, found)]


def digest(x):
    return hashlib.sha256(x.detach().numpy().tobytes()).hexdigest()


def state_of(optimizer):
    state = optimizer.state_dict()["state"]
    known = {i: {key: own[key] for key in sorted(own) if own[key] is not None} for i, own in state.items()}
    return {i: own for i, own in known.items() if own}


def custom(name, fields, extra_repr=""):
    module = type(name, (nn.Module,), {"extra_repr": lambda self: extra_repr})()
    for key, value in fields.items():
        if isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            module.register_buffer(key, value)
        else:
            setattr(module, key, nn.ModuleList(value) if isinstance(value, tuple) else value)
    return module


def arange(start, end=None, step=1, dtype=torch.float32, **options):
    return torch.arange(*((0, start) if end is None else (start, end)), step, dtype=dtype, **options)


def eye(n, m=None, **options):
    return torch.eye(n, n if m is None else m, **options)


def is_torch_name(name, _expected=True):
    found = sys.modules
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
    return found is not None


calls = {
    **{name: floats(getattr(torch, name)) for name in ("tensor", "full")},
    **{name: getattr(torch, name) for name in ("zeros", "ones", "rand", "randn", "linspace", "randint", "randperm")},
    "arange": arange,
    "eye": eye,
    "grad": lambda outputs, inputs, grad_outputs=None, **options: torch.autograd.grad(outputs, inputs, grad_outputs, **options),
    "noGrad": unrecorded,
    "enableGrad": recorded,
    "error": error,
    "layout": layout,
    "gradient": gradient,
    "gradients": gradients,
    "withCopies": with_copies,
    "stateOf": state_of,
    "custom": custom,
    "digest": digest,
    "isTorchName": is_torch_name,
    **{name: getattr(torch.autograd.functional, name) for name in ("jacobian", "hessian", "vjp", "jvp", "hvp")},
    "einsum": lambda equation, *operands: torch.einsum("..." if equation is Ellipsis else equation, *operands),
    "nn.ModuleDict": nn.ModuleDict,
    "nn.functional.embedding": lambda indices, weight, **options: F.embedding(long(indices), weight, **options),
    "nn.functional.crossEntropy": lambda x, target, **options: F.cross_entropy(x, long(target), **options),
    "nn.functional.nllLoss": lambda x, target, **options: F.nll_loss(x, long(target), **options),
}
takes_dict = ("nn.ModuleDict", "custom")  # as their last argument, where others have options


def slice_along(x, dim, start=None, end=None, step=None):
    return x[(slice(None),) * (dim % max(x.ndim, 1)) + (slice(start, end, step),)]


def reduce(name):
    def run(x, dim=None, **options):
        return getattr(torch, name)(x, **options) if dim is None and not options else getattr(torch, name)(x, dim, **options)

    return run


def extreme(name):
    return lambda x, *args, **options: getattr(torch, name)(x, *args, **options)


def with_long(name):
    return lambda x, *args, **options: getattr(torch.Tensor, name)(x, *[long(arg) for arg in args], **options)


def shifted(name):
    """scatter and its like: dim, index and only then values, which keep their dtype."""
    return lambda x, dim, index, *values, **options: getattr(torch.Tensor, name)(x, dim, long(index), *values, **options)


def variance(name):
    return lambda x, dim=None, correction=1, keepdim=False: getattr(torch, name)(x, dim, correction=correction, keepdim=keepdim)


def call_module(self, *args):
    return self(*[long(arg) if isinstance(self, (nn.Embedding, nn.CrossEntropyLoss, nn.NLLLoss)) else arg for arg in args])


def transpose(x):
    """Of a vector lucidgrad returns x itself: its gradient is that of the view."""
    y = x.t()
    if y.requires_grad:
        y.retain_grad()
    return y


def sort(x, dim=-1, descending=False):
    return torch.sort(x, dim=dim, descending=descending, stable=True)


methods = {
    "index": lambda x, *indices: x[tuple(long(i) for i in indices)],
    "slice": slice_along,
    "sort": sort,
    "t": transpose,
    "argsort": lambda x, *args, **options: sort(x, *args, **options).indices,
    "var": variance("var"),
    "std": variance("std"),
    **{name: reduce(name) for name in ("sum", "mean")},
    **{name: shifted(name) for name in ("gather", "scatter", "scatter_", "index_select", "index_add", "index_add_")},
    **{name: shifted(name) for name in ("scatter_add", "scatter_add_")},
    **{name: lambda x, i, *args, _name=name, **options: getattr(torch.Tensor, _name)(x, long(i), *args, **options) for name in ("index_put", "index_put_")},
    "to_array": torch.Tensor.tolist,
    "to_string": str,
    "forward": call_module,
    "zero_grad": lambda self, set_to_none=True: self.zero_grad(set_to_none=set_to_none),
}


def resolve(path):
    """The function or class of that name: of torch, torch.nn, torch.optim, …"""
    if path in calls:
        return calls[path]
    *spaces, name = path.split(".")
    found = torch
    for space in spaces:
        found = getattr(found, snake_case(space))
    name = name if name[0].isupper() else snake_case(name)
    return calls.get(name) or getattr(found, name)


# Running a program -------------------------------------------------------------------------------------------------


def literal_of(stored):
    values = [NUMBERS.get(value, value) for value in stored["data"]]
    data = torch.tensor(values, dtype=DTYPES[stored["dtype"]])
    x = data.as_strided(stored["shape"], stored["strides"], stored["offset"]) if "strides" in stored else data.reshape(stored["shape"])
    return x.detach().requires_grad_(stored["requiresGrad"])


class Program:
    def __init__(self):
        self.values = {}

    def argument(self, arg):
        if isinstance(arg, list):
            return tuple(self.argument(item) for item in arg)
        if isinstance(arg, str):
            return WORDS.get(arg, arg)
        if not isinstance(arg, dict):
            return int(arg) if isinstance(arg, float) and arg.is_integer() else arg
        if "$" in arg:
            return self.values[arg["$"]]
        if "$number" in arg:
            return NUMBERS[arg["$number"]]
        if "$slice" in arg:
            return slice(*arg["$slice"])
        if "$lambda" in arg:
            parameter, text = arg["$lambda"]
            return eval(f"lambda {parameter}: {text}")
        if "$function" in arg:
            return self.function_of(arg["$function"])
        return {snake_case(key): self.argument(value) for key, value in arg.items()}

    def function_of(self, body):
        def run(*args):
            self.values.update(zip(body["params"], args))
            self.run(body["steps"])
            return self.argument(body["result"])

        return run

    def arguments(self, args, takes_options):
        """Positional ones, and options from a plain object at the end."""
        is_options = takes_options and args and isinstance(args[-1], dict) and not any(key.startswith("$") for key in args[-1])
        given = [self.argument(arg) for arg in (args[:-1] if is_options else args)]
        given = [Ellipsis if isinstance(arg, str) and arg == "..." else arg for arg in given]
        return given, self.argument(args[-1]) if is_options else {}

    def run(self, steps):
        for value, kind, *rest in steps:
            made = getattr(self, f"run_{kind}")(*rest)
            self.values[value] = list(made) if isinstance(made, types.GeneratorType) else made

    def run_literal(self, stored):
        return literal_of(stored)

    def run_call(self, path, args):
        given, options = self.arguments(args, path not in takes_dict)
        return resolve(path)(*given, **options)

    def run_method(self, of, name, args):
        x, name = self.values[of], snake_case(name)
        given, options = self.arguments(args, True)
        run = methods.get(name) if isinstance(x, torch.Tensor) or name in ("forward", "to_string", "zero_grad") else None
        if isinstance(x, torch.Tensor) and not hasattr(x, name):
            run = run or getattr(F, name, None)  # softsign, say, is a function of layers alone there
        return run(x, *given, **options) if run else getattr(x, name)(*given, **options)

    def run_get(self, of, name):
        x = self.values[of]
        if isinstance(x, (list, tuple)) and name.isdigit():
            return x[int(name)]
        if isinstance(x, dict):
            return x[name] if name in x else x[int(name)] if name.isdigit() else x[snake_case(name)]
        return getattr(x, snake_case(name))

    def run_set(self, of, name, value):
        x = self.values[of]
        if isinstance(x, dict):
            x[snake_case(name)] = self.argument(value)
        else:
            setattr(x, snake_case(name), self.argument(value))


def encode(x):
    """What JSON can hold. Float32 numbers get as many digits as tell them apart: reading gives the same number."""
    if isinstance(x, torch.Tensor):
        x = torch.zeros(x.shape, dtype=x.dtype) if x._is_zerotensor() else x
        if x.dtype == torch.float32:
            return {"shape": list(x.shape), "data": encode([float(str(value)) for value in x.detach().numpy().reshape(-1)])}
        dtype = "int32" if x.dtype == torch.int64 else str(x.dtype).removeprefix("torch.")
        return {"shape": list(x.shape), "data": encode(x.detach().reshape(-1).tolist()), "dtype": dtype}
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    if isinstance(x, dict):
        return {str(key): encode(item) for key, item in x.items()}
    if hasattr(x, "_fields") or hasattr(x, "values") and hasattr(x, "indices"):
        return {"values": encode(x.values), "indices": encode(x.indices)}
    return [encode(item) for item in x] if isinstance(x, (list, tuple)) else x


def outcome_of(program):
    run = Program()
    run.run(program["steps"])
    seen = [encode(run.values[value]) for value in program["observe"]]
    return [*seen, encode(run.argument(program["result"]))]


def main(programs, answers):
    if not torch.__version__.startswith("1.13"):
        sys.exit(f"The answers are those of PyTorch 1.13, but this is {torch.__version__}")
    with open(programs, encoding="utf-8") as file:
        cases = json.load(file)
    lines, failures = [], []
    for case in cases:
        try:
            outcome = outcome_of(case["program"])
        except Exception as problem:
            failures.append(f"{case['file']}: {case['name']}: {type(problem).__name__}: {problem}")
        else:
            lines.append(json.dumps({**{key: case[key] for key in ("file", "name", "hash")}, "outcome": outcome}, allow_nan=False))
    with open(answers, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")
    if failures:
        sys.exit(f"PyTorch could not run {len(failures)} of {len(cases)} cases:\n" + "\n".join(failures))


if __name__ == "__main__":
    main(*sys.argv[1:])
