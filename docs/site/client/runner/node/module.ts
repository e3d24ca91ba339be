/** What the engine uses of `node:module`: where files of packages are, which disk.ts has under these names. */
export const createRequire = () => ({ resolve: (name: string): string => `/node_modules/${name}` });
