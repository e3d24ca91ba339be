"""What PyTorch 1.13 and torchvision 0.14 have: a line for each place, with the public names in it.

    python3 docs/generate/compatibility/names.py > docs/generate/compatibility/names.txt

Public is what a module lists in __all__, or else has without an underscore and not merely imported, such as typing.List.
Constants and modules are only those of torch itself. The types of its compiler, which nobody has documented, are left out.
"""

import ast
import importlib
import importlib.util
import inspect

PLACES = """
torch torch.Tensor torch.nn torch.nn.Module torch.nn.functional torch.nn.init torch.nn.utils torch.nn.utils.rnn
torch.nn.utils.parametrize torch.nn.utils.parametrizations torch.nn.utils.prune torch.nn.utils.stateless torch.optim
torch.optim.lr_scheduler torch.optim.swa_utils torch.utils.data torch.utils.checkpoint torch.distributions
torch.distributions.constraints torch.linalg torch.special torch.fft torch.autograd torch.autograd.functional
torch.autograd.graph torch.autograd.profiler functorch torchvision.transforms torchvision.transforms.functional
torchvision.models torchvision.models.feature_extraction torchvision.ops
""".split()
# What loops have left behind, what the modules help themselves with, and enumerations.
NOISE = set("DType T_destination assert_int_or_pair attr candidate classes classproperty cpp dump_patches name obj ops utils".split())
# What functorch has become.
NEWER = "functional_call functionalize grad grad_and_value hessian jacfwd jacrev jvp linearize stack_module_state vjp vmap".split()
HIDDEN = {"pybind11_type", "str", "tuple", "dict", "NoneType", "AggregationType", "MobileOptimizerType", "_Ops", "_Classes"}


def find(path):
    parent, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(parent), name)


def is_own(place, value):
    """Whether a module has it from itself, or, as a package, from within."""
    home = getattr(value, "__module__", None) or type(value).__module__
    if inspect.isbuiltin(value):
        return home.split(".")[0] in ("builtins", "torch") and "torch_function" not in value.__name__
    return home.startswith(place.__name__) if hasattr(place, "__path__") else home == place.__name__


def is_public(place, name, value):
    if name.startswith("_") or name in NOISE:
        return False
    if inspect.isclass(place):
        return True
    if type(value).__name__ in HIDDEN:
        return False
    if inspect.ismodule(value):
        return place.__name__ == "torch" and value.__name__.startswith("torch.")
    if isinstance(value, (bool, float)):
        return place.__name__ == "torch" and (name.startswith("has_") or isinstance(value, float))
    return name in getattr(place, "__all__", ()) or is_own(place, value)


def names_of(path):
    place = find(path)
    names = {*getattr(place, "__all__", ()), *dir(place)} if inspect.ismodule(place) else set(dir(place))
    return sorted(name for name in names if is_public(place, name, getattr(place, name, None)))


def methods_in_source(module, class_name):
    """Of a class that needs a package that may not be there."""
    with open(importlib.util.find_spec("torch").submodule_search_locations[0] + module) as file:
        classes = [node for node in ast.parse(file.read()).body if isinstance(node, ast.ClassDef)]
    (found,) = [node for node in classes if node.name == class_name]
    return sorted(node.name for node in found.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_")


for path in PLACES:
    print(path, *names_of(path))
print("torch.func", *NEWER)
print("torch.utils.tensorboard SummaryWriter")
print("torch.utils.tensorboard.SummaryWriter", *methods_in_source("/utils/tensorboard/writer.py", "SummaryWriter"))
