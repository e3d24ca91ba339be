"""PyTorch's side of `npm run opinfo`: what PyTorch makes of its own test inputs, as records for main.ts.

records.py NAMES RECORDS [ENTRY …]: the names that lucidgrad has, as PyTorch spells them, one a line; the file to write, a
record of JSON a line; and which entries, if not all. PyTorch keeps its test inputs beside its tests: of operations (op_db), of layers (module_db) and of layers
and losses (common_nn). Arguments are bound to PyTorch's names for them, so that call.ts can put each where it belongs.
"""

import base64
import functools
import inspect
import itertools
import json
import math
import random
import re
import sys
import types
import warnings

import numpy
import torch
from torch import nn

warnings.simplefilter("ignore")


class TestCase:
    """PyTorch's tests need `expecttest` to be there, which they do not use here."""


sys.modules["expecttest"] = types.SimpleNamespace(TestCase=TestCase, ACCEPT=False)

from torch.testing._internal import common_nn  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402
from torch.testing._internal.common_modules import module_db  # noqa: E402
from torch.testing._internal.opinfo.core import BinaryUfuncInfo  # noqa: E402

DTYPES = {torch.float32: "float32", torch.float64: "float64", torch.int32: "int32", torch.bool: "bool"}
LARGEST = 16_000  # elements of a tensor: larger ones take long to write down, and find nothing that others do not
# How and where a tensor lies, which changes no number; sorting is stable in lucidgrad, and whole numbers are int32.
NOWHERE = ("device", "layout", "memory_format", "pin_memory", "requires_grad", "stable", "out_int32")


# What is compared of results. Singular vectors and eigenvectors may have either sign: their absolute values, and derivatives of
# those, have one. Of what was in memory only the shape and dtype is known.
THROUGH = {"svd": "abs", "eigh": "abs"}
THROUGH |= dict.fromkeys(("empty", "empty_like", "new_empty", "new_empty_strided"), "zeros_like")

# The first makes the matrix of two, the second gives a part of the result.
WRAPPED = ("linalg.pinv singular", "linalg.lstsq grad_oriented")


class NotHere(Exception):
    """Something that lucidgrad has no counterpart of."""


# Writing values down ---------------------------------------------------------------------------------------------------


def literal(x):
    """A tensor: its memory, and how it lies in it. Whole numbers of 64 bits are int32 in lucidgrad."""
    if x._is_zerotensor():
        x = torch.zeros(x.shape, dtype=x.dtype)
    if x.layout != torch.strided:
        raise NotHere("sparse")
    x = x.detach().resolve_neg()
    if x.dtype == torch.int64:
        if x.numel() > 0 and not -(2**31) <= x.min() <= x.max() < 2**31:
            raise NotHere("64 bits")
        x = x.int()
    if x.dtype not in DTYPES:
        raise NotHere(str(x.dtype))
    memory = torch.empty(0, dtype=x.dtype).set_(x.storage())
    if memory.numel() > LARGEST:
        raise NotHere("large")
    made = {"dtype": DTYPES[x.dtype], "shape": list(x.shape), "data": base64.b64encode(memory.numpy().tobytes()).decode()}
    isWhole = x.is_contiguous() and memory.numel() == x.numel()
    return made if isWhole else {**made, "strides": list(x.stride()), "offset": x.storage_offset()}


def written(x):
    if isinstance(x, torch.Tensor):
        return {"tensor": {**literal(x), "requiresGrad": x.requires_grad, **({"number": x.number} if hasattr(x, "number") else {})}}
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, (int, float)):
        return x if math.isfinite(x) else {"number": "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"}
    if isinstance(x, (list, tuple)):
        return [written(item) for item in x]
    if isinstance(x, slice):
        return {"slice": [x.start, x.stop, x.step]}
    if x is Ellipsis:
        return "..."
    if x in DTYPES:
        return DTYPES[x]
    raise NotHere(type(x).__name__)


# PyTorch's names of arguments ------------------------------------------------------------------------------------------


