/** What the page, its worker and digits-plugin.ts have to agree on: the file of digits, and how many pictures there are. */

/** Not .gz, though it is packed with gzip: so no server unpacks it on the way. */
export const FILE_NAME = "digits.bin";
/** How many pictures there are to train on, and to test with. */
export const TRAIN = { digits: 10_000, shapes: 4000 };
export const TEST = { digits: 2000, shapes: 1000 };
