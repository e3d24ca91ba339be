"""PyTorch's side of the tests: runs the programs that torch.ts wrote down, and writes what they show and return.

`npm run answers` starts it: answers.py PROGRAMS ANSWERS, two files of JSON; with `float64` behind them, all that the programs
have in float32 is computed in float64, of the same numbers. A program is a list of steps that each make a
value: [3, "method", 2, "mul", [{"$": 1}, 0.5]] is value 3, the product of the values 2 and 1 times 0.5. Names become
PyTorch's by rule (logSoftmax, log_softmax), but for those in spelling.py.
"""

import functools
import json
import math
import re
import sys
import types
import warnings

import spelling
import torch

warnings.simplefilter("ignore")
NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def snake_case(name):
    return spelling.NAMES.get(name) or re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def resolve(path):
    """The function or class of that name: of spelling.py, torch, torch.nn, torch.optim, …"""
    *spaces, name = path.split(".")
    name = name if name[0].isupper() else snake_case(name)
    if hasattr(spelling, name):
        return getattr(spelling, name)
    found = torch
    for space in spaces:
        found = getattr(found, snake_case(space))
    return getattr(found, name)


def widened(x):
    """In float64 what was given, drawn or made in float32."""
    if isinstance(x, torch.nn.Module):
        return x.double()
    return x.double() if isinstance(x, torch.Tensor) and x.dtype == torch.float32 else x


class Program:
    def __init__(self, is_wide):
        self.values = {}
        self.made = widened if is_wide else lambda x: x

    def run(self, steps):
        for value, kind, *rest in steps:
            made = getattr(self, f"run_{kind}")(*rest)
            self.values[value] = list(made) if isinstance(made, types.GeneratorType) else self.made(made)

    def run_literal(self, stored):
        values = [NUMBERS.get(value, value) for value in stored["data"]]
        x = torch.tensor(values, dtype=spelling.DTYPES[stored["dtype"]])
        shape = stored["shape"]
        x = x.as_strided(shape, stored["strides"], stored["offset"]) if "strides" in stored else x.reshape(shape)
        return self.made(x.detach()).requires_grad_(stored["requiresGrad"])

    def run_call(self, path, args):
        return self.apply(resolve(path), snake_case(path.split(".")[-1]), args, path not in spelling.TAKES_DICT)

    def run_method(self, of, name, args):
        x, name = self.values[of], snake_case(name)
        if isinstance(x, torch.Tensor):
            places = (spelling.Methods, torch.Tensor, torch.nn.functional)  # softsign, say, is in the last alone
            run = functools.partial(next(getattr(place, name) for place in places if hasattr(place, name)), x)
        else:
            run = getattr(x, name)
        return self.apply(run, type(x).__name__ if name == "__call__" else name, args, name not in spelling.TAKES_DICT)

    def run_get(self, of, name):
        x = self.values[of]
        if isinstance(x, (list, tuple)) and name.isdigit():
            return x[int(name)]
        if isinstance(x, dict):
            return x[name] if name in x else x[int(name)] if name.isdigit() else x[snake_case(name)]
        return getattr(x, snake_case(name))

    def run_set(self, of, name, value):
        x = self.values[of]
        (x.__setitem__ if isinstance(x, dict) else x.__setattr__)(snake_case(name), self.argument(value))

    def apply(self, function, name, args, takes_options=True):
        """Calls it with arguments and, from a plain object at the end, options."""
        has_options = takes_options and args and isinstance(args[-1], dict) and not any(key.startswith("$") for key in args[-1])
        options = {**spelling.DEFAULTS.get(name, {}), **(self.argument(args[-1]) if has_options else {})}
        given = [self.argument(arg) for arg in (args[:-1] if has_options else args)]
        at = spelling.INDICES.get(name)
        return function(*[spelling.long(arg) if i == at else arg for i, arg in enumerate(given)], **options)

    def argument(self, arg):
        match arg:
            case list():
                return tuple(self.argument(item) for item in arg)
            case str():
                return spelling.WORDS.get(arg, arg)
            case {"$": value}:
                return self.values[value]
            case {"$number": text}:
                return NUMBERS[text] if text in NUMBERS else int(text)
            case {"$name": path}:
                return resolve(path)
            case {"$slice": bounds}:
                return slice(*bounds)
            case {"$lambda": [parameter, text]}:
                return eval(f"lambda {parameter}: {text}")
            case {"$function": body}:
                return self.function_of(body)
            case dict():
                return {snake_case(key): self.argument(value) for key, value in arg.items()}
        return arg

    def function_of(self, body):
        def run(*args):
            self.values.update(zip(body["params"], args))
            self.run(body["steps"])
            return self.argument(body["result"])

        return run


def encode(x):
    """What JSON can hold. Float32 numbers get as many digits as tell them apart: reading gives the same number."""
    if isinstance(x, torch.Tensor):
        x = torch.zeros(x.shape, dtype=x.dtype) if x._is_zerotensor() else x
        if x.dtype == torch.float32:
            return {"shape": list(x.shape), "data": encode([float(str(value)) for value in x.detach().numpy().reshape(-1)])}
        dtype = "int32" if x.dtype == torch.int64 else str(x.dtype).removeprefix("torch.")
        return {"shape": list(x.shape), "data": encode(x.detach().reshape(-1).tolist()), "dtype": dtype}
    if isinstance(x, int) and abs(x) >= 2**53:
        return str(x)  # a bigint there
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    if isinstance(x, dict):
        return {str(key): encode(item) for key, item in x.items()}
    if hasattr(x, "indices"):
        return {"values": encode(x.values), "indices": encode(x.indices)}
    return [encode(item) for item in x] if isinstance(x, (list, tuple)) else x


def outcome_of(program, is_wide):
    run = Program(is_wide)
    run.run(program["steps"])
    seen = [encode(run.values[value]) for value in program["observe"]]
    return [*seen, encode(run.argument(program["result"]))]


def main(programs, answers, dtype="float32"):
    if not torch.__version__.startswith("1.13"):
        sys.exit(f"The answers are those of PyTorch 1.13, but this is {torch.__version__}")
    with open(programs, encoding="utf-8") as file:
        cases = json.load(file)
    lines, failures = [], []
    for case in cases:
        try:
            answer = {**{key: case[key] for key in ("file", "name", "hash")}, "outcome": outcome_of(case["program"], dtype == "float64")}
            lines.append(json.dumps(answer, allow_nan=False))
        except Exception as problem:
            failures.append(f"{case['file']}: {case['name']}: {type(problem).__name__}: {problem}")
    with open(answers, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")
    if failures:
        sys.exit(f"PyTorch could not run {len(failures)} of {len(cases)} cases:\n" + "\n".join(failures))


if __name__ == "__main__":
    main(*sys.argv[1:])