def fits(value, kind):
    if kind.startswith("Optional["):
        return value is None or fits(value, kind[len("Optional[") : -1])
    if kind.startswith("List["):
        inner = kind[len("List[") : -1]
        return all(fits(item, inner) for item in value) if isinstance(value, (list, tuple)) else fits(value, inner)
    if kind == "Tensor":
        return isinstance(value, torch.Tensor)
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return isinstance(value, (int, torch.dtype, torch.memory_format, torch.layout))
    if kind in ("number", "float"):
        return isinstance(value, (int, float))
    return isinstance(value, str) == (kind == "str")


def bound_to_schema(schema, args, options):
    """The arguments by name, and the names by place; nothing if they are not this function's."""
    known = {arg.name: arg for arg in schema.arguments}
    places = [arg.name for arg in schema.arguments if not arg.kwarg_only]
    given = dict(zip(places, args))
    given.update({"self" if name == "input" and "input" not in known else name: x for name, x in options.items()})
    missing = [name for name, arg in known.items() if name not in given and not arg.has_default_value()]
    if len(args) > len(places) or missing or "out" in known or not given.keys() <= known.keys():
        return None
    if not all(fits(x, str(known[name].type)) for name, x in given.items()):
        return None
    defaults = {name: arg.default_value for name, arg in known.items() if arg.has_default_value()}
    return given, places, defaults


def bound_to_function(function, args, options):
    signature = inspect.signature(function)
    given = dict(signature.bind(*args, **options).arguments)
    defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
    return given, list(signature.parameters), defaults


UNIQUE = ["input", "sorted", "return_inverse", "return_counts", "dim"]
OWN = {"unique": UNIQUE, "index": ["self", "indices"], "einsum": ["equation", "operands"], "randn": ["size"]}
OWN = {**OWN, "nonzero": ["input", "as_tuple"], "nn.functional.logsigmoid": ["input"]}


def found(path):
    x = torch
    for name in path.split("."):
        x = getattr(x, name, None)
    return x


def bound(name, args, options):
    """A call's arguments under PyTorch's names for them."""
    if name in OWN:
        return {**dict(zip(OWN[name], args)), **options}, OWN[name], {}
    last = name.split(".")[-1]
    functions = [getattr(nn.functional, f"_{last}", None), found(name)]
    python = next((f for f in functions if inspect.isfunction(f) and "args" not in inspect.signature(f).parameters), None)
    if python:
        return bound_to_function(python, args, options)
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name.replace('linalg.', 'linalg_').split('.')[-1]}"):
        if binding := bound_to_schema(schema, args, options):
            return binding
    raise NotHere(f"signature of {name}")


def call(name, args, options):
    return called_with(name, *bound(name, args, {key: x for key, x in options.items() if key not in NOWHERE}))


def called_with(name, given, places, defaults):
    arguments = [
        {
            "name": key,
            "place": places.index(key) if key in places else None,
            "value": written(x),
            "isDefault": key in defaults and not isinstance(x, torch.Tensor) and x == defaults[key],
        }
        for key, x in given.items()
    ]
    return {"name": name, "arguments": arguments, "places": places}


# What PyTorch computes -------------------------------------------------------------------------------------------------


def fresh(x, known=None):
    """The same in memory of its own, and a leaf; what is one tensor is one again."""
    known = {} if known is None else known
    if isinstance(x, torch.Tensor):
        if id(x) in known:
            return known[id(x)]
        if x.layout != torch.strided:
            raise NotHere("sparse")
        y = torch.empty(0, dtype=x.dtype).set_(x.detach().storage().clone(), x.storage_offset(), x.shape, x.stride())
        known[id(x)] = y.requires_grad_(x.requires_grad)
        return y
    if isinstance(x, (list, tuple)):
        return type(x)(fresh(item, known) for item in x)
    return {key: fresh(item, known) for key, item in x.items()} if isinstance(x, dict) else x


def tensors(x):
    """All tensors in a value, in order, one that is there twice twice."""
    if isinstance(x, torch.Tensor):
        return [x]
    items = x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else []
    return [tensor for item in items for tensor in tensors(item)]


def upstream(xs):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(x.shape, generator=generator, dtype=x.dtype).requires_grad_() for x in xs]


