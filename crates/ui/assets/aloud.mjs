// @ts-check
// 读给我听: reads what data-read-aloud names, block by block, so that stopping takes effect at once.

/** What can be heard: not the hidden, not what only decorates.
 * @param {Element} root @returns {string[]} */
const blocks = (root) => [...root.querySelectorAll("h1, h2, h3, p, li, dt, dd, legend, label, th, td")]
  .filter((el) => !el.closest("[aria-hidden=true], .needs-script") && /** @type {HTMLElement} */ (el).offsetParent
    && !el.querySelector("h1, h2, h3, p, li, dt, dd, legend, label"))
  .map((el) => (el.textContent ?? "").replace(/\s+/g, " ").replace(/R-[A-Z]+-\d+/g, "").trim())
  .filter(Boolean);

const synth = globalThis.speechSynthesis;
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-read-aloud]"))) {
  const label = /** @type {Text} */ (button.lastChild);
  const words = label.data;
  if (!synth) { button.hidden = true; continue; }
  /** @param {boolean} on */
  const show = (on) => { label.data = on ? "停下" : words; button.setAttribute("aria-pressed", String(on)); };
  button.addEventListener("click", () => {
    const was = button.getAttribute("aria-pressed") === "true";
    synth.cancel();
    show(!was);
    if (was) return;
    const texts = blocks(document.querySelector(button.dataset.readAloud ?? "main") ?? document.body);
    texts.forEach((text, place) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = "zh-CN";
      said.rate = 0.9;
      if (place === texts.length - 1) said.onend = () => show(false);
      synth.speak(said);
    });
  });
  addEventListener("pagehide", () => synth.cancel());
}
