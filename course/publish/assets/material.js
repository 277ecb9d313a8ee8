// @ts-check
// Material's script does instant navigation, search, the highlight in the table of contents, and tooltips. None of
// that is needed to read, and it keeps a slow phone busy for half a second. So it is loaded neither with the page
// nor while somebody scrolls or answers, but in the first pause after another input event, or at once for a search.

const TOUCHES = ["pointerdown", "pointermove", "keydown", "focusin", "scroll"];
/** Milliseconds without input that count as a pause. */
const PAUSE = 400;
/** Material's shortcuts: the first one pressed is dispatched again when the script is loaded. */
const KEYS = new Set(["f", "s", "/", "p", ",", "n", "."]);

/** Load Material at the first input; a page with scripts of its own loads it at once, and has no such link. */
export function atFirstTouch() {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("#course-later"));
  if (!link) return;
  const first = new AbortController();
  /** @type {number | undefined} */
  let timer;
  /** @param {Event} event */
  const start = (event) => {
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
    if ((searches && event.type !== "pointermove") || isKey(event)) start(event);
    else if (!answers) timer = setTimeout(() => idle(() => first.signal.aborted || start(event)), PAUSE);
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
    // In a separate task, so that input in between is handled.
    setTimeout(() => {
      // Material sets up the page at this event, which fired long ago.
      document.dispatchEvent(new Event("DOMContentLoaded"));
      if (isKey(event)) dispatchEvent(new KeyboardEvent("keydown", event));
    }),
  );
  document.body.append(script);
}
