/** What the page, its worker and digits-plugin.ts have to agree on: the file of digits. */

/** Not .gz, though it is packed with gzip: so no server unpacks it on the way. */
export const FILE_NAME = "digits.bin";
/** How many digits it has to train on, and to test with. */
export const TRAIN = 10_000;
export const TEST = 2_000;
