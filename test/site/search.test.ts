/** What counts as a word, and that the search finds it. */
import MiniSearch from "minisearch";
import { expect, it } from "vitest";
import { type Entry, options, words } from "../../docs/site/search.ts";

it("words are names as a whole, and two neighbours of Chinese", () => {
  expect(words("nn.BatchNorm1d, log_softmax(x)")).toEqual(["nn", "BatchNorm1d", "log_softmax", "x"]);
  expect(words("批归一化 (batch norm)")).toEqual(["batch", "norm", "批归", "归一", "一化"]);
  expect(words("第 5 章")).toEqual(["5", "第", "章"]);
});

it("finds a heading first, parts of words, misspelt words, and Chinese inside of a sentence", () => {
  const index = new MiniSearch<Entry>(options);
  index.addAll([
    { id: "a", heading: "Convolution", page: "Layers", text: "A window slides." },
    { id: "b", heading: "Padding", page: "Layers", text: "Before a convolution zeros are put around the picture." },
    { id: "c", heading: "为什么有用", page: "批归一化", text: "它让学习率不再那么要紧。" },
  ]);
  const find = (query: string) => index.search(query).map(({ id }) => id);
  expect(find("convolution")).toEqual(["a", "b"]);
  expect(find("convol")).toEqual(["a", "b"]);
  expect(find("convoluton zeros")).toEqual(["b"]);
  expect(find("归一化")).toEqual(["c"]);
  expect(find("学习率")).toEqual(["c"]);
  expect(find("率学")).toEqual([]);
});
