/**
 * The matrix product of float32 matrices, at the speed of its innermost loop (micro-kernel.ts).
 *
 * A tile reads its operands in the order in which they lie only if they were packed for it: a in panels of a few rows, b
 * in panels of a few columns, each laid out depth by depth. Packing reads a transposed matrix as easily as another. The
 * depth is cut so that a panel of b stays in the first-level cache while all panels of a pass it, and the rows so that
 * those panels of a stay in the second-level cache: Goto & van de Geijn 2008, https://doi.org/10.1145/1356052.1356053
 */
import type { Call, Functions, I32s, ModuleBuilder, Vector } from "./assembler.ts";
import { bytes, f32, i32, i32s, ifElse, inSteps, select, smaller, v128, whileLoop } from "./assembler.ts";
import { defineTile, type MultiplyAdd, type Tile } from "./micro-kernel.ts";

/** How many elements deep a packed panel is at most. */
const DEPTH_BLOCK = 384;
/** How many rows of a are packed at once, a multiple of every tile's rows. */
const ROW_BLOCK = 96;

/** Bytes of the packed panels of a, and of those of b with n columns. */
const spaceOfA = ({ rows }: Tile): number => (ROW_BLOCK / rows) * panelWidth(rows) * DEPTH_BLOCK;
const spaceOfB = (n: number, { columns }: Tile): number => Math.ceil(n / columns) * panelWidth(columns) * DEPTH_BLOCK;
/** Bytes of a tile of its own. */
const spaceOfTile = ({ rows, columns }: Tile): number => 4 * rows * columns;

/** Bytes that `product` needs beside its operands, for a result of n columns. */
export const packingSpace = (n: number, tile: Tile): number => spaceOfTile(tile) + spaceOfA(tile) + spaceOfB(n, tile);

/** A packed panel's bytes for each element of depth: its lines in whole vectors. */
function panelWidth(lines: number): number {
  return 16 * Math.ceil(lines / 4);
}

const { add, sub, mul } = i32;

/**
 * Defines `pack(out, outStride, x, lineStride, depthStride, lines, depth)`: four lines of x side by side, so that
 * out[p, i] = x[i, p] for i < 4. Where there are fewer `lines`, what stands for the others is not used.
 * One of the two strides is 4 bytes.
 */
function definePack(module: ModuleBuilder) {
  return module.define(i32s(7), ([out, outStride, x, lineStride, depthStride, lines, depth], locals) => {
    const others = locals("i32", 3);
    const line = [x, ...others];
    const [end] = locals("i32", 1);
    const rows = locals("v128", 4);
    const [p, q, r, s] = locals("v128", 4);

    // Neighbours in memory are neighbours in `out`: whole vectors are copied. Reads past the last line are harmless.
    const copyLines = whileLoop(depth, [
      v128.store(out, v128.load(x)),
      x.step(depthStride),
      out.step(outStride),
      depth.step(-1),
    ]);
    // Each line lies on its own: 4 x 4 blocks are transposed in registers, pairs of lanes first.
    const storeNext = (vector: Vector) => [v128.store(out, vector), out.step(outStride)];
    const transposeBlock = [
      rows.map((row, i) => row.set(v128.load(line[i]))),
      p.set(v128.shuffle32(rows[0], rows[1], [0, 4, 1, 5])),
      q.set(v128.shuffle32(rows[2], rows[3], [0, 4, 1, 5])),
      r.set(v128.shuffle32(rows[0], rows[1], [2, 6, 3, 7])),
      s.set(v128.shuffle32(rows[2], rows[3], [2, 6, 3, 7])),
      storeNext(v128.shuffle32(p, q, [0, 1, 4, 5])),
      storeNext(v128.shuffle32(p, q, [2, 3, 6, 7])),
      storeNext(v128.shuffle32(r, s, [0, 1, 4, 5])),
      storeNext(v128.shuffle32(r, s, [2, 3, 6, 7])),
      line.map((address) => address.step(16)),
    ];
    const transposeOne = [
      line.map((address, i) => [f32.store(out, f32.load(address), 4 * i), address.step(4)]),
      out.step(outStride),
    ];
    const transposeLines = [
      others.map((address, i) => address.set(add(line[i], mul(lineStride, i32.gt_u(lines, i + 1))))),
      end.set(add(x, bytes(i32.and(depth, -4)))),
      whileLoop(i32.lt_u(x, end), transposeBlock),
      end.set(add(end, bytes(i32.and(depth, 3)))),
      whileLoop(i32.lt_u(x, end), transposeOne),
    ];
    return ifElse(i32.eq(lineStride, 4), copyLines, transposeLines);
  });
}

/**
 * Defines `packPanels(out, x, lineStride, depthStride, count, depth)`: `count` lines of x as panels of `lines` each, one panel
 * after the other.
 */
