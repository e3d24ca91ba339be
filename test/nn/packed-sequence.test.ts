/** Sequences of different lengths, padded and packed, as PyTorch does it; and back. */
import { describe, expect, it } from "vitest";
import { nn, ones, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, choicesOf, expectExact, product, torch } from "../support/index.ts";

const answers = new Answers("packed_sequence");
const { packPaddedSequence, packSequence, padPackedSequence, padSequence, unpackSequence, unpadSequence } =
  torch.nn.utils.rnn;
type PackedSequence = nn.utils.rnn.PackedSequence;

const partsOf = ({ data, batchSizes, sortedIndices, unsortedIndices }: PackedSequence) => [
  ...[data, batchSizes, sortedIndices, unsortedIndices],
];

/** Numbers that tell where they were. */
const batch = (...shape: number[]): Tensor =>
  torch
    .arange(shape.reduce((a, b) => a * b, 1))
    .view(shape)
    .requiresGrad_();

const weighed = (y: Tensor): Tensor => y.mul(torch.arange(y.numel).add(1).view(y.shape)).sum();

describe("packPaddedSequence:", () => {
  const cases = product(
    choicesOf({ batchFirst: [false, true] }),
    [[], [2]],
    [
      { lengths: [3, 2, 2], enforceSorted: true },
      { lengths: [1, 3, 1], enforceSorted: false },
      { lengths: [2, 1, 2], enforceSorted: false },
      { lengths: [2, 2, 2], enforceSorted: true },
    ],
  );
  for (const [options, rest, { lengths, enforceSorted }] of cases) {
    const title = `lengths ${lengths}, ${JSON.stringify({ ...options, enforceSorted })}, of [${rest}]`;
    answers.it(`${title}, and back`, () => {
      const x = batch(3, 3, ...rest);
      const packed = packPaddedSequence(x, lengths, { ...options, enforceSorted });
      const padded = padPackedSequence(packed, { ...options, paddingValue: -1 });
      weighed(packed.data).add(weighed(padded[0])).backward();
      return [partsOf(packed), padded, torch.layout(padded[0]), x.grad];
    });
  }

  answers.each({
    "lengths in a tensor, and whole numbers": () => {
      const lengths = torch.tensor([2, 4], { dtype: "int32" });
      const x = torch.arange(8, undefined, 1, { dtype: "int32" }).view(2, 4);
      return partsOf(packPaddedSequence(x, lengths, { batchFirst: true, enforceSorted: false }));
    },
    "a longer total length": () =>
      padPackedSequence(packPaddedSequence(batch(4, 2), [3, 2]), { totalLength: 5, paddingValue: 0.5 }),
    "another dtype": () => partsOf(packPaddedSequence(batch(2, 2), [1, 2], { enforceSorted: false }).to("float64")),
  });
});

describe("padSequence:", () => {
  const some = () => [batch(2, 2), batch(3, 2), batch(1, 2)];
  for (const options of choicesOf({ batchFirst: [false, true], paddingValue: [undefined, -2.5] }))
    answers.it(JSON.stringify(options), () => {
      const xs = some();
      const y = padSequence(xs, options);
      weighed(y).backward();
      return [y, torch.layout(y), xs.map(({ grad }) => grad)];
    });
  answers.each({
    "numbers, of which one sequence has none": () => padSequence([torch.ones(2), torch.zeros(0)]),
    "sequences that are repeated": () => padSequence([batch(2, 3), batch(1, 1)]),
    "another dtype, as the first": () => [
      padSequence([torch.ones(2), torch.ones(3, { dtype: "float64" })]),
      padSequence([torch.ones(2, { dtype: "int32" }), torch.ones(1).mul(1.5)]),
    ],
    packSequence: () => partsOf(packSequence([batch(3), batch(2)])),
    "packSequence, not sorted": () => partsOf(packSequence(some(), { enforceSorted: false })),
    unpackSequence: () => unpackSequence(packSequence(some(), { enforceSorted: false })),
    unpadSequence: () =>
      unpadSequence(padSequence(some(), { batchFirst: true }), torch.tensor([2, 3, 1]), { batchFirst: true }),
    "unpadSequence, steps first": () => unpadSequence(padSequence(some().map((x) => x.detach())), [2, 3, 7]),
  });
});

