/**
 * The matrix product of float32 matrices, at the speed of its innermost loop (micro-kernel.ts).
 *
 * A tile reads its operands in the order in which they lie only if they were packed for it: a in panels of a few rows, b
 * in panels of a few columns, each laid out depth by depth. Packing reads a transposed matrix as easily as another. The
 * depth is cut so that a panel of b stays in the first-level cache while all panels of a pass it, and the rows so that
 * those panels of a stay in the second-level cache: Goto & van de Geijn 2008, https://doi.org/10.1145/1356052.1356053
 */
import {
  type Call,
  type Code,
  type Functions,
  f32,
  type I32s,
  i32,
  i32s,
  ifElse,
  inSteps,
  type ModuleBuilder,
  select,
  v128,
  whileLoop,
} from "./assembler.ts";
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

const add = i32.add;
const times = i32.mul;
const bytes = (count: Code<"i32">) => i32.shl(count, i32.const(2));
const smaller = (a: Code<"i32">, b: Code<"i32">) => select(a, b, i32.lt_u(a, b));

/**
 * Defines `pack(out, outStride, x, lineStride, depthStride, lines, depth)`: four lines of x side by side, so that
 * out[p, i] = x[i, p] for i < 4. Where there are fewer `lines`, what stands for the others is not used.
 * One of the two strides is 4 bytes.
 */
function definePack(module: ModuleBuilder) {
  return module.define("pack", i32s(7), ([out, outStride, x, lineStride, depthStride, lines, depth], locals) => {
    const others = locals.addMany("i32", 3);
    const line = [x, ...others];
    const end = locals.add("i32");
    const rows = locals.addMany("v128", 4);
    const pairs = locals.addMany("v128", 4);

    // Neighbours in memory are neighbours in `out`: whole vectors are copied. Reads past the last line are harmless.
    const copyLines = whileLoop(
      depth.get,
      v128.store(out.get, v128.load(x.get)),
      x.step(depthStride.get),
      out.step(outStride.get),
      depth.step(i32.const(-1)),
    );
    // Each line lies on its own: 4 x 4 blocks are transposed in registers, pairs of lanes first.
    const [p, q, r, s] = pairs;
    const transposeBlock = [
      rows.map((row, i) => row.set(v128.load(line[i].get))),
      p.set(v128.shuffle32(rows[0].get, rows[1].get, [0, 4, 1, 5])),
      q.set(v128.shuffle32(rows[2].get, rows[3].get, [0, 4, 1, 5])),
      r.set(v128.shuffle32(rows[0].get, rows[1].get, [2, 6, 3, 7])),
      s.set(v128.shuffle32(rows[2].get, rows[3].get, [2, 6, 3, 7])),
      [
        [p, q],
        [r, s],
      ].flatMap(([low, high]) =>
        [
          [0, 1, 4, 5],
          [2, 3, 6, 7],
        ].map((lanes) => [v128.store(out.get, v128.shuffle32(low.get, high.get, lanes)), out.step(outStride.get)]),
      ),
      line.map((address) => address.step(i32.const(16))),
    ];
    const transposeOne = [
      line.map((address, i) => [f32.store(out.get, f32.load(address.get), 4 * i), address.step(i32.const(4))]),
      out.step(outStride.get),
    ];
    const transposeLines = [
      others.map((address, i) =>
        address.set(add(line[i].get, times(lineStride.get, i32.gt_u(lines.get, i32.const(i + 1))))),
      ),
      end.set(add(x.get, bytes(i32.and(depth.get, i32.const(-4))))),
      whileLoop(i32.lt_u(x.get, end.get), transposeBlock),
      end.set(add(end.get, bytes(i32.and(depth.get, i32.const(3))))),
      whileLoop(i32.lt_u(x.get, end.get), transposeOne),
    ];
    return ifElse(i32.eq(lineStride.get, i32.const(4)), copyLines, transposeLines);
  });
}

/**
 * Defines `name(out, x, lineStride, depthStride, count, depth)`: `count` lines of x as panels of `lines` each, one panel
 * after the other.
 */
