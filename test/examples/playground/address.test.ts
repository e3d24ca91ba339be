/** A link is an experiment: all settings and the step are in the address, and nothing that is as usual. */
import { describe, expect, it } from "vitest";
import { addressOf, readAddress } from "../../../examples/playground/address.ts";
import { misreadCaption } from "../../../examples/playground/captions.ts";
import { contestant, defaults, defaultsOf } from "../../../examples/playground/settings.ts";
import { texts } from "../../../examples/playground/texts.ts";
import { randomSettings } from "./random-settings.ts";

describe("the address of an experiment", () => {
  it("leads back to any settings and any step", () => {
    randomSettings(200, 1).forEach((settings, step) => {
      expect(readAddress(addressOf(settings, step))).toEqual({ settings, step, misread: [] });
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

  it.each<[address: string, misread: readonly (readonly [part: string, setting: string | null])[]]>([
    [
      "data=cats&network=rnn&networks=batch&rate=0.3&momentum=x&batch=-4&width=&depth=1e9&bn-momentum=NaN&seed=0.5&step=-1",
      [
        ["network=rnn", "network"],
        ["rate=0.3", "learningRate"],
        ["momentum=x", "momentum"],
        ["batch=-4", "batchSize"],
        ["width=", "width"],
        ["depth=1e9", "depth"],
        ["bn-momentum=NaN", "batchNormMomentum"],
        ["data=cats", "data"],
        ["networks=batch", "contestants"],
        ["seed=0.5", "seed"],
        ["step=-1", "step"],
      ],
    ],
    [
      "networks=batch,group&seed=9999999&step=many",
      [
        ["networks=batch,group", "contestants"],
        ["seed=9999999", "seed"],
        ["step=many", "step"],
      ],
    ],
    ["networks=none,none,none,none", [["networks=none,none,none,none", "contestants"]]],
    ["networks=batch,none-he-0.3", [["networks=batch,none-he-0.3", "contestants"]]], // no rate of the sliders
    ["rats=3&rate=0.1", [["rats=3", null]]],
    ["%%%&=&&", [["%%%", null]]],
  ])("with what cannot be set has the defaults, and tells what that is: %s", (address, misread) => {
    const parts = misread.map(([part, setting]) => ({ part, setting }));
    expect(readAddress(address)).toEqual({ settings: defaults, step: 0, misread: parts });
  });

  it("says in words what was not understood, and what is shown instead", () => {
    const { settings, misread } = readAddress("rate=0.3&networks=batch&data=cats&network=rnn&seed=x&step=x&rats=3");
    const { en } = texts;
    const shown = [
      ["network=rnn", en.architectures.mlp],
      ["rate=0.3", "Learning rate 0.1"],
      ["data=cats", en.data.digits],
      ["networks=batch", "batch norm / without"],
      ["seed=x", "Seed 0"],
      ["step=x", "step 0"],
    ].map(([part, instead]) => en.misreadValue(part, instead));
    expect(misreadCaption(misread, settings)).toBe([...shown, en.misreadName("rats=3")].join(" "));
    expect(misreadCaption([], settings)).toBe("");
  });
});
