// @ts-check
// Stands in for Material's search worker until somebody searches. That one and the index of the course weigh
// almost as much as everything else of a first visit, and Material loads both with every page. It says that it
// is ready, takes questions, and lets Material's worker answer them, whose address stands behind the "#".
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
  const tell = (/** @type {object} */ data) => dispatchEvent(new MessageEvent("message", { data }));
  let waiting = "";
  let begun = false;
  let ready = false;

  worker.importScripts = (/** @type {string[]} */ ...names) =>
    load(...names.map((name) => `${new URL(name, theirs)}`));
  worker.postMessage = (/** @type {any} */ message) => {
    if (message?.type !== READY) return send(message);
    ready = true;
    tell({ type: QUERY, data: waiting });
  };

  const begin = async () => {
    const { config, docs } = await (await fetch(index)).json();
    load(`${theirs}`);
    tell({ type: SETUP, data: { config, docs, options: { suggest: true } } });
  };

  addEventListener("message", (event) => {
    if (ready || event.data.type !== QUERY) return;
    event.stopImmediatePropagation();
    waiting = event.data.data;
    if (waiting && !begun) {
      begun = true;
      begin().catch(() => (begun = false)); // away just now: the next letter tries again
    }
    if (!begun) send({ type: RESULT, data: { items: [] } });
  });
  send({ type: READY });
})();