function definePackPanels(module: ModuleBuilder, pack: Call<I32s<7>>, lines: number) {
  return module.define(i32s(6), ([out, x, lineStride, depthStride, count, depth], locals) => {
    const [panel, line] = locals("i32", 2);
    const width = panelWidth(lines);
    const packFour = (first: number) => {
      const from = add(x, mul(line, lineStride));
      const call = pack(add(out, 4 * first), width, from, lineStride, depthStride, sub(count, line), depth);
      return [line.set(add(panel, first)), ifElse(i32.lt_u(line, count), call)];
    };
    return inSteps(panel, count, lines, [
      Array.from({ length: width / 16 }, (_, group) => packFour(4 * group)),
      out.step(mul(depth, width)),
    ]);
  });
}

/**
 * Defines `product(c, cRow, a, aRow, aDepth, b, bCol, bDepth, m, n, depth, accumulate, space)`: c (m, n) = a (m, depth) @
 * b (depth, n), or c += that. Addresses and strides are in bytes; of each operand's two strides one is 4. `space` is where
 * packed panels go. `depth` is above 0.
 *
 * Each element of c is summed in an order that depends on `depth` alone: a product may be cut into blocks of c.
 */
export function defineProduct(module: ModuleBuilder, shape: Tile, multiplyAdd: MultiplyAdd) {
  const { rows, columns } = shape;
  const pack = definePack(module);
  const packRows = definePackPanels(module, pack, rows);
  const packColumns = definePackPanels(module, pack, columns);
  const tile = defineTile(module, shape, multiplyAdd);
  const partialTile = definePartialTile(module, shape, tile);
  return module.define(i32s(13), (parameters, locals) => {
    const [c, cRow, a, aRow, aDepth, b, bCol, bDepth, m, n, depth, accumulate, buffer] = parameters;
    const [packedA, packedB, panelA, panelB] = locals("i32", 4);
    const [depthLeft, blockDepth, blockRows, i0, i, j] = locals("i32", 6);
    const cTile = add(add(c, mul(add(i0, i), cRow)), bytes(j));
    const rowsLeft = sub(blockRows, i);
    const columnsLeft = sub(n, j);
    const isWhole = i32.and(i32.ge_u(rowsLeft, rows), i32.ge_u(columnsLeft, columns));
    const operands = [panelA, panelB, blockDepth, accumulate] as const;
    const tiles = [
      panelB.set(packedB),
      inSteps(j, n, columns, [
        panelA.set(packedA),
        inSteps(i, blockRows, rows, [
          ifElse(
            isWhole,
            tile(cTile, cRow, ...operands),
            partialTile(cTile, cRow, ...operands, smaller(rowsLeft, rows), columnsLeft, buffer),
          ),
          panelA.step(mul(blockDepth, panelWidth(rows))),
        ]),
        panelB.step(mul(blockDepth, panelWidth(columns))),
      ]),
    ];
    // A last stretch between one block and two is halved, so that no block is very short.
    const half = i32.and(add(i32.shr_u(depthLeft, 1), 7), -8);
    const lastDepth = select(half, depthLeft, i32.gt_u(depthLeft, DEPTH_BLOCK));
    return [
      packedA.set(add(buffer, spaceOfTile(shape))),
      packedB.set(add(packedA, spaceOfA(shape))),
      depthLeft.set(depth),
      whileLoop(depthLeft, [
        blockDepth.set(select(DEPTH_BLOCK, lastDepth, i32.ge_u(depthLeft, 2 * DEPTH_BLOCK))),
        packColumns(packedB, b, bCol, bDepth, n, blockDepth),
        inSteps(i0, m, ROW_BLOCK, [
          blockRows.set(smaller(sub(m, i0), ROW_BLOCK)),
          packRows(packedA, add(a, mul(i0, aRow)), aRow, aDepth, blockRows, blockDepth),
          tiles,
        ]),
        a.step(mul(blockDepth, aDepth)),
        b.step(mul(blockDepth, bDepth)),
        depthLeft.set(sub(depthLeft, blockDepth)),
        accumulate.set(1),
      ]),
    ];
  });
}

export type ProductFunctions = Functions<{ product: ReturnType<typeof defineProduct> }>;

/** Defines a tile at the lower or right edge of c: computed whole elsewhere, and what belongs to c taken from there. */
function definePartialTile(module: ModuleBuilder, { columns }: Tile, tile: Call<I32s<6>>) {
  return module.define(i32s(9), (parameters, locals) => {
    const [c, cRow, a, b, depth, accumulate, rowsLeft, columnsLeft, buffer] = parameters;
    const [row, j, from, to] = locals("i32", 4);
    const value = f32.load(from);
    return [
      tile(buffer, 4 * columns, a, b, depth, 0),
      inSteps(row, rowsLeft, 1, [
        from.set(add(buffer, mul(row, 4 * columns))),
        to.set(add(c, mul(row, cRow))),
        inSteps(j, smaller(columnsLeft, columns), 1, [
          ifElse(accumulate, f32.store(to, f32.add(f32.load(to), value)), f32.store(to, value)),
          from.step(4),
          to.step(4),
        ]),
      ]),
    ];
  });
}