describe("refusals, in PyTorch's words:", () => {
  const x = () => torch.zeros([5, 2, 3]);
  const calls: Record<string, () => unknown> = {
    "too few lengths": () => packPaddedSequence(x(), [3]),
    "lengths that are not sorted": () => packPaddedSequence(x(), [3, 4]),
    "a length of 0": () => packPaddedSequence(x(), [3, 0]),
    "a negative length, sorted": () => packPaddedSequence(x(), [4, -1], { enforceSorted: false }),
    "no sequences": () => packPaddedSequence(torch.zeros([5, 0, 3]), []),
    "no steps": () => packPaddedSequence(torch.zeros([0, 2, 3]), [0, 0]),
    "a matrix of lengths": () => packPaddedSequence(x(), torch.ones([1, 2], { dtype: "int32" })),
    "one dimension": () => packPaddedSequence(torch.zeros(3), [1]),
    "a total length that is too short": () => padPackedSequence(packPaddedSequence(x(), [3, 2]), { totalLength: 2 }),
    "padSequence of none": () => padSequence([]),
    "padSequence of other sizes": () => padSequence([torch.zeros([2, 3]), torch.zeros([2, 4])]),
    "padSequence of other ranks": () => padSequence([torch.zeros(2), torch.zeros([2, 1])]),
    "padSequence of a number": () => padSequence([torch.zeros([])]),
    "packSequence of none": () => packSequence([]),
    "packSequence of an empty one": () => packSequence([torch.zeros(2), torch.zeros(0)]),
    "packSequence, not sorted": () => packSequence([torch.zeros(2), torch.zeros(3)]),
  };
  for (const [name, call] of Object.entries(calls)) answers.it(`error of ${name}`, () => torch.error(call));

  it("a length that the input does not have: PyTorch packs what is there, and counts what is not", () => {
    expect(() => nn.utils.rnn.packPaddedSequence(zeros([5, 2, 3]), [6, 1])).toThrow(
      "a sequence of length 6 is longer than the 5 steps of the input",
    );
  });
});

it("invertPermutation undoes a permutation, and nothing is undone by nothing", () => {
  const { invertPermutation } = nn.utils.rnn;
  expect(invertPermutation(tensor([2, 0, 1], { dtype: "int32" }))?.toArray()).toEqual([1, 2, 0]);
  expect(invertPermutation(null)).toBe(null);
});

it("prints as PyTorch's, whose whole numbers have no dtype to tell", () => {
  const packed = nn.utils.rnn.packSequence([ones(1), ones(2)], { enforceSorted: false });
  expect(String(packed)).toBe(
    "PackedSequence(data=tensor([1., 1., 1.]), batch_sizes=tensor([2, 1], dtype=torch.int32), " +
      "sorted_indices=tensor([1, 0], dtype=torch.int32), unsorted_indices=tensor([1, 0], dtype=torch.int32))",
  );
  expect(String(nn.utils.rnn.packSequence([ones(1)]))).toMatch(/sorted_indices=None, unsorted_indices=None\)$/);
});

it("a batch that is packed gives each sequence what it gets alone", () => {
  const layer = new nn.GRU(2, 3, { numLayers: 2, bidirectional: true });
  const sequences = [randn([2, 2]), randn([4, 2]), randn([1, 2])];
  const [output, h] = layer.forward(nn.utils.rnn.packSequence(sequences, { enforceSorted: false }));
  for (const [i, y] of nn.utils.rnn.unpackSequence(output).entries()) {
    const [own, ownH] = layer.forward(sequences[i]);
    expectExact(y.sub(own).abs().gt(1e-6).any(), [0]);
    expectExact(h.select(1, i).sub(ownH).abs().gt(1e-6).any(), [0]);
  }
});

it("a packed sequence of one's own needs only data and batch sizes", () => {
  const batchSizes = tensor([2, 1], { dtype: "int32" });
  const packed = new nn.utils.rnn.PackedSequence(ones([3, 1]), batchSizes);
  expect(nn.utils.rnn.padPackedSequence(packed)[1].toArray()).toEqual([2, 1]);
  const wrong = new nn.utils.rnn.PackedSequence(ones([4, 1]), batchSizes);
  expect(() => new nn.RNN(1, 1).forward(wrong)).toThrow("batch sizes add up to 3, but there are 4 rows");
});
