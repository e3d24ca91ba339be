/**
 * The modified Bessel functions I₀ and I₁, to the last digits of float64. Near 0 they have power series, whose terms are all of one sign;
 * far from it eˣ/√(2πx) times a series in 1/x, whose terms fall until about number 2x: from x = 20 on they are less than rounding then.
 */

const FAR = 20;

/** Σ (x/2)²ᵏ⁺ⁿ / (k! (k + n)!) */
function nearSeries(n: number, x: number): number {
  const quarter = (x * x) / 4;
  let term = n === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term !== 0 && Math.abs(term) > Number.EPSILON * 0.1 * Math.abs(sum); k++) {
    term *= quarter / (k * (k + n));
    sum += term;
  }
  return sum;
}

/** 1/√(2πx) · Σ Π ((2j - 1)² - 4n²) / (k! (8x)ᵏ), the product over j up to k: what eˣ is to be multiplied with */
function farSeries(n: number, x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; k < 2 * FAR && Math.abs(term) > Number.EPSILON * 0.1 * sum; k++) {
    term *= ((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * x);
    sum += term;
  }
  return sum / Math.sqrt(2 * Math.PI * x);
}

/** I₀(x) */
export const i0 = (x: number): number => {
  const size = Math.abs(x);
  if (size < FAR) return nearSeries(0, size);
  const half = Math.exp(size / 2); // which is finite for larger x than eˣ
  return half * farSeries(0, size) * half;
};

/** e^(-|x|) I₀(x) */
export const i0e = (x: number): number => {
  const size = Math.abs(x);
  return size < FAR ? nearSeries(0, size) * Math.exp(-size) : farSeries(0, size);
};

/** I₁(x) */
export const i1 = (x: number): number => {
  const size = Math.abs(x);
  if (size < FAR) return nearSeries(1, x);
  const half = Math.exp(size / 2);
  return Math.sign(x) * half * farSeries(1, size) * half;
};

/** e^(-|x|) I₁(x) */
export const i1e = (x: number): number => {
  const size = Math.abs(x);
  return size < FAR ? nearSeries(1, x) * Math.exp(-size) : Math.sign(x) * farSeries(1, size);
};
