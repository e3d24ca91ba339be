/**
 * The worker: trains in slices, so that it hears the page between two, and reports on what it sees.
 * Read next: trainer.ts for what is done in a slice.
 */
import { getNumThreads, type Tensor, tensor } from "lucidgrad";
import { asDigit } from "../support/as-digit.ts";
import { fetchDigits } from "./digits.ts";
import type { Drawing, Reply, Report, Request } from "./messages.ts";
import type { Data } from "./settings.ts";
import { makeShapes } from "./shapes.ts";
import { type Each, type Pictures, Trainer, type UnitWish } from "./trainer.ts";

/** How long to train without listening. Milliseconds. */
const SLICE = 30;
/** Milliseconds between two reports, at least. */
const REPORT_EVERY = 80;
/** How many times as long as a report takes to make must pass until the next. */
const REPORT_REST = 10;

const sets: Partial<Record<Data, Pictures>> = {};
let pictures: Pictures | null = null;
let trainer: Trainer | null = null;
let run = 0;
/** Train until so many steps are made. */
let until = 0;
let evaluation: ReturnType<Trainer["evaluate"]> | null = null;
/** What is classified again with every report. */
let drawn: Tensor | null = null;
/** The unit that is shown with every report. */
let watched: UnitWish | null = null;
let samples = 0;

// For the next report.
let losses: Each<number>[] = [];
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
    isRunning: trainer.steps < until,
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
  if (!trainer || trainer.steps >= until) return;
  const end = performance.now() + SLICE;
  while (performance.now() < end && trainer.steps < until) {
    if (evaluation) evaluateSome(trainer);
    else step(trainer);
  }
  if (trainer.steps >= until) look(trainer);
  else {
    if (performance.now() >= nextReport) report(trainer);
    trainOn();
  }
};

function reset({ run: next, settings }: Extract<Request, { type: "reset" }>): void {
  run = next;
  until = 0;
  losses = [];
  accuracy = null;
  stepTime = 0;
  evaluation = null;
  pictures = sets[settings.data]!;
  trainer = new Trainer(pictures, settings);
  look(trainer);
}

/** A canvas has a pixel's colours together; a tensor has each in a plane of its own, from 0 to 1. */
function pictureOf({ width, height, pixels }: Drawing): Tensor {
  return tensor(Float32Array.from(pixels)).div(255).view(height, width, 4).permute(2, 0, 1);
}

function show(picture: Tensor, label: number | null): void {
  drawn = picture;
  if (!trainer) return;
  reply({ type: "seen", picture: picture.data as Float32Array, label, probabilities: trainer.classify(picture) });
}

/** If it is ink all over there is no digit, and nothing to show until there is one. */
function draw(drawing: Drawing | null): void {
  drawn = null;
  const digit = drawing && asDigit(pictureOf(drawing));
  if (digit) show(digit, null);
}

async function load(data: Data, url: string): Promise<void> {
  try {
    sets[data] ??=
      data === "shapes"
        ? makeShapes()
        : await fetchDigits(url, (loaded, total) => reply({ type: "progress", loaded, total }));
    reply({ type: "loaded", data, threads: getNumThreads() });
  } catch (error) {
    reply({ type: "failed", reason: (error as Error).message });
  }
}

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  switch (request.type) {
    case "load":
      void load(request.data, request.url);
      return;
    case "reset":
      reset(request);
      return;
    case "run":
      until = request.until;
      trainOn();
      return;
    case "pause":
      until = 0;
      if (trainer) look(trainer);
      return;
    case "compareModes":
      if (trainer) reply({ type: "modes", run, inTrainMode: trainer.accuraciesInTrainMode() });
      return;
    case "watch":
      watched = request.choice;
      if (trainer && watched) reply({ type: "unit", run, unit: trainer.unit(watched) });
      return;
    case "draw":
      draw(request.drawing);
      return;
    case "sample": {
      if (!pictures) return;
      const [image, label] = pictures.test.get(samples++ % pictures.test.length);
      show(image, label.item());
    }
  }
};