def gradients(outputs, leaves, upstreams):
    found = torch.autograd.grad(outputs, leaves, upstreams, create_graph=True, allow_unused=True)
    return [x if x is not None else torch.zeros_like(leaf) for x, leaf in zip(found, leaves)]


def derivatives(outputs, leaves):
    """Gradients for random gradients of the outputs, and the gradients of those: as far as PyTorch has them."""
    made = {}
    outputs = [y for y in outputs if y.requires_grad]
    if not outputs:
        return made
    try:
        above = upstream(outputs)
        first = gradients(outputs, leaves, above)
        made["first"] = {"upstream": [literal(x) for x in above], "gradients": [literal(x) for x in first]}
        reached = [x for x in first if x.requires_grad]
        leaves = leaves + above
        above = upstream(reached)
        second = gradients(reached, leaves, above)
        reaching = [x.requires_grad for x in first]
        made["second"] = {"reaching": reaching, "upstream": [literal(x) for x in above], "gradients": [literal(x) for x in second]}
    except RuntimeError:
        pass  # there is no derivative of that, or none of the derivative
    return made


def outcome(function, args, options, parameters=()):
    """What a call gives, with its derivatives, or its error."""
    args, options = fresh([args, options])
    torch.manual_seed(42)  # as PyTorch's entries for random numbers do
    try:
        result = function(*args, **options)
        outputs = tensors(torch.tensor(result) if isinstance(result, bool) else result)
        if not outputs:
            raise NotHere(type(result).__name__)
        values = [literal(y) for y in outputs]
    except NotHere:
        raise
    except Exception as problem:
        if "descriptor" in str(problem):
            raise NotHere("Python's operators") from problem
        return {"error": str(problem).split("\n")[0]}
    leaves = list(dict.fromkeys(x for x in [*tensors([args, options]), *parameters] if x.requires_grad))
    return {"values": values, "requiresGrad": [y.requires_grad for y in outputs], **derivatives(outputs, leaves)}


# Operations ------------------------------------------------------------------------------------------------------------

RENAMED = {"rand_like": "randn_like", "uniform": "uniform_", "__radd__": "add", "__rmul__": "mul", "__getitem__": "index"}
CASTS = {"bool": torch.bool, "float": torch.float32, "double": torch.float64, "int": torch.int32}


def called(name, args, options):
    """The public name of an entry and its arguments, which some entries take in another order."""
    first, *others = args
    if name in CASTS:
        return "to", [first, CASTS[name]], {}
    if name == "to":
        return name, [first, next((x for x in others if isinstance(x, torch.dtype)), None)], {}
    if name == "where":
        return name, [others[0], first, *others[1:]], options
    if name in ("nn.functional.embedding", "nn.functional.embedding_bag", "einsum"):
        return name, [others[0], first], options
    if name == "meshgrid" and isinstance(first, (list, tuple)):
        return name, list(first), options
    if name == "__getitem__":
        return "index", [first, indices_of(others[0])], options
    if name.startswith("polygamma"):
        return name, [], {"self": first, **({"n": others[0]} if others else {}), **options}
    if name in ("std", "var", "std_mean", "var_mean"):
        unbiased = options.get("unbiased", others.pop() if others and isinstance(others[-1], bool) else None)
        given = {key: x for key, x in options.items() if key != "unbiased"}
        return name, [first, *others], given if unbiased is None else {"dim": None, **given, "correction": int(unbiased)}
    if name in ("arange", "randint_like") and len(others) < (1 if name == "arange" else 2):
        return name, ([0, first] if name == "arange" else [first, 0, *others]), options
    return RENAMED.get(name, name), list(args), options


def indices_of(index):
    """A list of whole numbers is one index, as if it were a tensor; other lists are as tuples."""
    if isinstance(index, list) and all(isinstance(i, int) for i in index):
        return [torch.tensor(index)]
    return [torch.tensor(i) if isinstance(i, list) else i for i in (index if isinstance(index, (tuple, list)) else [index])]


def in_place(method):
    def run(x, *args, **options):
        return method(x.clone(), *args, **options)

    return run


