/** What the engine uses of `node:worker_threads` for the names of its temporary files. */
export const threadId = 0;
