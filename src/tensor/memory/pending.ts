/**
 * A kernel's call may return before its result is there: other threads go on with it, while this one goes on to the next call.
 * Kernels run one after another, so a kernel may be given what others have yet to write. JavaScript may not: whoever reads or
 * writes elements that lie in memory lets the kernels finish first.
 */

/** Waits for the kernels; null if none is at work. */
let wait: (() => void) | null = null;

/** Says that kernels are at work from now on, and what waits for them. */
export function startPending(untilFinished: () => void): void {
  if (wait !== untilFinished) settle();
  wait = untilFinished;
}

/** Whether kernels may still be at work. */
export const isPending = (): boolean => wait !== null;

/** Returns when every kernel that was called has done its work. */
export function settle(): void {
  const untilFinished = wait;
  wait = null;
  untilFinished?.();
}

/** Functions that touch elements in JavaScript, as they are when they wait first; also the functions that they return. */
export const settling = <Table extends object>(functions: Table): Table =>
  Object.fromEntries(Object.entries(functions).map(([name, touch]) => [name, afterSettling(touch)])) as Table;

type Touch = (...operands: unknown[]) => unknown;

const afterSettling =
  (touch: Touch): Touch =>
  (...operands) => {
    if (wait) settle();
    const result = touch(...operands);
    return typeof result === "function" ? afterSettling(result as Touch) : result;
  };
