import { describe, expect, it } from "vitest";
import { meantBy } from "../../src/edge/spelling.ts";

const names = ["lr", "weightDecay", "momentum", "batchSize", "requiresGrad", "dtype", "padding", "dilation"];

describe("meantBy", () => {
  it.each([
    ["weight_decay", "weightDecay"],
    ["requires_grad", "requiresGrad"],
    ["Momentum", "momentum"],
    ["learningRate", "lr"],
    ["bs", "batchSize"],
    ["momentun", "momentum"],
    ["pading", "padding"],
    ["decay", "weightDecay"],
    ["dType", "dtype"],
  ])("%s is %s", (given, meant) => expect(meantBy(given, names)).toBe(meant));

  it("knows what is like none of them", () => {
    for (const given of ["inplace", "foo", "x", "_"]) expect(meantBy(given, names), given).toBeUndefined();
  });
});
