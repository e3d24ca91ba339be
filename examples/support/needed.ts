/** Data without which a program cannot begin. */

/** The data; where there are none, ends the program: what is missing, in its error's own sentence, and exit code 1. */
export async function needed<T>(data: Promise<T>): Promise<T> {
  try {
    return await data;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
