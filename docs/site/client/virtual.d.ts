/** Where the files of packages are that the site has beside its pages: see runner/plugin.ts. */
declare module "virtual:site-files" {
  const addresses: Readonly<Record<string, string>>;
  export default addresses;
}

/** What the editor completes: see docs/generate/completions.ts. */
declare module "virtual:names" {
  const names: Readonly<Record<string, readonly import("../../generate/completions.ts").Completion[]>>;
  export default names;
}
