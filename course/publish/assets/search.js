// @ts-check
// Replaces Material's search worker until the first search. That worker and the search index are almost as
// large as everything else of a first visit, and Material loads both with every page. This one reports that it
// is ready, and loads Material's worker, whose URL is in the fragment, when the first query arrives.
"use strict";
(() => {
  const SETUP = 0;
  const READY = 1;
  const QUERY = 2;
  const RESULT = 3;
  const worker = /** @type {any} */ (self);
  const theirs = new URL(location.hash.slice(1), location.href);
  const index = new URL("../../search/search_index.json", location.href);
  const [send, load] = [worker.postMessage.bind(worker), worker.importScripts.bind(worker)];
  const dispatch = (/** @type {object} */ data) => dispatchEvent(new MessageEvent("message", { data }));
  let waiting = "";
  let started = false;
  let ready = false;

  worker.importScripts = (/** @type {string[]} */ ...names) =>
    load(...names.map((name) => `${new URL(name, theirs)}`));
  worker.postMessage = (/** @type {any} */ message) => {
    if (message?.type !== READY) return send(message);
    ready = true;
    dispatch({ type: QUERY, data: waiting });
  };

  const start = async () => {
    const { config, docs } = await (await fetch(index)).json();
    load(`${theirs}`);
    dispatch({ type: SETUP, data: { config, docs, options: { suggest: true } } });
  };

  addEventListener("message", (event) => {
    if (ready || event.data.type !== QUERY) return;
    event.stopImmediatePropagation();
    waiting = event.data.data;
    if (waiting && !started) {
      started = true;
      start().catch(() => (started = false)); // not available: the next letter tries again
    }
    if (!started) send({ type: RESULT, data: { items: [] } });
  });
  send({ type: READY });
})();
