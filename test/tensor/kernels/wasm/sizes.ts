/** Tables of sizes, as one writes them: `sizes("2×3 4×5")` is [[2, 3], [4, 5]]. */
export const sizes = (text: string): number[][] => text.split(" ").map((each) => each.split("×").map(Number));
