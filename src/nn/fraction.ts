/** Numbers that Python has as fractions, 0.0, where others have 0: JavaScript cannot tell them apart, but they are printed so. */

const fractions = new WeakSet<object>();

/** The layer, of which the probability is a fraction. */
export function withFraction<Layer extends object>(layer: Layer): Layer {
  fractions.add(layer);
  return layer;
}

export const hasFraction = (layer: object): boolean => fractions.has(layer);