def seen_through(through, function):
    return lambda *args, **options: [getattr(torch, through)(y) for y in tensors(function(*args, **options))]


def record(entry, dtype, kind, name, function, sample):
    args = (sample.input, *sample.args)
    if any(x.numel() > LARGEST for x in tensors([args, sample.kwargs])):
        raise NotHere("large")
    if entry in WRAPPED:
        raise NotHere("another function of that name")
    for number, x in enumerate(tensors([args, sample.kwargs])):
        x.number = number
    to_call = call(*called(name, args[::-1] if entry == "normal number_mean" else args, sample.kwargs))
    made = {"entry": entry, "dtype": dtype, "kind": kind, "call": to_call}
    through = THROUGH.get(name.removeprefix("linalg."))
    if through:
        return {**made, "through": through, "outcome": outcome(seen_through(through, function), args, sample.kwargs)}
    return {**made, "outcome": outcome(function, args, sample.kwargs)}


def seeded(make):
    torch.manual_seed(0)
    random.seed(0)
    numpy.random.seed(0)
    return list(make)


def with_dtypes(sample, own, others):
    """The same sample with the input of one dtype, and the other tensors of another."""

    def cast(x, dtype):
        if isinstance(x, torch.Tensor):
            return x.detach().to(dtype) if x.is_floating_point() else x
        return type(x)(cast(item, dtype) for item in x) if isinstance(x, (list, tuple)) else x

    made = types.SimpleNamespace(input=cast(sample.input, own), args=cast(sample.args, others))
    made.kwargs = {key: cast(x, others) for key, x in sample.kwargs.items()}
    return made


def inputs_of(op, dtype, grad):
    try:
        return seeded(op.reference_inputs("cpu", dtype, requires_grad=grad))
    except ValueError:  # PyTorch's own mistake in some of them
        return seeded(op.sample_inputs("cpu", dtype, requires_grad=grad))


def samples_of(op):
    """All that is asked of an operation: kind, dtype, function, name, sample."""
    for dtype in DTYPES if op.dtypes & DTYPES.keys() else [torch.int64]:
        grad = op.supports_autograd and dtype.is_floating_point
        if dtype in op.dtypes:
            for sample in inputs_of(op, dtype, grad):
                yield "sample", dtype, op.name, op.op, sample
                if op.inplace_variant and isinstance(sample.input, torch.Tensor):
                    last = op.name.split(".")[-1].removesuffix("_")
                    yield "in place", dtype, f"{last}_", in_place(op.inplace_variant), sample
    if torch.float32 not in op.dtypes:
        return
    few = seeded(op.sample_inputs("cpu", torch.float32))[:8]
    for own in DTYPES:
        for others in DTYPES if isinstance(op, BinaryUfuncInfo) else [own]:
            for sample in few if own not in op.dtypes or own != others else []:
                yield "dtypes", own, op.name, op.op, with_dtypes(sample, own, others)


def error_samples_of(op):
    for problem in seeded(op.error_inputs("cpu")) if op.error_inputs_func else []:
        yield "error", torch.float32, op.name, op.op, problem.sample_input


def is_here(name, names):
    if name == "nn.functional.unfold":  # another function than unfold
        return False
    return bool({name, name.removeprefix("nn.functional."), RENAMED.get(name), name in CASTS and "to"} & names)


def records_of(op, names):
    """Of an operation that lucidgrad has: records, and reasons where there can be none."""
    for kind, dtype, name, function, sample in [*samples_of(op), *error_samples_of(op)]:
        try:
            if is_here(name, names):
                title = f"{op.name} {op.variant_test_name}".strip()
                yield record(title, DTYPES.get(dtype, "int32"), kind, name, function, sample)
        except NotHere as reason:
            yield {"entry": op.name, "missing": str(reason)}
        except Exception as problem:
            yield {"entry": op.name, "missing": f"{type(problem).__name__}: {problem}"}


# Layers and losses -----------------------------------------------------------------------------------------------------


