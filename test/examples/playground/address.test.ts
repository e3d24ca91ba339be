/** A link is an experiment: all settings and the step are in the address, and nothing that is as usual. */
import { describe, expect, it } from "vitest";
import { addressOf, readAddress } from "../../../examples/playground/address.ts";
import { contestant, defaults, defaultsOf } from "../../../examples/playground/settings.ts";
import { randomSettings } from "./random-settings.ts";

describe("the address of an experiment", () => {
  it("leads back to any settings and any step", () => {
    randomSettings(200, 1).forEach((settings, step) => {
      expect(readAddress(addressOf(settings, step))).toEqual({ settings, step });
    });
  });

  it("says only what differs from the defaults of its network", () => {
    expect(addressOf(defaults)).toBe("");
    expect(addressOf(defaults, 12)).toBe("step=12");
    expect(addressOf(defaultsOf("cnn"))).toBe("network=cnn");
    const contestants = [contestant("batch"), contestant("none", "he", 0.5), contestant("layer", "default", 0.2)];
    expect(addressOf({ ...defaults, contestants, learningRate: 0.5 })).toBe(
      "networks=batch,none-he-0.5,layer-default-0.2&rate=0.5",
    );
  });

  it.each([
    "data=cats&network=rnn&networks=batch&rate=0.3&momentum=x&batch=-4&width=&depth=1e9&bn-momentum=NaN&seed=0.5&step=-1",
    "networks=batch,group&seed=9999999&step=many",
    "networks=none,none,none,none",
    "%%%&=&&",
  ])("with what cannot be set has the defaults: %s", (address) => {
    expect(readAddress(address)).toEqual({ settings: defaults, step: 0 });
  });
});
