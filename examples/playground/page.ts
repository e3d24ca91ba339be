/**
 * The page: puts together what there is to see and what there is to do. It computes nothing itself: session.ts knows what the
 * worker reports, and tells it to all views that watch.
 * Read next: messages.ts for what page and worker say to each other, worker.ts for the other end.
 */

import { settingsCaption } from "./captions.ts";
import { CodePanel } from "./code-panel.ts";
import { CollapseView } from "./collapse-view.ts";
import { Controls } from "./controls.ts";
import { Curves } from "./curves.ts";
import { offerDownloads } from "./downloads.ts";
import { DrawingPanel } from "./drawing-panel.ts";
import { byId, NETWORKS } from "./elements.ts";
import { Experiments } from "./experiments.ts";
import { onLanguage } from "./language.ts";
import { namesOf } from "./names.ts";
import { Navigation } from "./navigation.ts";
import { PicturesView } from "./pictures-view.ts";
import { preparePreferences } from "./preferences.ts";
import { preparePrinting } from "./printing.ts";
import { Runs } from "./runs.ts";
import { Session } from "./session.ts";
import { defaults, type Settings } from "./settings.ts";
import { StoryPanel } from "./story-panel.ts";
import { Toolbar } from "./toolbar.ts";
import { UnitView } from "./unit-view.ts";

const session = new Session();

const controls = new Controls(byId("settings"), (settings) => {
  session.start(settings, session.status === "running" ? Number.POSITIVE_INFINITY : 0);
});
/** Experiments and the story choose settings, too. */
const start = (settings: Settings, steps: number): void => {
  controls.show(settings);
  session.start(settings, steps);
};
byId("defaults").addEventListener("click", () => start(defaults, 0));

if (matchMedia("(max-width: 64rem)").matches) byId("settings-panel").removeAttribute("open"); // so that charts follow the story

const showSettings = (): void => {
  const names = namesOf(session.settings);
  document.body.dataset.contestants = `${names.length}`; // style.css hides who is not there
  for (const element of document.querySelectorAll<HTMLElement>("[data-name]")) {
    element.textContent = names[(NETWORKS as readonly (string | undefined)[]).indexOf(element.dataset.name)] ?? "";
  }
  byId("settings-caption").textContent = settingsCaption(session.settings);
};
session.watch({
  started: showSettings,
  statusChanged() {
    controls.isEnabled = session.status !== "loading" && session.status !== "failed";
  },
});

const runs = new Runs(session);
const curves = new Curves(session, () => runs.list);
runs.changed = () => curves.reported();
offerDownloads(session, curves, () => runs.list);

session.watch(runs);
session.watch(curves);
session.watch(new Toolbar(session));
session.watch(new CollapseView(session));
session.watch(new UnitView(session));
session.watch(new PicturesView(byId("pictures")));
session.watch(new DrawingPanel(session));
session.watch(new CodePanel(session));
session.watch(new Experiments(session, start));
session.watch(new StoryPanel(session, start));

preparePreferences(() => session.redraw());
preparePrinting(session);
onLanguage(showSettings);
session.watch(new Navigation(session, (settings) => controls.show(settings)));
