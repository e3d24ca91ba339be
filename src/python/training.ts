/** What a model is trained with, in Python: a loss, an optimizer and a schedule of its learning rate, with their options. */
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { layerInPython } from "./layers.ts";
import { literal, snakeCase } from "./literals.ts";

/** An optimizer of optim. */
export interface Descent {
  /** Its groups. */
  readonly paramGroups: readonly TrainedGroup[];
}

/** Parameters, and with what settings they are trained. */
export interface TrainedGroup {
  /** The parameters. */
  readonly params: readonly Tensor[];
  /** The learning rate. */
  readonly lr?: number;
  /** That of the start, if there is a schedule. */
  readonly initialLr?: number;
}

/** A schedule of optim.lrScheduler. */
export interface Scheduling {
  /** Whose learning rates these are. */
  readonly optimizer: Descent;
}

/** What makes a loss. @throws unless it is one of nn */
export const lossInPython = (loss: Module): string =>
  layerInPython(loss, "the loss", () => {
    throw new Error("a loss of other layers cannot be written in Python yet");
  });

/**
 * What makes an optimizer of the parameters of `model`: of all, or of groups with settings of their own.
 * @throws for a parameter that is none of the model's
 */
export function optimizerInPython(optimizer: Descent, model: Module): string {
  const { name } = optimizer.constructor;
  const names = new Map(model.namedParameters().map(([path, parameter]): [Tensor, string] => [parameter, path]));
  const groups = optimizer.paramGroups.map((group) => ({
    settings: settingsText(group),
    params: group.params.map((parameter) => {
      const path = names.get(parameter);
      check(path !== undefined, "the optimizer has a parameter that is none of the model's");
      return path;
    }),
  }));
  const [first] = groups;
  if (groups.length === 1 && first.params.length === names.size) {
    return `torch.optim.${name}(model.parameters(), ${first.settings.join(", ")})`;
  }
  const lines = groups.map(({ settings, params }) => {
    const dict = settings.map((setting) => setting.replace(/^(\w+)=/, '"$1": '));
    return `        {"params": [${params.map((path) => `named["${path}"]`).join(", ")}], ${dict.join(", ")}},\n`;
  });
  return `torch.optim.${name}([\n${lines.join("")}    ], lr=${literal(lrOf(optimizer.paramGroups[0]))})`;
}

const lrOf = ({ initialLr, lr }: TrainedGroup): number | undefined => initialLr ?? lr;

/** The settings of a group: its learning rate is that of the start, which a schedule begins with. */
const settingsText = (group: TrainedGroup): string[] =>
  Object.entries({ ...group, lr: lrOf(group) })
    .filter(([key, value]) => key !== "params" && key !== "initialLr" && value !== undefined)
    .map(([key, value]) => `${snakeCase(key)}=${literal(value)}`);

/** Schedules that go on with each step; the others do after each epoch. */
const ofSteps: ReadonlySet<string> = new Set(["OneCycleLR", "CyclicLR"]);

export const isOfSteps = (schedule: Scheduling): boolean => ofSteps.has(schedule.constructor.name);

/** What makes a schedule of `optimizer`. @throws for one of functions, or of other schedules */
export function scheduleInPython(schedule: Scheduling): string {
  const { name } = schedule.constructor;
  const { settings } = schedule as unknown as { settings?: Readonly<Record<string, unknown>> | null };
  check(settings !== null, () => `the functions of a ${name} cannot be written in Python: write it in train.py`);
  check(settings !== undefined, () => `a ${name} cannot be written in Python yet: write it in train.py`);
  const args = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `, ${capitals[key] ?? snakeCase(key)}=${listOr(value)}`);
  return `torch.optim.lr_scheduler.${name}(optimizer${args.join("")})`;
}

/** Options of schedules that have capital letters in Python. */
const capitals: Readonly<Record<string, string>> = { tMax: "T_max", t0: "T_0", tMult: "T_mult" };

/** Where there is one for each group, Python wants a list. */
const listOr = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : literal(value);
