/**
 * Where a name of PyTorch's is here: what a comment mirrors, or by rule the same in camelCase; in other words, elsewhere.ts; or
 * why it is not, reasons.ts. Read next: page.ts.
 */
import { readFileSync } from "node:fs";
import type { Shelf } from "../write.ts";
import { type Elsewhere, elsewhere } from "./elsewhere.ts";
import { type Reason, reasons } from "./reasons.ts";

/** One of them: the name as users write it here, what to write instead, or a reason. */
export interface Answer {
  readonly title?: string;
  readonly elsewhere?: Elsewhere;
  readonly reason?: Reason;
}

/** Names of PyTorch's by the module or class that has them. */
export type Places = ReadonlyMap<string, readonly string[]>;

/** The public names of PyTorch 1.13 and torchvision 0.14, as names.py has found them. */
export function torchPlaces(): Places {
  const lines = readFileSync(new URL("names.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
  return new Map(
    lines.map((line) => {
      const [place, ...names] = line.split(" ");
      return [place, names];
    }),
  );
}

/** Everything that is said of a name. There should be one answer. */
export function answersFor(place: string, name: string, shelf: Shelf, whys: readonly Reason[] = reasons): Answer[] {
  const title = titleOf(place, name, shelf);
  const here = elsewhere.get(`${place}.${name}`);
  const found: Answer[] = whys.filter((reason) => isNamedBy(reason, place, name)).map((reason) => ({ reason }));
  if (here) found.unshift({ elsewhere: here });
  if (title !== undefined) found.unshift({ title });
  return found;
}

/** What users write before a name here, by where PyTorch has it; the first that has the name counts. */
const prefixes: Readonly<Record<string, readonly string[]>> = {
  torch: ["", "Tensor.", "nn.functional."],
  "torch.Tensor": ["Tensor.", "", "nn.functional."],
  "torch.nn.functional": ["nn.functional.", "Tensor.", ""],
  "torch.special": ["", "nn.functional.", "Tensor."],
  "torch.distributions": ["distributions.", "distributions.transforms."],
  "torch.autograd": [""],
  "torch.autograd.functional": [""],
  "torch.utils.data": [""],
  "torch.utils.checkpoint": [""],
  "torch.utils.tensorboard": [""],
  "torch.utils.tensorboard.SummaryWriter": ["SummaryWriter."],
  "torch.nn.utils.stateless": ["func."],
  functorch: ["func."],
  "torchvision.models": [""],
  "torchvision.models.feature_extraction": [""],
};

/** `torch.optim.lr_scheduler` has the names of `optim.lrScheduler`, where `prefixes` does not say it. */
const prefixesOf = (place: string): readonly string[] =>
  prefixes[place] ?? [`${camelCase(place.replace(/^torch(vision)?\./, ""))}.`];

/** `logSoftmax` of `log_softmax`; an underscore at the end stays. */
export const camelCase = (name: string): string =>
  name.replaceAll(/(?<=[a-zA-Z0-9])_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Dtypes and a module, which are not the methods of the same names. */
const noMethods = ["torch.bool", "torch.cpu", "torch.double", "torch.float", "torch.int"];

function titleOf(place: string, name: string, { mirrored, places }: Shelf): string | undefined {
  if (noMethods.includes(`${place}.${name}`)) return undefined;
  const titles = prefixesOf(place).map((prefix) => prefix + camelCase(name));
  return mirrored.get(`${place}.${name}`) ?? titles.find((title) => places.has(title));
}

/** @throws if a name has none */
export function reasonFor(place: string, name: string): string {
  const reason = reasons.find((own) => isNamedBy(own, place, name));
  if (!reason) throw new Error(`${place}.${name} has no reason`);
  return reason.why;
}

const isNamedBy = ({ names }: Reason, place: string, name: string): boolean =>
  patternsOf(names).some(({ places, pattern }) => places.includes(place) && matches(pattern, name));

/** What a reason lists, one by one. */
export const patternsOf = (names: Reason["names"]): { places: readonly string[]; pattern: string }[] =>
  Object.entries(names).flatMap(([places, list]) =>
    list
      .trim()
      .split(/\s+/)
      .map((pattern) => ({ places: places.split(" "), pattern })),
  );

/** `cudnn_*` is all that begin so. */
export const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace("*", ".*")}$`).test(name);
