/**
 * A training step of the playground in a browser's worker, beside the same step in Node: both networks, 784-256-256-10 with
 * batch norm and without, batches of 64, as many threads as there are cores. In turns, so that a slow moment of the machine
 * meets both.
 *
 *   npm run bench:browser
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { TEST, TRAIN } from "../examples/playground/file.ts";
import { buildPlayground, launchChromium } from "../examples/playground/serve.ts";
import { defaults } from "../examples/playground/settings.ts";
import { Trainer } from "../examples/playground/trainer.ts";
import { MNIST } from "../src/data/datasets.ts";
import { getNumThreads, Subset } from "../src/index.ts";

const ROUNDS = 9;
const STEPS = 100;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** What runs in the page: the playground's own worker, and how to have it make some steps. Nothing is drawn meanwhile. */
const inPage = (workerFile: string) => `
  const worker = new Worker(${JSON.stringify(workerFile)}, { type: "module" });
  let onReply = () => {};
  worker.onmessage = ({ data }) => onReply(data);
  const ask = (request, isAnswer) => new Promise((resolve) => {
    onReply = (reply) => isAnswer(reply) && resolve(reply);
    worker.postMessage(request);
  });
  globalThis.load = async (settings) => {
    const { threads } = await ask({ type: "load", data: "digits", url: new URL("digits.bin", document.baseURI).href }, (r) => r.type === "loaded");
    await ask({ type: "reset", run: 1, settings }, (r) => r.type === "report");
    return threads;
  };
  globalThis.train = async (steps) => {
    let [made, time] = [0, 0];
    await ask({ type: "run", until: Infinity }, (r) => {
      if (r.type !== "report" || r.stepTime === null) return false;
      made += r.losses.length;
      time += r.losses.length * r.stepTime;
      return made >= steps;
    });
    await ask({ type: "pause" }, (r) => r.type === "report" && r.accuracy !== null);
    return time / made;
  };`;

async function newTrainer(): Promise<Trainer> {
  const first = async (count: number, train: boolean) =>
    new Subset(await MNIST.load({ train }), [...Array(count).keys()]);
  return new Trainer({ train: await first(TRAIN.digits, true), test: await first(TEST.digits, false) }, defaults);
}

const trainer = await newTrainer();
function trainInNode(): number {
  const start = performance.now();
  for (let step = 0; step < STEPS; step++) trainer.step();
  return (performance.now() - start) / STEPS;
}

const site = await buildPlayground();
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  await page.goto(await site.serve());
  const assets = join(site.folder, "assets");
  const workers = readdirSync(assets).filter((file) => file.startsWith("worker"));
  const [largest] = workers.sort((a, b) => statSync(join(assets, b)).size - statSync(join(assets, a)).size);
  await page.evaluate(inPage(`assets/${largest}`));
  const threads = await page.evaluate<number>(`load(${JSON.stringify(defaults)})`);
  if (threads !== getNumThreads()) throw new Error(`${threads} threads in the browser, ${getNumThreads()} in Node`);
  const trainInBrowser = () => page.evaluate<number>(`train(${STEPS})`);
  for (let warmUp = 0; warmUp < 2; warmUp++) {
    trainInNode();
    await trainInBrowser();
  }
  const times: { node: number; browser: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push({ node: trainInNode(), browser: await trainInBrowser() });
  const ratio = median(times.map((round) => round.browser / round.node));
  console.log(`milliseconds a step with ${threads} threads, the median of ${ROUNDS} rounds of ${STEPS} steps`);
  console.log(`Node ${process.versions.node}         ${median(times.map((round) => round.node)).toFixed(2)}`);
  console.log(
    `Chromium ${browser.version()}   ${median(times.map((round) => round.browser)).toFixed(2)}   × ${ratio.toFixed(2)}`,
  );
} finally {
  await browser.close();
  await site.close();
}
process.exit(); // the engine's threads would wait
