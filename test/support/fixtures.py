"""Writing what PyTorch computes into test/fixtures. The reading side is fixtures.ts, beside this file."""

import json
import math
import os

import torch

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")


def encode(value):
    """What JSON can hold. Float32 numbers get as many digits as tell them apart: reading gives the same number."""
    if isinstance(value, torch.Tensor):
        return encode_tensor(value.detach())
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


def encode_tensor(x):
    if x.dtype == torch.float32:
        return {"shape": list(x.shape), "data": encode([float(str(value)) for value in x.numpy().reshape(-1)])}
    # lucidgrad's whole numbers are int32
    dtype = "int32" if x.dtype == torch.int64 else str(x.dtype).removeprefix("torch.")
    return {"shape": list(x.shape), "data": encode(x.reshape(-1).tolist()), "dtype": dtype}


def message_of(function):
    """The text of the error that a call ends in."""
    try:
        function()
    except Exception as error:
        return str(error)
    raise AssertionError("no error")


def write(name, content):
    """One line for each item of a top-level list, or of the lists in a top-level object."""

    def lines(items):
        return "[\n" + ",\n".join(json.dumps(encode(item), allow_nan=False) for item in items) + "\n]"

    def member(key, value):
        return json.dumps(key) + ": " + (lines(value) if isinstance(value, list) else json.dumps(encode(value)))

    if isinstance(content, list):
        text = lines(content)
    else:
        text = "{\n" + ",\n".join(member(key, value) for key, value in content.items()) + "\n}"
    with open(os.path.join(FIXTURES, name), "w", encoding="utf-8") as file:
        file.write(text + "\n")
