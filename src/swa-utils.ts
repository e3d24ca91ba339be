/** The `optim.swaUtils` namespace: a schedule, which is of `optim`, and averages of models, which are of `nn`. */
export * from "./nn/averaged-model.ts";
export * from "./optim/swa-lr.ts";