function definePackPanels<Name extends string>(module: ModuleBuilder, name: Name, pack: Call<I32s<7>>, lines: number) {
  return module.define(name, i32s(6), ([out, x, lineStride, depthStride, count, depth], locals) => {
    const [panel, line] = locals.addMany("i32", 2);
    const width = panelWidth(lines);
    const packFour = (first: number) => [
      line.set(add(panel.get, i32.const(first))),
      ifElse(
        i32.lt_u(line.get, count.get),
        pack(
          add(out.get, i32.const(4 * first)),
          i32.const(width),
          add(x.get, times(line.get, lineStride.get)),
          lineStride.get,
          depthStride.get,
          i32.sub(count.get, line.get),
          depth.get,
        ),
      ),
    ];
    return inSteps(
      panel,
      count.get,
      lines,
      Array.from({ length: width / 16 }, (_, group) => packFour(4 * group)),
      out.step(times(depth.get, i32.const(width))),
    );
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
  const { pack } = definePack(module);
  const { packRows } = definePackPanels(module, "packRows", pack, rows);
  const { packColumns } = definePackPanels(module, "packColumns", pack, columns);
  const { tile } = defineTile(module, shape, multiplyAdd);
  const { partialTile } = definePartialTile(module, shape, tile);
  return module.define("product", i32s(13), (parameters, locals) => {
    const [c, cRow, a, aRow, aDepth, b, bCol, bDepth, m, n, depth, accumulate, buffer] = parameters;
    const [packedA, packedB, panelA, panelB] = locals.addMany("i32", 4);
    const [depthLeft, blockDepth, blockRows, i0, i, j] = locals.addMany("i32", 6);
    const cTile = add(add(c.get, times(add(i0.get, i.get), cRow.get)), bytes(j.get));
    const rowsLeft = i32.sub(blockRows.get, i.get);
    const columnsLeft = i32.sub(n.get, j.get);
    const isWhole = i32.and(i32.ge_u(rowsLeft, i32.const(rows)), i32.ge_u(columnsLeft, i32.const(columns)));
    const operands = [panelA.get, panelB.get, blockDepth.get, accumulate.get] as const;
    const tiles = [
      panelB.set(packedB.get),
      inSteps(
        j,
        n.get,
        columns,
        panelA.set(packedA.get),
        inSteps(
          i,
          blockRows.get,
          rows,
          ifElse(
            isWhole,
            tile(cTile, cRow.get, ...operands),
            partialTile(cTile, cRow.get, ...operands, smaller(rowsLeft, i32.const(rows)), columnsLeft, buffer.get),
          ),
          panelA.step(times(blockDepth.get, i32.const(panelWidth(rows)))),
        ),
        panelB.step(times(blockDepth.get, i32.const(panelWidth(columns)))),
      ),
    ];
    // A last stretch between one block and two is halved, so that no block is very short.
    const half = i32.and(add(i32.shr_u(depthLeft.get, i32.const(1)), i32.const(7)), i32.const(-8));
    return [
      packedA.set(add(buffer.get, i32.const(spaceOfTile(shape)))),
      packedB.set(add(packedA.get, i32.const(spaceOfA(shape)))),
      depthLeft.set(depth.get),
      whileLoop(
        depthLeft.get,
        blockDepth.set(
          select(
            i32.const(DEPTH_BLOCK),
            select(half, depthLeft.get, i32.gt_u(depthLeft.get, i32.const(DEPTH_BLOCK))),
            i32.ge_u(depthLeft.get, i32.const(2 * DEPTH_BLOCK)),
          ),
        ),
        packColumns(packedB.get, b.get, bCol.get, bDepth.get, n.get, blockDepth.get),
        inSteps(
          i0,
          m.get,
          ROW_BLOCK,
          blockRows.set(smaller(i32.sub(m.get, i0.get), i32.const(ROW_BLOCK))),
          packRows(
            packedA.get,
            add(a.get, times(i0.get, aRow.get)),
            aRow.get,
            aDepth.get,
            blockRows.get,
            blockDepth.get,
          ),
          tiles,
        ),
        a.step(times(blockDepth.get, aDepth.get)),
        b.step(times(blockDepth.get, bDepth.get)),
        depthLeft.set(i32.sub(depthLeft.get, blockDepth.get)),
        accumulate.set(i32.const(1)),
      ),
    ];
  });
}

export type ProductFunctions = Functions<ReturnType<typeof defineProduct>>;

/** Defines a tile at the lower or right edge of c: computed whole elsewhere, and what belongs to c taken from there. */
function definePartialTile(module: ModuleBuilder, { columns }: Tile, tile: Call<I32s<6>>) {
  return module.define("partialTile", i32s(9), (parameters, locals) => {
    const [c, cRow, a, b, depth, accumulate, rowsLeft, columnsLeft, buffer] = parameters;
    const [row, j, from, to] = locals.addMany("i32", 4);
    const value = f32.load(from.get);
    return [
      tile(buffer.get, i32.const(4 * columns), a.get, b.get, depth.get, i32.const(0)),
      inSteps(
        row,
        rowsLeft.get,
        1,
        from.set(add(buffer.get, times(row.get, i32.const(4 * columns)))),
        to.set(add(c.get, times(row.get, cRow.get))),
        inSteps(
          j,
          smaller(columnsLeft.get, i32.const(columns)),
          1,
          ifElse(accumulate.get, f32.store(to.get, f32.add(f32.load(to.get), value)), f32.store(to.get, value)),
          from.step(i32.const(4)),
          to.step(i32.const(4)),
        ),
      ),
    ];
  });
}
