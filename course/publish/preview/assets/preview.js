// @ts-check
// Updates an open page when its file is saved: only what changed is replaced, so that the scroll position stays.
// Keys are shown one by one, or all at once.

const KEYS = "preview.keys";

/** The page as the server last sent it, to tell changes of the file from those that scripts made. */
let was = fetched();
let path = location.pathname;

/** @returns {Promise<Document | null>} */
async function fetched() {
  try {
    const response = await fetch(location.pathname, { cache: "no-store" });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null; // the preview has ended; the bar says so
  }
}

/** After instant navigation, fetch the new page to compare with. */
function follow() {
  if (location.pathname === path) return;
  path = location.pathname;
  was = fetched();
}

let shown = Promise.resolve();

/** Show the saved page; saves in quick succession are shown one after another. */
function refresh() {
  shown = shown.then(show);
}

async function show() {
  const before = await was;
  const next = fetched();
  const now = await next;
  if (!now) return;
  if (!before || !document.querySelector("preview-bar")) return location.reload();
  was = next;
  const top = [scrollX, scrollY];
  document.title = now.title;
  for (const name of ["preview-bar", ".preview-problems--above", ".course-nav", ".md-content__inner"]) {
    const [live, old, fresh] = [document, before, now].map((page) => page.querySelector(name));
    if (live && old && fresh) patch(live, old, fresh);
    else if (live || fresh) return location.reload();
  }
  scrollTo({ left: top[0], top: top[1], behavior: "instant" });
  document.dispatchEvent(new CustomEvent("preview:shown"));
}

/**
 * Change *live*, which started as *old*, into *fresh*, leaving alone what is the same in both.
 * @param {Element} live @param {Element} old @param {Element} fresh
 */
function patch(live, old, fresh) {
  if (old.outerHTML === fresh.outerHTML) return;
  const [mine, before, after] = [live, old, fresh].map((element) => [...element.children]);
  const isWhole = old.matches("course-question, preview-key, p, table, pre, h1, h2, h3, h4, h5, h6");
  if (isWhole || !sameShell(old, fresh) || mine.length !== before.length || !after.length) {
    live.replaceWith(document.adoptNode(/** @type {Element} */ (fresh.cloneNode(true))));
    return;
  }
  let [was, now] = [0, 0];
  for (const [oldEnd, newEnd] of [...unchanged(before, after), [before.length, after.length]]) {
    const [gone, come] = [mine.slice(was, oldEnd), after.slice(now, newEnd)];
    if (gone.length === come.length) {
      gone.forEach((element, n) => patch(element, before[was + n], come[n]));
    } else {
      for (const element of come) {
        live.insertBefore(document.adoptNode(element.cloneNode(true)), mine[oldEnd] ?? null);
      }
      for (const element of gone) element.remove();
    }
    [was, now] = [oldEnd + 1, newEnd + 1];
  }
}

/**
 * Return the places of the longest series of elements that are in both lists, in the same order.
 * @param {Element[]} before @param {Element[]} after @returns {[number, number][]}
 */
function unchanged(before, after) {
  const [old, fresh] = [before, after].map((list) => list.map(({ outerHTML }) => outerHTML));
  // longest[n][m]: how many of old from n on and of fresh from m on can stay
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let n = old.length - 1; n >= 0; n -= 1) {
    for (let m = fresh.length - 1; m >= 0; m -= 1) {
      longest[n][m] =
        old[n] === fresh[m]
          ? longest[n + 1][m + 1] + 1
          : Math.max(longest[n + 1][m], longest[n][m + 1]);
    }
  }
  /** @type {[number, number][]} */
  const found = [];
  for (let n = 0, m = 0; n < old.length && m < fresh.length; ) {
    if (old[n] === fresh[m]) found.push([n++, m++]);
    else if (longest[n + 1][m] >= longest[n][m + 1]) n += 1;
    else m += 1;
  }
  return found;
}

/** Whether two elements differ in what is inside them alone. @param {Element} one @param {Element} other */
function sameShell(one, other) {
  return one.cloneNode(false).isEqualNode(other.cloneNode(false)) && !hasText(one) && !hasText(other);
}

/** @param {Element} element */
function hasText(element) {
  return [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
  );
}

/** The bar at the top: problems elsewhere, the state of the preview, and a switch for all keys. */
class PreviewBar extends HTMLElement {
  connectedCallback() {
    follow();
    const box = this.querySelector("input");
    if (!box) return;
    box.checked = sessionStorage.getItem(KEYS) === "all";
    box.addEventListener("change", () => {
      sessionStorage.setItem(KEYS, box.checked ? "all" : "");
      document.dispatchEvent(new CustomEvent("preview:keys"));
    });
  }
}

/** The key of one question. */
class PreviewKey extends HTMLElement {
  connectedCallback() {
    document.addEventListener("preview:keys", this);
    if (sessionStorage.getItem(KEYS) === "all") this.handleEvent();
  }

  disconnectedCallback() {
    document.removeEventListener("preview:keys", this);
  }

  handleEvent() {
    this.querySelector("details")?.toggleAttribute("open", sessionStorage.getItem(KEYS) === "all");
  }
}

// The page reports that an answer was saved, as with the service. In the preview it is not.
document.addEventListener("course:answered", (event) => {
  const { question } = /** @type {CustomEvent} */ (event).detail;
  setTimeout(() => {
    const line = document.querySelector(`[data-question="${question}"] .question__status`);
    if (line) line.textContent = "";
  });
});

customElements.define("preview-bar", PreviewBar);
customElements.define("preview-key", PreviewKey);

/** @param {string} text */
function showState(text) {
  const line = document.querySelector(".preview-bar__state");
  if (line && line.textContent !== text) line.textContent = text;
}

let since = document.querySelector("preview-bar")?.getAttribute("data-version") ?? "0";

/** Listen for saves; after a lost connection, continue from the last version seen. */
function listen() {
  const events = new EventSource(`/api/preview/events?since=${since}`);
  events.addEventListener("message", ({ data }) => {
    const { version, pages } = JSON.parse(data);
    since = String(version);
    if (!pages || pages.includes(location.pathname)) refresh();
  });
  events.addEventListener("open", () => showState(""));
  events.addEventListener("error", () => {
    events.close();
    showState("The preview has stopped. Start it again to continue.");
    setTimeout(listen, 1_000);
  });
}
listen();