def module_samples():
    """Name, what makes it, its arguments and options, its inputs, and whether it trains."""
    for info in module_db:
        for training in (True, False):
            make = functools.partial(info.module_inputs_func, info, device="cpu", dtype=torch.float32, requires_grad=True)
            for sample in seeded(make(training=training)):
                of, inputs = sample.constructor_input, sample.forward_input
                if not inputs.kwargs:
                    yield info.module_cls, of.args, of.kwargs, inputs.args, training
    for params in [*common_nn.module_tests, *common_nn.new_module_tests, *common_nn.criterion_tests]:
        params = dict(params)
        name = params.pop("module_name", params.get("fullname", "").split("_")[0])
        params.setdefault("constructor", getattr(nn, name, None))
        is_loss = any(key.startswith("target") for key in params)
        torch.manual_seed(0)
        test = (common_nn.CriterionTest if is_loss else common_nn.NewModuleTest)(**params)
        of, args, options = made_by(test.constructor, test.constructor_args)
        given = [test._get_input(), *([test._get_target()] if is_loss else []), *test.extra_args]
        inputs = [x for item in given for x in (item if isinstance(item, tuple) else (item,))]
        for training in (True, False):
            yield of, args, options, inputs, training


def made_by(constructor, args):
    """The class of what it makes, and what that was given."""
    calls = []
    of = type(constructor(*args))
    initialize = of.__init__

    def watched(self, *given, **options):
        calls.append((given, options))
        initialize(self, *given, **options)

    of.__init__ = watched
    constructor(*args)
    of.__init__ = initialize
    return of, *calls[0]


def init_arguments(of, module, args, options):
    """Recurrent layers hand theirs on to their base, which has the names."""
    if not issubclass(of, nn.RNNBase):
        return bound_to_function(of.__init__, [module, *args], options)
    own = {key: x for key, x in options.items() if key == "nonlinearity"}
    others = {key: x for key, x in options.items() if key not in own}
    given, places, defaults = bound_to_function(nn.RNNBase.__init__, [module, module.mode, *args], others)
    del given["mode"]
    return {**given, **own}, [place for place in places if place != "mode"], defaults


def module_record(of, args, options, inputs, training, dtype):
    def cast(x):
        if isinstance(x, tuple):
            return tuple(cast(item) for item in x)
        return x.detach().to(dtype).requires_grad_(x.requires_grad) if isinstance(x, torch.Tensor) and x.is_floating_point() else x

    args, options, inputs = [cast(x) for x in args], {key: cast(x) for key, x in options.items()}, [cast(x) for x in inputs]
    torch.manual_seed(0)
    module = of(*args, **options).to(dtype).train(training)
    given, places, defaults = init_arguments(of, module, args, options)
    del given["self"]
    for number, x in enumerate(tensors(inputs)):
        x.number = number
    made = {
        "entry": f"nn.{of.__name__}",
        "dtype": DTYPES[dtype],
        "kind": "layer, training" if training else "layer",
        "training": training,
        "call": called_with(f"nn.{of.__name__}", given, places[1:], defaults),
        "inputs": [written(x) for x in inputs],
        "state": {name: literal(x) for name, x in module.state_dict().items()},
        "text": str(module),
    }
    made["outcome"] = outcome(module, inputs, {}, list(module.parameters()))
    return {**made, "after": {name: literal(x) for name, x in module.state_dict().items()}}


def module_records(names, wanted):
    for of, *sample in module_samples():
        name = f"nn.{of.__name__}"
        if name not in names or (wanted and name not in wanted):
            continue
        for dtype in (torch.float32, torch.float64):
            try:
                yield module_record(of, *sample, dtype)
            except Exception as problem:
                yield {"entry": of.__name__, "missing": f"{type(problem).__name__}: {problem}"}


def main(names, path, *wanted):
    with open(names, encoding="utf-8") as file:
        names = set(file.read().split())
    entries = [op for op in op_db if is_here(op.name, names) and (not wanted or op.name in wanted)]
    database = {"database": sorted({op.name for op in op_db if not wanted or op.name in wanted})}
    records = itertools.chain([database], *(records_of(op, names) for op in entries), module_records(names, wanted))
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(made) + "\n" for made in records)


if __name__ == "__main__":
    main(*sys.argv[1:])
