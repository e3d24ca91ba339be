/** The service worker, which keeps the site for when there is no network, and lets threads share memory where the host does not. */

/** Starts it, and has it fetch what it does not have yet of what is read in a language. */
export async function keepOffline(site: URL, language: string): Promise<void> {
  if (!navigator.serviceWorker) return; // the address is neither https nor this machine's
  await navigator.serviceWorker.register(new URL("service-worker.js", site));
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ keep: language });
}
