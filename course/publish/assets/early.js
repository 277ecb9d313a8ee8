// @ts-check
// Runs before the first paint, as a plain script in the head. Material's scripts expect the four
// functions below; Material writes them into the page, which our Content-Security-Policy forbids.
"use strict";
(() => {
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const scope = new URL(own.dataset.base ?? ".", location.href);
  const root = document.documentElement;
  root.classList.replace("no-js", "js");

  /** @param {string} key @param {Storage} [store] */
  const get = (key, store, at = scope) => {
    try {
      return JSON.parse((store ?? localStorage).getItem(`${at.pathname}.${key}`) ?? "null");
    } catch {
      return null; // storage is switched off, or holds what is not ours
    }
  };
  /** @param {string} key @param {unknown} value @param {Storage} [store] */
  const set = (key, value, store, at = scope) => {
    try {
      (store ?? localStorage).setItem(`${at.pathname}.${key}`, JSON.stringify(value));
    } catch {
      // storage is full or switched off: the choice lasts as long as this page
    }
  };
  /** @param {string} text */
  const hash = (text) => [...text].reduce((sum, c) => ((sum << 5) - sum + c.charCodeAt(0)) | 0, 0);
  Object.assign(globalThis, { __md_scope: scope, __md_get: get, __md_set: set, __md_hash: hash });

  // The colours: as chosen here before, or else as the system has them. The body is not there yet; an
  // observer hears of it before anything is painted.
  const chosen = get("__palette")?.color ?? { media: "(prefers-color-scheme)" };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme =
    chosen.media === "(prefers-color-scheme)" ? (dark ? "slate" : "default") : chosen.scheme;
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    document.body.setAttribute("data-md-color-scheme", scheme);
    observer.disconnect();
  }).observe(root, { childList: true });
})();
