/**
 * Two things that a host of files does not do. It keeps the site for when there is no network; and it says of every file what lets
 * threads share memory, where the host does not say so.
 */

/** Written by build.ts: FILES has every file of the site, by who gets it ahead (offline.ts); VERSION changes with any of them. */
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

/** The network's, so that what is new is seen at once; without one, what was kept. What is not fetched ahead is kept now. */
async function answer(event) {
  const { request } = event;
  try {
    const response = await fetch(request);
    const { origin, pathname } = new URL(request.url);
    if (response.status === 200 && whenAsked.has(origin + pathname)) event.waitUntil(put(request, response.clone()));
    return isolated(response);
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
  if (request.method === "GET" && request.url.startsWith(self.registration.scope)) event.respondWith(answer(event));
});

const addressOf = (file) => new URL(file, self.registration.scope).href;
const cacheOfNow = () => caches.open(NAME + VERSION);
const put = async (request, response) => (await cacheOfNow()).put(request, response);
const urlsIn = async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url);

/** What a reader of either language does not get ahead. */
const whenAsked = new Set([...FILES.none, ...FILES.en, ...FILES.zh].map(addressOf));

/** A page has been opened: what is read in its language is fetched behind its back. */
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));

let keeping = Promise.resolve();

function keep(language) {
  keeping = keeping.catch(() => {}).then(() => keepAll(language));
  return keeping;
}

/** And what was asked for in an older version of the site. */
async function keepAll(language) {
  const cache = await cacheOfNow();
  const older = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== NAME + VERSION);
  const had = new Set((await Promise.all(older.map(urlsIn))).flat());
  const has = new Set(await urlsIn(NAME + VERSION));
  const wanted = [...FILES[language], ...FILES.both].map(addressOf);
  const kept = [...whenAsked].filter((url) => had.has(url));
  const order = [...new Set([...wanted, ...kept])].filter((url) => !has.has(url));
  for (let i = 0; i < order.length; i += 8) {
    await Promise.all(order.slice(i, i + 8).map((url) => cache.add(new Request(url, { cache: "no-cache" }))));
  }
  for (const name of older) await caches.delete(name);
}
