const lib = { entry: "training.mjs", formats: ["es"], fileName: () => "vite.mjs" };
export default { build: { lib, minify: true, emptyOutDir: false } };
