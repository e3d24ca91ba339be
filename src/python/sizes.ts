/**
 * Sizes that depend on those of the inputs. A forward is seen several times, with inputs of other sizes; a number that was not always
 * the same is explained by the sizes of tensors that it had by then: x.shape[0], or what follows from one or two of them.
 */

/** A size of a tensor that has a name, as it was each time. */
export interface Size {
  /** `x.shape[0]` */
  readonly text: string;
  readonly values: readonly number[];
}

/** What gives these numbers, of the sizes at hand; undefined if nothing simple does. */
export function explained(values: readonly number[], sizes: readonly Size[]): string | undefined {
  const [first] = values;
  if (values.every((value) => value === first)) return `${first}`;
  const moving = sizes.filter((size) => size.values.some((value) => value !== size.values[0]));
  for (const rule of [same, multiple, part, shifted]) {
    for (const size of moving) {
      const text = rule(values, size);
      if (text !== undefined) return text;
    }
  }
  return productOfTwo(values, moving);
}

type Rule = (values: readonly number[], size: Size) => string | undefined;

/** The number k for which all values are f(size, k), if there is one, which is whole and more than 0. */
function common(
  values: readonly number[],
  { values: sizes }: Size,
  find: (value: number, size: number) => number,
): number | undefined {
  const k = find(values[0], sizes[0]);
  const holds = Number.isInteger(k) && k > 0 && values.every((value, i) => find(value, sizes[i]) === k);
  return holds ? k : undefined;
}

const same: Rule = (values, { text, values: sizes }) =>
  values.every((value, i) => value === sizes[i]) ? text : undefined;

const multiple: Rule = (values, size) => {
  const k = common(values, size, (value, of) => value / of);
  return k === undefined ? undefined : `${k} * ${size.text}`;
};

const part: Rule = (values, size) => {
  const k = common(values, size, (value, of) => of / value);
  return k === undefined ? undefined : `${size.text} // ${k}`;
};

/** k · size + b */
const shifted: Rule = (values, { text, values: sizes }) => {
  const [i, j] = [0, sizes.findIndex((size) => size !== sizes[0])];
  const k = (values[j] - values[i]) / (sizes[j] - sizes[i]);
  const b = values[i] - k * sizes[i];
  if (!Number.isInteger(k) || k < 1 || values.some((value, n) => value !== k * sizes[n] + b)) return undefined;
  return `(${k === 1 ? "" : `${k} * `}${text} ${b < 0 ? "-" : "+"} ${Math.abs(b)})`;
};

function productOfTwo(values: readonly number[], sizes: readonly Size[]): string | undefined {
  for (const [i, a] of sizes.entries()) {
    for (const b of sizes.slice(i + 1)) {
      const product = { text: `${a.text} * ${b.text}`, values: a.values.map((value, n) => value * b.values[n]) };
      const text = same(values, product) ?? multiple(values, product);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}
