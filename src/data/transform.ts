/** What a dataset has its samples changed by. */

/** Anything with `apply`; Compose chains them. */
export interface Transform<From, To> {
  /** What it makes of a whole batch. */
  apply(batch: From): To;
  /** As torchvision prints it. */
  toString(): string;
  /**
   * Whether it draws: a dataset then gives it one sample at a time, so that each is changed in its own way, with the draws that
   * PyTorch makes. By itself it treats all of a batch alike, as torchvision does. Default: false.
   */
  readonly isRandom?: boolean;
}
