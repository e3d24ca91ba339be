/** A kernel does elements, rows or tiles `from` up to `to` of the job whose description is at an address. */
export type Kernel = (job: number, from: number, to: number) => void;
