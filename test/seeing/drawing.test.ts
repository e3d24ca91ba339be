import { describe, expect, it } from "vitest";
import { manualSeed, nn, randint, randn, tensor, toDot, toSvg } from "../../src/index.ts";
import { layOut } from "../../src/seeing/layout.ts";
import { type Picture, pictureOf } from "../../src/seeing/picture.ts";

/** d = a·b + a: a is used twice. */
function diamond() {
  const a = tensor([1, 2], { requiresGrad: true });
  const b = tensor([3, 4], { requiresGrad: true });
  return { a, b, d: a.mul(b).add(a) };
}

describe("a picture", () => {
  it("has a box for each leaf and operation, with name, shape and gradient norm", () => {
    const { a, b, d } = diamond();
    const { boxes, arrows } = pictureOf(d.sum(), [["a", a]]);
    expect(boxes.map(({ kind, lines }) => [kind, ...lines])).toEqual([
      ["leaf", "leaf", "2", "‖∇‖ 2.24"],
      ["leaf", "a", "2", "‖∇‖ 6.4"],
      ["operation", "mul", "2", "‖∇‖ 1.41"],
      ["operation", "add", "2", "‖∇‖ 1.41"],
      ["result", "sum", "scalar", "‖∇‖ 1"],
    ]);
    expect(arrows.map(([from, to]) => `${from}>${to}`).sort()).toEqual(["0>2", "1>2", "1>3", "2>3", "3>4"]);
    expect([a.grad, b.grad]).toEqual([null, null]);
  });

  it("leaves the graph for backward, and no hook behind", () => {
    const { a, d } = diamond();
    const loss = d.sum();
    const before = pictureOf(loss, []);
    expect(pictureOf(loss, [])).toEqual(before);
    loss.backward();
    expect(a.grad?.toArray()).toEqual([4, 5]);
    expect(() => pictureOf(loss, [])).toThrow(/freed.*retainGraph: true/);
  });

  it("draws a leaf alone, a result that is not a scalar, and where no gradient arrives", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(pictureOf(x, [["x", x]]).boxes).toEqual([{ kind: "result", lines: ["x", "2", "‖∇‖ 1.41"] }]);
    expect(pictureOf(x.mul(3), []).boxes.map(({ lines }) => lines[2])).toEqual(["‖∇‖ 4.24", "‖∇‖ 1.41"]);
    expect(() => pictureOf(tensor(1), [])).toThrow("does not require grad");
  });

  it("draws the graph of a gradient, too", () => {
    const x = tensor(2, { requiresGrad: true });
    x.pow(3).backward(undefined, { createGraph: true });
    expect(pictureOf(x.grad as typeof x, []).boxes.length).toBeGreaterThan(3);
  });
});

it("toDot writes boxes and arrows, and cannot be broken by a name", () => {
  const { a, b, d } = diamond();
  expect(toDot(d, Object.entries({ 'a"\\': a, b }))).toBe(`digraph {
  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11]
  0 [label="b\\n2\\n‖∇‖ 2.24", fillcolor="#dcebf7", color="#0072b2"]
  1 [label="a\\"\\\\\\n2\\n‖∇‖ 6.4", fillcolor="#dcebf7", color="#0072b2"]
  2 [label="mul\\n2\\n‖∇‖ 1.41", fillcolor="#f4f4f4", color="#8a8a8a"]
  3 [label="add\\n2\\n‖∇‖ 1.41", fillcolor="#d9f0e6", color="#009e73"]
  1 -> 2
  0 -> 2
  2 -> 3
  1 -> 3
}
`);
});

it("toSvg draws every box and arrow, and cannot be broken by a name", () => {
  const { a, d } = diamond();
  const svg = toSvg(d, [["<a> & \u0007", a]]);
  expect(svg.match(/<rect [^>]*rx=/g)).toHaveLength(4);
  expect(svg.match(/marker-end/g)).toHaveLength(4);
  expect(svg).toContain(">&lt;a&gt; &amp;  <");
});

describe("a layout", () => {
  /** A random graph in which every box but the last leads somewhere. */
  function randomPicture(count: number): Picture {
    const arrows = Array.from({ length: count - 1 }, (_, from) => {
      const targets = randint(from + 1, count, [from % 3 === 0 ? 2 : 1]);
      return [...new Set(targets.data)].map((to) => [from, to] as const);
    });
    return { boxes: Array.from({ length: count }, () => ({ kind: "operation", lines: [] })), arrows: arrows.flat() };
  }

  it.each([2, 5, 12, 30, 60])("of %d boxes: arrows lead down a layer at a time, and no box covers another", (count) => {
    manualSeed(count);
    const picture = randomPicture(count);
    const widths = picture.boxes.map((_, i) => 40 + ((i * 37) % 90));
    const { boxes, arrows, width, layers } = layOut(picture, widths);
    for (const [i, path] of arrows.entries()) {
      const [from, to] = picture.arrows[i];
      expect([path[0], path[path.length - 1]]).toEqual([boxes[from], boxes[to]]);
      expect(path.map(({ layer }) => layer)).toEqual(path.map((_, step) => boxes[from].layer + step));
    }
    for (const [i, a] of boxes.entries()) {
      expect(a.x - widths[i] / 2).toBeGreaterThanOrEqual(-1e-9);
      expect(a.x + widths[i] / 2).toBeLessThanOrEqual(width + 1e-9);
      for (const [j, b] of boxes.entries()) {
        if (j <= i || a.layer !== b.layer) continue;
        expect(Math.abs(a.x - b.x)).toBeGreaterThan((widths[i] + widths[j]) / 2);
      }
      const bends = arrows.flatMap((path) => path.slice(1, -1)).filter(({ layer }) => layer === a.layer);
      for (const bend of bends) expect(Math.abs(bend.x - a.x)).toBeGreaterThan(widths[i] / 2);
    }
    expect(Math.max(...boxes.map(({ layer }) => layer))).toBe(layers - 1);
  });

  it("draws a chain as a straight line, and two crossed pairs uncrossed", () => {
    const box = { kind: "operation", lines: [] } as const;
    const chain = layOut({ boxes: [box, box, box], arrows: [[0, 1], [1, 2]] }, [30, 80, 50]); // biome-ignore format: pairs
    expect(new Set(chain.boxes.map(({ x }) => x)).size).toBe(1);
    // 0 leads to 3 and 1 to 2: side by side as numbered, the arrows would cross.
    const { boxes } = layOut({ boxes: Array(5).fill(box), arrows: [[0, 3], [1, 2], [2, 4], [3, 4]] }, Array(5).fill(30)); // biome-ignore format: pairs
    expect(Math.sign(boxes[0].x - boxes[1].x)).toBe(Math.sign(boxes[3].x - boxes[2].x));
  });

  it("keeps the path of a network straight, beside its parameters", () => {
    const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 8), new nn.ReLU());
    const picture = pictureOf(net.forward(randn([2, 4])).sum(), net.namedParameters());
    const { boxes } = layOut(picture, Array(picture.boxes.length).fill(80));
    const path = boxes.filter((_, i) => picture.boxes[i].kind !== "leaf").map(({ x }) => x);
    expect(Math.max(...path) - Math.min(...path)).toBeLessThan(20);
  });
});
