"""Minimising sum(p * p) with an optimizer, whose gradient p + p has no rounding: what differs is the optimizer's."""

import torch
from fixtures import encode

torch.manual_seed(0)
start = [torch.tensor([1.0, -2.0, 0.0]), torch.randn(3, 4), torch.tensor(0.3)]


def camel_case(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def settings_of(settings):
    return {camel_case(key): value for key, value in settings.items()}


def minimise(optimizer_class, name, settings, groups=None, changes=(), skipped=(), steps=6, dtype=torch.float32):
    """
    The case, with every parameter after every step; and the optimizer and its parameters at the end.

    groups: (indices of parameters, settings); changes: (step, group, new settings);
    skipped: (step, parameter) at which the parameter has no gradient. Steps count from 0.
    """
    params = [p.to(dtype, copy=True).requires_grad_() for p in start]
    groups = groups or [([0, 1, 2], {})]
    optimizer = optimizer_class([{"params": [params[i] for i in ids], **own} for ids, own in groups], **settings)
    values = []
    for step in range(steps):
        for at, group, changed in changes:
            if at == step:
                optimizer.param_groups[group].update(changed)
        optimizer.zero_grad(set_to_none=True)
        used = [p for i, p in enumerate(params) if (step, i) not in skipped]
        sum((p * p).sum() for p in used).backward()
        optimizer.step()
        values.append(encode(params))
    case = {
        "name": name,
        "dtype": str(dtype).removeprefix("torch."),
        "settings": settings_of(settings),
        "groups": [{"ids": ids, "settings": settings_of(own)} for ids, own in groups],
        "changes": [{"step": step, "group": group, "settings": settings_of(own)} for step, group, own in changes],
        "skipped": skipped,
        "values": values,
    }
    return case, optimizer, params
