/**
 * For the playground, which is much faster with threads. At a first visit to a host that sends no headers of isolation, the page is
 * there before the service worker that adds them: then it is loaded once more.
 */
import { keepOffline } from "./offline.ts";

const site = new URL("..", (document.currentScript as HTMLScriptElement).src);
const workers = navigator.serviceWorker;

if (workers) {
  if (!crossOriginIsolated && !workers.controller)
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  addEventListener("load", () => void keepOffline(site, document.documentElement.lang.startsWith("zh") ? "zh" : "en"));
}
