/** Guards: what must hold, and what to say where it does not. */

/**
 * @param message as a function where it takes work to put together: it is called only for the error. Where that is often made,
 * it is written in the call: `tsx` gives a name to each function that is kept under one, at ten times the cost of the function
 * @param Kind RangeError for a position that is not there, TypeError for a value of the wrong kind
 * @throws an error with the message unless `condition` holds
 */
export function check(
  condition: boolean,
  message: string | (() => string),
  Kind: new (message: string) => Error = Error,
): asserts condition {
  if (!condition) throw new Kind(typeof message === "string" ? message : message());
}
