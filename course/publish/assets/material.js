// @ts-check
// Material's script turns pages without loading them anew, searches, follows the reader in the table of contents,
// and shows tips. Nobody needs any of that to read, and it keeps a slow phone busy for half a second. So it does
// not run while the page comes, nor while somebody scrolls or answers, but in the first pause after a touch
// elsewhere, and at once for who searches.

const TOUCHES = ["pointerdown", "pointermove", "keydown", "focusin", "scroll"];
/** Milliseconds without a touch that make a pause. */
const PAUSE = 400;
/** Material's own keys: the first one is told again when the script has come. */
const KEYS = new Set(["f", "s", "/", "p", ",", "n", "."]);

/** Wait for a touch; a page that brings scripts of its own needs Material at once, and has no such link. */
export function atFirstTouch() {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("#course-later"));
  if (!link) return;
  const first = new AbortController();
  /** @type {number | undefined} */
  let timer;
  /** @param {Event} event */
  const begin = (event) => {
    first.abort();
    clearTimeout(timer);
    load(link.href, event);
  };
  /** @param {Event} event */
  const touched = (event) => {
    clearTimeout(timer);
    const { target } = event;
    const searches = target instanceof Element && target.closest(".md-search, .course-search");
    const answers = target instanceof Element && target.closest("course-question");
    if ((searches && event.type !== "pointermove") || isKey(event)) begin(event);
    else if (!answers) timer = setTimeout(() => idle(() => first.signal.aborted || begin(event)), PAUSE);
  };
  for (const name of TOUCHES) {
    addEventListener(name, touched, { capture: true, passive: true, signal: first.signal });
  }
}

/** @param {Event} event @returns {event is KeyboardEvent} */
function isKey(event) {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  return KEYS.has(event.key) && !typing;
}

/** @param {() => void} run */
function idle(run) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 1000 });
  else setTimeout(run);
}

/** @param {string} address @param {Event} event */
function load(address, event) {
  const script = document.createElement("script");
  script.src = address;
  script.addEventListener("load", () =>
    // A task of its own, so that a touch in between is heard.
    setTimeout(() => {
      // What it does with a page, it does when it hears that the page is whole. That was long ago.
      document.dispatchEvent(new Event("DOMContentLoaded"));
      if (isKey(event)) dispatchEvent(new KeyboardEvent("keydown", event));
    }),
  );
  document.body.append(script);
}
