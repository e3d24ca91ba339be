/** The programs that draw and look at pictures, as a user runs them: PyTorch's losses, what they write, what they say is missing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { newVggFeatures } from "../../examples/vgg-features.ts";
import { readPng, writeJpeg, writePng } from "../../src/data/image.ts";
import { save } from "../../src/files.ts";
import { full, manualSeed, rand, zeros } from "../../src/index.ts";
import dcgan from "../fixtures/example_dcgan.json" with { type: "json" };
import resnet from "../fixtures/example_resnet.json" with { type: "json" };
import style from "../fixtures/example_style.json" with { type: "json" };
import vae from "../fixtures/example_vae.json" with { type: "json" };
import { temporaryFolder } from "../support/folder.ts";
import { run } from "./run.ts";

const folder = temporaryFolder(afterAll);
writeFileSync(join(folder, "cifar-10-python.tar.gz"), "not the archive");

it.each([
  ["vae", "--limit 256 --epochs 2", vae, "digits.png", [3, 2 + 11 * 58, 2 + 17 * 58]],
  ["dcgan", "--limit 8 --steps 2 --every 1", dcgan, "face.png", [3, 2 + 3 * 66, 2 + 16 * 66]],
  ["resnet", "--limit 3 --epochs 2", resnet, "test.png", [3, 5 * 48 + 4, 110 + 16 * 48 + 4]],
])(
  "%s.ts has PyTorch's losses within 3e-5 of each, and writes its picture",
  async (program, args, { losses }, picture, shape) => {
    const { stdout, stderr, code } = await run(`${program}.ts`, [...args.split(" "), "--out", folder]);
    expect([code, stderr]).toEqual([0, ""]);
    const found = [...stdout.matchAll(/ loss (-?[\d.]+)/g)].map(([, loss]) => Number(loss));
    expect(found).toHaveLength(losses.length);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss / losses[i] - 1)).toBeLessThan(3e-5);
    expect(readPng(join(folder, picture)).shape).toEqual(shape);
  },
  60_000,
);

it("style.ts has PyTorch's losses within 1e-5, with weights that are drawn and with those of a file", async () => {
  manualSeed(0);
  const vgg19 = Object.entries(newVggFeatures().stateDict()).map(([name, weight]) => [`features.${name}`, weight]);
  const file = join(folder, "vgg19.pth");
  save({ ...Object.fromEntries(vgg19), "classifier.6.bias": zeros([1000]) }, file);
  for (const weights of [[], ["--seed", "1", "--weights", file]]) {
    const pictures = ["--content", "lion", "--style", "sunset", "--size", "8"];
    const args = [...pictures, "--steps", "10", "--every", "1", "--out", folder, ...weights];
    const { stdout, stderr, code } = await run("style.ts", args);
    expect([code, stderr]).toEqual([0, ""]);
    const found = [...stdout.matchAll(/ loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
    expect(found).toHaveLength(style.losses.length);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss - style.losses[i])).toBeLessThan(1e-5);
    expect(readPng(join(folder, "picture.png")).shape).toEqual([3, 2 + 10, 2 + 3 * 10]);
  }
});

it("pictures.ts learns light from dark, and tells a picture's class", async () => {
  const classes = { dark: 0, light: 0.7 };
  for (const [name, least] of Object.entries(classes)) {
    const own = join(folder, "own", name);
    mkdirSync(own, { recursive: true });
    for (let i = 0; i < 20; i++) writePng(join(own, `${i}.png`), rand([3, 8, 8]).mul(0.3).add(least));
  }
  const args = ["--out", folder];
  const trained = await run("pictures.ts", [...args, "--folder", join(folder, "own"), "--size", "8", "--epochs", "10"]);
  expect([trained.code, trained.stderr]).toEqual([0, ""]);
  expect(trained.stdout).toMatch(/held out 100\.0 % \(8\/8\)\nWrote /);
  const picture = join(folder, "who.jpeg");
  writeJpeg(picture, full([3, 20, 30], 217, { dtype: "int32" }));
  const told = await run("pictures.ts", [...args, "--picture", picture]);
  expect(told.stdout).toMatch(/^.*who\.jpeg is of the class light\n/);
});

it.each([
  ["pictures.ts", "--folder nowhere", "There is no folder nowhere. It is to have a sub-folder for each class"],
  ["pictures.ts", `--picture a.png --out ${join(folder, "empty")}`, "model.safetensors yet: train first"],
  ["style.ts", "--content nobody", "noto has no emoji of the name 'nobody'"],
  ["style.ts", "--weights package.json", "package.json: "],
  ["resnet.ts", `--data ${folder}`, "cifar-10-python.tar.gz: cannot be unpacked (expected MD5 "],
])("%s %s: what is missing, in a sentence", async (program, args, problem) => {
  const { code, stdout, stderr } = await run(program, args.split(" "));
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(problem);
  expect(stderr.split("\n")).toHaveLength(2);
});
