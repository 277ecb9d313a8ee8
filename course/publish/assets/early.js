// @ts-check
// Runs before the first paint, as a plain script in the head. Material's scripts expect the four
// functions below; Material writes them into the page, which our Content-Security-Policy forbids.
"use strict";
(() => {
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const scope = new URL(own.dataset.base ?? ".", location.href);
  const root = document.documentElement;
  root.classList.replace("no-js", "js");
  // Material's script adds this one, which nothing uses; later, it would style the whole page once more.
  root.classList.add("js-focus-visible");

  const anchor = () => root.classList.toggle("anchored", location.hash.length > 1);
  anchor();
  addEventListener("hashchange", anchor);

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

  // The colours: as chosen here before, or else as the system has them. Material's own switch styles each page
  // three times over, so the form in the header has no `data-md-component`, and works from here.
  const SYSTEM = "(prefers-color-scheme)";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = get("__palette")?.color ?? { media: SYSTEM };
  const color = () => {
    const scheme = chosen.media === SYSTEM ? (dark.matches ? "slate" : "default") : chosen.scheme;
    root.setAttribute("data-scheme", scheme);
    document.body?.setAttribute("data-md-color-scheme", scheme);
  };
  /** The browser's own bar has the colour of the paper. */
  const bar = Object.assign(document.createElement("meta"), { name: "theme-color" });
  const tint = () => (bar.content = getComputedStyle(document.body).backgroundColor);
  const options = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[name=__palette]")]);
  /** Show the button that leads on from what is chosen. */
  const offer = () => {
    for (const option of options()) {
      option.checked = option.dataset.mdColorMedia === chosen.media;
      option.nextElementSibling?.toggleAttribute("hidden", !option.checked);
    }
  };

  color();
  // The body is not there yet; an observer hears of it before anything is painted.
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    color();
    observer.disconnect();
  }).observe(root, { childList: true });
  const come = () => {
    offer();
    requestAnimationFrame(() => {
      tint();
      document.head.append(bar);
    });
  };
  document.addEventListener("DOMContentLoaded", come, { once: true });
  const turn = () => {
    document.body.setAttribute("data-md-color-switching", ""); // at once, not bit by bit
    color();
    tint();
    document.body.removeAttribute("data-md-color-switching");
  };
  dark.addEventListener("change", turn);
  document.addEventListener("change", ({ target }) => {
    const option = /** @type {HTMLInputElement} */ (target);
    if (option.name !== "__palette") return;
    const { mdColorMedia: media = SYSTEM, mdColorScheme: scheme } = option.dataset;
    chosen = { media, scheme };
    set("__palette", { index: options().indexOf(option), color: chosen });
    offer();
    turn();
  });
  document.addEventListener("keydown", ({ key, target }) => {
    const all = options();
    const at = all.indexOf(/** @type {HTMLInputElement} */ (target));
    if (key !== "Enter" || at < 0) return;
    const next = all[(at + 1) % all.length];
    next.click();
    next.focus();
  });
})();
