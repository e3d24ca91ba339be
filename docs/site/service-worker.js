/**
 * Two things that a host of files does not do. It keeps the site for when there is no network; and it says of every file what lets
 * threads share memory, where the host does not say so.
 */

/** Written by build.ts: what stands in FILES names every file of the site, VERSION changes with any of them. */
const { VERSION, FILES } = self.SITE;
const NAME = "lucidgrad ";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

function isolated(response) {
  if (response.type !== "basic" || response.headers.has("Cross-Origin-Embedder-Policy")) return response;
  const { status, statusText, body } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  return new Response(status === 204 || status === 304 ? null : body, { status, statusText, headers });
}

/** The network's, so that what is new is seen at once; without one, what was kept. */
async function answer(request) {
  try {
    return isolated(await fetch(request));
  } catch (error) {
    const url = new URL(request.url);
    if (url.pathname.endsWith("/")) url.pathname += "index.html";
    const kept = await caches.match(url.href, { ignoreSearch: true });
    if (!kept) throw error;
    return isolated(kept);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});

/** A page has been opened: the rest is fetched behind its back, what is read in its language first. */
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));

let keeping = Promise.resolve();

function keep(language) {
  keeping = keeping.catch(() => {}).then(() => keepAll(language));
  return keeping;
}

async function keepAll(language) {
  const cache = await caches.open(NAME + VERSION);
  const has = new Set((await cache.keys()).map(({ url }) => url));
  const wanted = FILES.map((file) => new URL(file, self.registration.scope).href).filter((url) => !has.has(url));
  const ofLanguage = (url) => url.includes("/zh/") === (language === "zh");
  const order = [...wanted.filter(ofLanguage), ...wanted.filter((url) => !ofLanguage(url))];
  for (let i = 0; i < order.length; i += 8) {
    await Promise.all(order.slice(i, i + 8).map((url) => cache.add(new Request(url, { cache: "no-cache" }))));
  }
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME) && name !== NAME + VERSION) await caches.delete(name);
  }
}
