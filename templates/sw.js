// Keeps the shell and nothing else: no page of the mailbox, no mail, no answer of the API is ever put into a cache.
const OFFLINE = SHELL[SHELL.length - 1];

addEventListener('install', event => {
  event.waitUntil(caches.open(KEPT_AS).then(cache => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener('activate', event => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== KEPT_AS) await caches.delete(name);
    await registration.navigationPreload?.enable();
  })());
});

// Pages are asked for by the browser itself (preload): a worker's own request would not look like a person's opening of a page.
async function page(event) {
  try {
    return await event.preloadResponse || await fetch(event.request);
  } catch {
    return caches.match(OFFLINE);
  }
}

addEventListener('fetch', event => {
  const { method, mode, destination, url } = event.request;
  if (method !== 'GET') return;
  if (SHELL.includes(new URL(url).pathname) && mode !== 'navigate') {
    event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request)));
  } else if (mode === 'navigate' && destination === 'document' && registration.navigationPreload) {
    event.respondWith(page(event));
  }
});
