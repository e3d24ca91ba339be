/**
 * The page: sends what the user wants to the worker, and shows what the worker reports. It computes nothing itself.
 * Read next: messages.ts for what the two say to each other, worker.ts for the other end.
 */
import { Chart, type Curve } from "./charts.ts";
import { CodePanel } from "./code-panel.ts";
import { CollapseView } from "./collapse-view.ts";
import { Controls } from "./controls.ts";
import { DrawingBoard } from "./drawing.ts";
import { byId, make, NETWORKS } from "./elements.ts";
import { FILE_NAME, TRAIN } from "./file.ts";
import { LossHistory } from "./history.ts";
import { onLanguage, say, switchLanguage, writeTexts } from "./language.ts";
import type { Reply, Report, Request } from "./messages.ts";
import { PicturesView } from "./pictures-view.ts";
import { ProbabilitiesView } from "./probabilities-view.ts";
import { defaults, type Experiment, experiments } from "./settings.ts";
import type { Pair } from "./trainer.ts";
import { UnitView } from "./unit-view.ts";

type Status = "loading" | "ready" | "running" | "paused" | "failed";

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const tell = (request: Request): void => worker.postMessage(request);

let status: Status = "loading";
/** Why it failed. */
let failure = () => "";
let threads = 0;
let run = 0;
let steps = 0;
let experiment: Experiment | null = null;
let losses = new LossHistory();
let accuracies = { steps: [] as number[], values: [[], []] as Pair<number[]> };
/** The digit that is drawn; of a test digit its label. */
let drawn: { label: number | null } | null = null;

// What there is to see.
const collapse = new CollapseView();
const unit = new UnitView((choice) => tell({ type: "watch", choice }));
const pictures = new PicturesView(byId("pictures"));
const probabilities = new ProbabilitiesView(byId("probabilities"));
const code = new CodePanel();
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const lossText = (loss: number) => (Number.isFinite(loss) ? loss.toFixed(3) : "∞");
const curves: Curve[] = NETWORKS.flatMap((network) => [
  { colour: network, alpha: 0.25, width: 1 },
  { colour: network, alpha: 1, width: 2 },
]);
const lossChart = new Chart({
  host: byId("loss-chart"),
  curves,
  range: (_, high) => [0, Math.min(Math.max(high, 2.5), 5)], // what is beyond 5 leaves through the top
  format: (loss) => loss.toFixed(1),
  hover: (index) => write("loss", index === null ? losses.smoothed : at(losses.smooth, index), lossText),
});
const accuracyChart = new Chart({
  host: byId("accuracy-chart"),
  curves: NETWORKS.map((network) => ({ colour: network, alpha: 1, width: 2 })),
  range: () => [0, 1],
  format: (share) => `${Math.round(100 * share)} %`,
  hover: (index) => write("accuracy", at(accuracies.values, index ?? accuracies.steps.length - 1), percent),
});

const at = (values: Pair<number[]>, index: number): Pair<number> => [values[0][index], values[1][index]];

/** Puts a number of each network into its legend. */
function write(what: "loss" | "accuracy", values: Pair<number>, format: (value: number) => string): void {
  NETWORKS.forEach((network, i) => {
    byId(`${what}-${network}`).textContent = values[i] === undefined ? "–" : format(values[i]);
  });
}

function showStatus(next: Status): void {
  status = next;
  document.body.dataset.status = status;
  const texts = {
    loading: say().statusLoading,
    ready: say().statusReady,
    running: say().statusRunning,
    paused: say().statusPaused(steps.toLocaleString("en")),
    failed: failure(),
  };
  byId("status").textContent = texts[status];
  byId("threads").textContent =
    threads === 0 ? "" : threads === 1 && !crossOriginIsolated ? say().oneThread : say().threads(threads);
  const button = byId("run");
  button.dataset.text = status === "running" ? "pause" : "run";
  button.textContent = status === "running" ? say().pause : say().run;
  for (const id of ["run", "step", "reset", "sample"]) {
    byId(id, HTMLButtonElement).disabled = status === "loading" || status === "failed";
  }
}

/** New networks, with the settings as they are. */
function reset(): void {
  run++;
  losses = new LossHistory();
  accuracies = { steps: [], values: [[], []] };
  collapse.reset();
  tell({ type: "reset", run, settings: controls.settings });
  showNames();
  code.show(controls.settings);
  showStatus("ready");
}

function start(): void {
  tell({ type: "run" });
  showStatus("running");
}

/** What the networks are called depends on the switch for batch norm. */
function showNames(): void {
  const { withBatchNorm, withoutBatchNorm, otherWeights } = say();
  const names = { first: controls.settings.batchNorm ? withBatchNorm : otherWeights, second: withoutBatchNorm };
  for (const element of document.querySelectorAll<HTMLElement>("[data-name]")) {
    element.textContent = names[element.dataset.name as keyof typeof names];
  }
}

function showExperiment(chosen: Experiment | null): void {
  experiment = chosen;
  byId("experiment-note").textContent = chosen ? say().experimentNotes[chosen] : say().experimentHint;
  for (const button of byId("experiments").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", `${button.id === `experiment-${chosen}`}`);
  }
}

