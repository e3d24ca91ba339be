/**
 * The worker: trains in slices, so that it hears the page between two, and reports on what it sees.
 * Read next: trainer.ts for what is done in a slice.
 */
import { getNumThreads, type Tensor, tensor } from "lucidgrad";
import { asDigit } from "../support/as-digit.ts";
import { fetchDigits } from "./digits.ts";
import type { Drawing, Reply, Report, Request } from "./messages.ts";
import { type Digits, type Pair, Trainer } from "./trainer.ts";
import type { UnitChoice } from "./unit-statistics.ts";

/** How long to train without listening. Milliseconds. */
const SLICE = 30;
/** Milliseconds between two reports, at least. */
const REPORT_EVERY = 80;
/** How many times as long as a report takes to make must pass until the next. */
const REPORT_REST = 6;

let digits: Digits | null = null;
let trainer: Trainer | null = null;
let run = 0;
let isRunning = false;
let evaluation: ReturnType<Trainer["evaluate"]> | null = null;
/** What is classified again with every report. */
let drawn: Tensor | null = null;
/** The unit that is shown with every report. */
let watched: UnitChoice | null = { layer: 0, unit: 0, statistics: "batch", only: null };
let samples = 0;

// For the next report.
let losses: Pair<number>[] = [];
let accuracy: Report["accuracy"] = null;
let stepTime = 0;
let nextReport = 0;

const reply = (message: Reply): void => postMessage(message);

/** At first often, since much happens then. */
const isTimeToEvaluate = (steps: number): boolean => steps % (steps < 200 ? 20 : 100) === 0;

function step(trainer: Trainer): void {
  const start = performance.now();
  losses.push(trainer.step());
  stepTime += performance.now() - start;
  if (isTimeToEvaluate(trainer.steps)) evaluation = trainer.evaluate();
}

/** The next piece of an evaluation, if one is under way. */
function evaluateSome(trainer: Trainer): void {
  const { done, value } = evaluation!.next();
  if (!done) return;
  accuracy = { step: trainer.steps, values: value };
  evaluation = null;
}

function report(trainer: Trainer): void {
  const start = performance.now();
  reply({
    type: "report",
    run,
    steps: trainer.steps,
    losses,
    accuracy,
    layers: trainer.layers(),
    unit: watched && trainer.unit(watched),
    pictures: trainer.pictures(),
    probabilities: drawn && trainer.classify(drawn),
    stepTime: losses.length > 0 ? stepTime / losses.length : null,
  });
  losses = [];
  accuracy = null;
  stepTime = 0;
  const now = performance.now();
  nextReport = now + Math.max(REPORT_EVERY, REPORT_REST * (now - start));
}

/** Reports all there is to see, the accuracy with it. */
function look(trainer: Trainer): void {
  evaluation ??= trainer.evaluate();
  while (evaluation) evaluateSome(trainer);
  report(trainer);
}

// A message to itself comes after those that the page has sent meanwhile, and at once: a timer would wait.
const { port1, port2 } = new MessageChannel();
let isOnItsWay = false;
function trainOn(): void {
  if (!isOnItsWay) port2.postMessage(null);
  isOnItsWay = true;
}
port1.onmessage = () => {
  isOnItsWay = false;
  if (!isRunning || !trainer) return;
  const end = performance.now() + SLICE;
  while (performance.now() < end) {
    if (evaluation) evaluateSome(trainer);
    else step(trainer);
  }
  if (performance.now() >= nextReport) report(trainer);
  trainOn();
};

/** A canvas has a pixel's colours together; a tensor has each in a plane of its own, from 0 to 1. */
function pictureOf({ width, height, pixels }: Drawing): Tensor {
  return tensor(Float32Array.from(pixels)).div(255).view(height, width, 4).permute(2, 0, 1);
}

function show(digit: Tensor, label: number | null): void {
  drawn = digit;
  if (!trainer) return;
  reply({ type: "seen", digit: digit.data as Float32Array, label, probabilities: trainer.classify(digit) });
}

async function load(url: string): Promise<void> {
  try {
    digits = await fetchDigits(url, (loaded, total) => reply({ type: "progress", loaded, total }));
    reply({ type: "loaded", threads: getNumThreads() });
  } catch (error) {
    reply({ type: "failed", reason: (error as Error).message });
  }
}

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  switch (request.type) {
    case "load":
      void load(request.url);
      return;
    case "reset":
      if (!digits) return;
      run = request.run;
      isRunning = false;
      losses = [];
      stepTime = 0;
      evaluation = null;
      trainer = new Trainer(digits, request.settings);
      look(trainer);
      return;
    case "learningRate":
      if (trainer) trainer.learningRate = request.value;
      return;
    case "run":
      isRunning = true;
      trainOn();
      return;
    case "pause":
      isRunning = false;
      if (trainer) look(trainer);
      return;
    case "step":
      isRunning = false;
      if (!trainer) return;
      step(trainer);
      look(trainer);
      return;
    case "watch":
      watched = request.choice;
      if (trainer && watched) reply({ type: "unit", run, unit: trainer.unit(watched) });
      return;
    case "draw":
      drawn = null;
      try {
        if (request.drawing) show(asDigit(pictureOf(request.drawing)), null);
      } catch {
        // It is ink all over: no digit, and nothing to show until there is one.
      }
      return;
    case "sample": {
      if (!digits) return;
      const [image, label] = digits.test.get(samples++ % digits.test.length);
      show(image, label.item());
    }
  }
};
