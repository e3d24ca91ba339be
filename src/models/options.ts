/** What all models are told. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";

/** Options of all models. */
export interface ModelOptions {
  /** How many classes there are. Default: 1000, those of ImageNet. */
  numClasses?: Int;
  /** Refused, with advice where to get them: trained weights are read from a file. Default: null. */
  weights?: unknown;
  /** The older name of `weights`. Default: false. */
  pretrained?: unknown;
}

export const modelDefaults = { numClasses: 1000, weights: null, pretrained: false } as const;

/** readOptions for models. @throws if weights are asked for, and says where they are */
export function readModelOptions<Options extends ModelOptions>(
  given: Options | undefined,
  defaults: Required<Omit<Options, keyof ModelOptions>>,
): Required<Options> {
  const settings = readOptions(given, { ...modelDefaults, ...defaults } as unknown as Required<Options>);
  const advice =
    "Trained weights are not downloaded here. In Python, write them into a file, " +
    'torch.save(torchvision.models.resnet18(weights="DEFAULT").state_dict(), "resnet18.pth"), and read it into a model of the ' +
    'same kind, model.loadStateDict(load("resnet18.pth")), with load of "lucidgrad/files"';
  check(!settings.weights && !settings.pretrained, advice);
  return settings;
}
