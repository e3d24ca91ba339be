/** What tests share: PyTorch's answers and the `torch` that asks for them, comparisons, choices of settings, folders, training. */
export * from "./answers.ts";
export * from "./choices.ts";
export * from "./fixtures.ts";
export * from "./folder.ts";
export * from "./torch.ts";
export * from "./train.ts";
