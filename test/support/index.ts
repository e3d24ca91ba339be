/** What tests share: PyTorch's answers and the `torch` that asks for them, comparisons of numbers, choices of settings. */
export * from "./answers.ts";
export * from "./choices.ts";
export * from "./fixtures.ts";
export * from "./torch.ts";
