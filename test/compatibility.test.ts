/** Every name of PyTorch's is here, or the table says why not; and who calls what is left out on purpose is told the same. */
import { describe, expect, it } from "vitest";
import { elsewhere } from "../docs/generate/compatibility/elsewhere.ts";
import { answersFor, matches, type Places, patternsOf, torchPlaces } from "../docs/generate/compatibility/match.ts";
import { makeCompatibility } from "../docs/generate/compatibility/page.ts";
import { reasons } from "../docs/generate/compatibility/reasons.ts";
import { makeShelf } from "../docs/generate/write.ts";
import { read } from "./support/tree.ts";

const places = torchPlaces();
const shelf = makeShelf();
const made = makeCompatibility(shelf);

/** The names of which nothing is said, and those of which more than one thing is. */
function faults(of: Places): string[] {
  const said = [...of].flatMap(([place, names]) =>
    names.map((name) => ({ path: `${place}.${name}`, answers: answersFor(place, name, shelf) })),
  );
  return said.flatMap(({ path, answers }) => {
    const all = answers.map((answer) => answer.title ?? answer.elsewhere?.code ?? answer.reason?.heading);
    return all.length === 1 ? [] : `${path}: ${all.join(" and ") || "neither here nor a reason"}`;
  });
}

describe("the table of compatibility", () => {
  it("is what `npm run docs` writes: run it", () => expect(made).toBe(read("docs/compatibility.md")));

  it("says one thing of every name of PyTorch's", () => {
    expect([...places.values()].flat().length).toBeGreaterThan(2000);
    expect(faults(places)).toEqual([]);
  });

  it("says so where a name has no reason, or has one and is here", () => {
    const names = new Map([["torch", ["abs", "abs_", "no_such_name", "cudnn_convolution"]]]);
    expect(faults(names)).toEqual(["torch.no_such_name: neither here nor a reason"]);
    expect(answersFor("torch", "dtype", shelf)).toEqual([{ title: "Tensor.dtype" }]);
    const [devices] = reasons.filter(({ heading }) => heading === "Devices");
    const both = [{ ...devices, names: { torch: "ab*" } }];
    expect(answersFor("torch", "abs", shelf, both)).toEqual([{ title: "abs" }, { reason: both[0] }]);
  });

  it("gives no reasons for names that PyTorch does not have", () => {
    const listed = reasons.flatMap(({ names }) => patternsOf(names));
    const isStale = (place: string, pattern: string) => !places.get(place)?.some((name) => matches(pattern, name));
    const stale = listed.flatMap((own) =>
      own.places.filter((place) => isStale(place, own.pattern)).map((place) => `${place}.${own.pattern}`),
    );
    expect(stale).toEqual([]);
    const known = new Set([...places].flatMap(([place, names]) => names.map((name) => `${place}.${name}`)));
    expect([...elsewhere.keys()].filter((path) => !known.has(path))).toEqual([]);
    expect([...elsewhere.values()].filter(({ place }) => place && !shelf.places.has(place))).toEqual([]);
  });

  it.each([
    ["torch.nn.functional.log_softmax", "[`nn.functional.logSoftmax`](api/nn-functional.md#nnfunctionallogsoftmax)"],
    ["torch.Tensor.masked_fill_", "[`Tensor.maskedFill`](api/operations.md#maskedfill)"],
    ["torch.nn.Module.register_buffer", "[`nn.Module.registerBuffer`](api/nn.md#nnmodule)"],
    ["torch.float64", '[`"float64"`](api/tensor.md#tensordtype)'],
    ["torch.func.jacrev", "[`func.jacrev`](api/func.md#funcjacrev)"],
  ])("has %s", (name, link) => {
    const rows = made.match(/^\| .*$/gm) ?? [];
    expect(rows.filter((row) => row.includes(`\`${name}\``)).map((row) => row.split(" | ")[1])).toEqual([`${link} |`]);
  });
});