function showReport(report: Report): void {
  if (report.run !== run) return; // late: of networks that are gone
  steps = report.steps;
  for (const pair of report.losses) losses.add(pair);
  byId("steps").textContent = steps.toLocaleString("en");
  byId("passes").textContent = ((steps * controls.settings.batchSize) / TRAIN).toFixed(1);
  if (report.stepTime !== null) byId("step-time").textContent = report.stepTime.toFixed(1);
  const { raw, smooth } = losses;
  lossChart.show(losses.steps, [raw[0], smooth[0], raw[1], smooth[1]]);
  write("loss", steps === 0 ? at([[], []], 0) : losses.smoothed, lossText);
  if (report.accuracy) {
    accuracies.steps.push(report.accuracy.step);
    report.accuracy.values.forEach((value, i) => {
      accuracies.values[i].push(value);
    });
    accuracyChart.show(accuracies.steps, accuracies.values);
    write("accuracy", report.accuracy.values, percent);
  }
  collapse.add({ step: steps, losses: losses.smoothed, layers: report.layers });
  if (report.unit) unit.show(report.unit);
  pictures.show(report.pictures, steps === 0);
  if (drawn) probabilities.show(report.probabilities);
  if (status === "paused") showStatus("paused"); // with the last step
}

function showSeen({ digit, label, probabilities: values }: Extract<Reply, { type: "seen" }>): void {
  drawn = { label };
  board.showSeen(digit, label !== null);
  showSeenCaption();
  probabilities.show(values);
}

function showSeenCaption(): void {
  const label = drawn?.label ?? null;
  byId("seen-caption").textContent = label === null ? say().seen : say().seenLabel(label);
}

function showLoadingFailed(reason: string): void {
  failure = () => say().loadingFailed(reason);
  showStatus("failed");
  byId("retry").hidden = false;
}

function load(): void {
  byId("retry").hidden = true;
  showStatus("loading");
  tell({ type: "load", url: new URL(FILE_NAME, document.baseURI).href });
}

worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
  switch (reply.type) {
    case "progress": {
      const bar = byId("loaded", HTMLProgressElement);
      if (reply.total !== null) Object.assign(bar, { max: reply.total, value: reply.loaded });
      byId("loaded-bytes").textContent = `${(reply.loaded / 1e6).toFixed(1)} MB`;
      return;
    }
    case "loaded":
      threads = reply.threads;
      byId("loading").hidden = true;
      reset();
      tell({ type: "sample" });
      return;
    case "failed":
      showLoadingFailed(reply.reason);
      return;
    case "report":
      showReport(reply);
      return;
    case "unit":
      if (reply.run === run) unit.show(reply.unit);
      unit.answered();
      return;
    case "seen":
      showSeen(reply);
  }
};
worker.onerror = ({ message }) => {
  failure = () => say().workerFailed(message);
  showStatus("failed");
};

// What there is to do.
for (const name of Object.keys(experiments) as Experiment[]) {
  const button = make("button", { type: "button", id: `experiment-${name}` });
  onLanguage(() => {
    button.textContent = say().experimentNames[name];
  });
  button.addEventListener("click", () => {
    controls.show({ ...defaults, ...experiments[name] });
    showExperiment(name);
    reset();
    start();
  });
  byId("experiments").append(button);
}
const controls = new Controls(byId("settings"), defaults, (name) => {
  showExperiment(null);
  code.show(controls.settings);
  if (name === "learningRate") tell({ type: "learningRate", value: controls.settings.learningRate });
  else {
    const wasRunning = status === "running";
    reset();
    if (wasRunning) start();
  }
});
const board = new DrawingBoard((drawing) => tell({ type: "draw", drawing }));

byId("run").addEventListener("click", () => {
  if (status !== "running") start();
  else {
    tell({ type: "pause" });
    showStatus("paused");
  }
});
byId("step").addEventListener("click", () => {
  tell({ type: "step" });
  showStatus("paused");
});
byId("reset").addEventListener("click", reset);
byId("retry").addEventListener("click", load);
byId("sample").addEventListener("click", () => tell({ type: "sample" }));
byId("clear").addEventListener("click", () => {
  drawn = null;
  tell({ type: "draw", drawing: null });
  board.clear();
  showSeenCaption();
  probabilities.show(null);
});
byId("language").addEventListener("click", switchLanguage);
byId("theme").addEventListener("click", () => {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
  showTheme();
  for (const view of [lossChart, accuracyChart, collapse, unit, pictures]) view.redraw();
});

/** The button says what it leads to. */
function showTheme(): void {
  byId("theme").textContent = document.documentElement.dataset.theme === "dark" ? say().lightMode : say().darkMode;
}

onLanguage(() => {
  writeTexts();
  byId("language").textContent = say().otherLanguage;
  showTheme();
  showNames();
  showStatus(status);
  showExperiment(experiment);
  showSeenCaption();
});
probabilities.show(null);
code.show(controls.settings);
load();
