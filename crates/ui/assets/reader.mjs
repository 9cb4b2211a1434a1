// @ts-check
// The page reader beyond links: zoom (+ − 0), turning, two pages that scroll together, the current
// thumbnail in sight, the neighbours fetched ahead, pages further down only when they come into sight. Turning pages is a link and needs no script.

const ZOOM = "reader-zoom";
const pages = /** @type {SVGSVGElement[]} */ ([...document.querySelectorAll("[data-page]")]);
let zoom = Number(sessionStorage.getItem(ZOOM)) || 1;
let turned = 0;

function show() {
  for (const page of pages) {
    page.style.width = `${zoom * 100}%`;
    page.style.maxWidth = zoom === 1 ? "" : "none";
    page.classList.remove("turn-1", "turn-2", "turn-3");
    if (turned) page.classList.add(`turn-${turned}`);
  }
  sessionStorage.setItem(ZOOM, String(zoom));
}

addEventListener("keydown", (event) => {
  if (!pages.length) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input, textarea, select")) return;
  if (localStorage.getItem("keys-off") === "1") return;
  if (event.key === "+" || event.key === "=") zoom = Math.min(zoom * 1.25, 5);
  else if (event.key === "-") zoom = Math.max(zoom / 1.25, 0.4);
  else if (event.key === "0") zoom = 1;
  else return;
  event.preventDefault();
  show();
});
for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-turn]"))) {
  link.addEventListener("click", (event) => { event.preventDefault(); turned = (turned + 1) % 4; show(); });
}
if (zoom !== 1) show();

for (const pair of document.querySelectorAll("[data-linked-scroll]")) {
  const stages = [...pair.querySelectorAll("[data-stage]")];
  /** @type {Element | null} */ let leader = null;
  for (const stage of stages) {
    for (const kind of ["wheel", "pointerdown", "keydown", "touchstart", "focusin"]) stage.addEventListener(kind, () => { leader = stage; }, { passive: true });
    stage.addEventListener("scroll", () => {
      if (leader !== stage) return;
      const share = stage.scrollTop / (stage.scrollHeight - stage.clientHeight || 1);
      for (const other of stages) if (other !== stage) other.scrollTop = share * (other.scrollHeight - other.clientHeight);
    }, { passive: true });
  }
}

for (const strip of document.querySelectorAll("[data-thumbs]")) {
  const now = /** @type {HTMLElement | null} */ (strip.querySelector("[aria-current]"));
  if (now) strip.scrollLeft = now.offsetLeft - strip.clientWidth / 2;
}
// one page ahead and behind, as documents: turning a page then costs no wait
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[aria-keyshortcuts=ArrowRight], a[aria-keyshortcuts=ArrowLeft]"))) {
  const ahead = document.createElement("link");
  ahead.rel = "prefetch";
  ahead.href = link.href;
  if (!link.hash) document.head.append(ahead);
}
// What lies in a template is put in its place as soon as it comes into sight: what lies below costs the first view nothing.
const near = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting) {
    near.unobserve(target);
    target.replaceWith(.../** @type {HTMLTemplateElement} */ (target.previousElementSibling).content.childNodes);
  }
});
for (const kept of document.querySelectorAll("template[data-in-sight]")) {
  const place = document.createElement("div");
  place.className = "sheet-to-come";
  kept.after(place);
  near.observe(place);
}
