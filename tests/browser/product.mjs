// @ts-check
// The product itself for browser tests: a demo of its own on free ports, its invented people, the looks at every state.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, WEIGHT, axe, later, open, overflow, shot, smallTargets } from "./lib.mjs";
import { ROUTES, pictureOf, routeOf } from "./routes.mjs";

/** @typedef {import("./lib.mjs").Page} Page */
/** @typedef {{ portal: string, court: string }} House */
/** @typedef {{ name: string, phone: string, number: string, password: string }} Person */

export const BIN = process.env.XIEZHI_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/xiezhi");
const FONTS = join(process.env.XIEZHI_TOOLS ?? join(ROOT, ".tools"), "fonts");
const SAMPLES = join(ROOT, "crates/intake/samples/loan");
export const STAFF_PASSWORD = "xiezhi-2026";

/** Says loudly that the product was not built. @returns {boolean} */
export function missing() {
  if (existsSync(BIN) || process.env.XIEZHI_PORTAL) return false;
  console.log(`SKIPPED: no product at ${BIN} (cargo build --release --workspace --bins, or set XIEZHI_BIN)`);
  return true;
}

/** Free ports; a bridge takes the one after each. @returns {Promise<number>} */
async function port() {
  const probe = createServer();
  await new Promise((done) => { probe.listen(0, "127.0.0.1", () => done(undefined)); });
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  await new Promise((done) => { probe.close(done); });
  return port;
}

/** @type {Promise<House> | undefined} */
let running;
/** A demo whose clock began on 2 March 2026, started once and ended with the tests. XIEZHI_PORTAL and XIEZHI_COURT name one that
 * runs already. */
export const house = () => running ??= start();

/** @returns {Promise<House>} */
async function start() {
  if (process.env.XIEZHI_PORTAL) return { portal: process.env.XIEZHI_PORTAL, court: process.env.XIEZHI_COURT ?? "" };
  const data = mkdtempSync(join(tmpdir(), "xiezhi-browser-"));
  const [portal, court] = [await port(), await port()];
  const child = spawn(BIN, ["serve", "--demo", "--empty", "--from", "2026-03-02", "--data", data,
    "--portal-port", String(portal), "--court-port", String(court), "--fonts", FONTS], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (text) => { said += text; });
  child.stderr.on("data", (text) => { said = (said + text).slice(-4000); });
  const ended = new Promise((done) => { child.on("exit", done); });
  later(async () => { child.kill("SIGTERM"); await ended; rmSync(data, { recursive: true, force: true }); });
  const origins = { portal: `http://127.0.0.1:${portal}`, court: `http://127.0.0.1:${court}` };
  await until("the demo answers", async () => {
    if (child.exitCode !== null) throw new Error(`the demo ended: ${said}`);
    return (await fetch(`${origins.portal}/`)).ok && (await fetch(`${origins.court}/login`)).ok;
  });
  return origins;
}

/** Asks again until it holds; the last reason is the error.
 * @template T @param {string} what @param {() => Promise<T>} ask @param {number} [seconds] @returns {Promise<NonNullable<T>>} */
export async function until(what, ask, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (let reason; ;) {
    try {
      const found = await ask();
      if (found) return found;
    } catch (error) { reason = error; }
    if (Date.now() > end) throw new Error(`${what}: ${reason instanceof Error ? reason.message : "it did not come about"}`);
    await new Promise((done) => { setTimeout(done, 100); });
  }
}

let born = 0;
/** An invented person; the area code 449900 does not exist, the check digit holds (GB 11643). @param {string} name @returns {Person} */
export function person(name) {
  born += 1;
  const body = `449900198${born % 10}0${1 + born % 9}1${born % 9}${String(200 + born * 2).slice(-3)}`;
  const sum = [...body].reduce((sum, digit, at) => sum + Number(digit) * (2 ** (17 - at) % 11), 0);
  return { name, number: body + "10X98765432"[sum % 11], phone: `1990555${String(1000 + born)}`, password: `story-${1000 + born}` };
}

/** Pictures kept besides one of every page: what differs in large type and at a desk. */
const MORE = ["portal-home-elder-360", "portal-case-elder-360", "portal-case-answer-elder-360", "portal-home-1440", "portal-case-1440",
  "portal-file-draft-page-error-360", "portal-verify-good-360", "portal-verify-bad-360", "workbench-review-return-1440", "workbench-judge-draft-360"];
const PICTURES = new Set([...ROUTES.map(pictureOf), ...MORE]);

/** Routes whose pages were looked at. @type {Set<string>} */
export const seen = new Set();

/** A walk came to its end, and this was found on it. */
export class Findings extends Error {}

/** Looks at a page in whatever state it is: what is wrong with it is kept, and told at the end of the walk. */
export class Looks {
  /** @type {string[]} */
  wrong = [];
  /** States seen, for the count at the end. */
  states = 0;

  /** @param {"portal" | "workbench"} wing @param {string} tag what stands in the names of its pictures @param {number} least smallest target in pixels */
  constructor(wing, tag, least) {
    this.wing = wing;
    this.tag = tag;
    this.least = least;
  }

  /** @param {Page} page @param {string} state */
  async at(page, state) {
    this.states += 1;
    const route = routeOf(this.wing, new URL(page.url()).pathname);
    if (route) seen.add(route.name);
    const say = (/** @type {string} */ what) => this.wrong.push(`${state} (${new URL(page.url()).pathname}): ${what}`);
    // The browser itself reports an answer of 4xx, which these walks provoke.
    for (const error of page.seen.errors.splice(0)) if (!/status of 4\d\d/.test(error)) say(`console: ${error}`);
    const heads = await page.locator("h1").count();
    if (heads !== 1) say(`${heads} h1`);
    const wider = await overflow(page);
    if (wider > 0) say(`wider than its window by ${wider} px`);
    for (const target of await smallTargets(page, this.least)) say(`target under ${this.least} px: ${target}`);
    for (const finding of await axe(page)) say(`axe ${finding}`);
    const bytes = await page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .reduce((sum, entry) => sum + /** @type {PerformanceResourceTiming} */ (entry).encodedBodySize, 0));
    if (bytes > WEIGHT) say(`first view weighs ${bytes} bytes`);
    if (bytes < 8_000) say(`weighed only ${bytes} bytes: the measure is broken`);
    const picture = `${this.wing}-${state}-${this.tag}`;
    if (PICTURES.has(picture) || process.env.SHOTS_DIR) await shot(page, picture);
  }

  /** Throws what was found on the whole walk. */
  hold() {
    assert.ok(this.states > 0, "nothing was looked at");
    const wrong = this.wrong.splice(0);
    if (wrong.length) throw new Findings(`${wrong.length} findings in ${this.states} states\n  ${wrong.join("\n  ")}`);
  }
}

/** Goes to a path within the page's own session. @param {Page} page @param {string} path */
export const visit = (page, path) => page.goto(page.origin + path, { waitUntil: "load" });

/** Presses a button of a form and waits for the page that answers. @param {Page} page @param {import("playwright-core").Locator} button @returns {Promise<number>} */
export async function press(page, button) {
  const from = `${page.url()} ${(await button.textContent())?.trim()}`;
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && response.frame() === page.mainFrame() && (response.status() < 300 || response.status() >= 400)),
    button.click(),
  ]).catch((error) => { throw new Error(`${from}: ${String(error).slice(0, 300)}`); });
  await page.waitForLoadState("load");
  return answer.status();
}

/** Fills a form and presses its button, again when the workers were quicker and the page was stale (409): what it then shows is new.
 * @param {Page} page @param {string} form @param {() => Promise<void>} fill @param {string} [button] @returns {Promise<number>} */
export async function send(page, form, fill, button = "button.primary") {
  for (let turns = 0; ; turns++) {
    await fill();
    const status = await press(page, page.locator(`${form} ${button}`).first());
    if (status !== 409 || turns > 20) return status;
  }
}

/** Fills what a form asks, by the names of its fields. A list names the boxes or the radio to choose. Fields that show only once
 * another was chosen are filled as they appear.
 * @param {Page} page @param {Record<string, string | string[]>} answers @param {string} [form] */
export async function answer(page, answers, form = "main form") {
  const done = new Set();
  for (let more = true; more;) {
    more = false;
    for (const field of await page.locator(`${form} :is(input, select, textarea):not([type=hidden]):not([type=file])`).all()) {
      const [name, type, value, tag] = await field.evaluate((el) => {
        const field = /** @type {HTMLInputElement} */ (el);
        return [field.name, field.type, field.value, field.tagName];
      });
      const wanted = answers[name ?? ""];
      const key = `${name}=${type === "radio" || type === "checkbox" ? value : ""}`;
      if (wanted === undefined || done.has(key)) continue;
      const list = [wanted].flat();
      const shown = await field.evaluate((el) => (el.closest("label") ?? el).checkVisibility());
      if (!shown) continue;
      done.add(key);
      more = true;
      if (type === "radio") { if (list.includes(value ?? "")) await field.check({ force: true }); }
      else if (type === "checkbox") await field.setChecked(list.includes(value ?? ""), { force: true });
      else if (tag === "SELECT") await field.selectOption(list);
      else await field.fill(list[0] ?? "");
    }
  }
}

/** The newest code on an invented telephone. @param {House} house @param {string} phone */
export async function phoneCode(house, phone) {
  return until(`a code for ${phone}`, async () => {
    const told = await (await fetch(`${house.portal}/sandbox/phone?phone=${phone}`, { headers: { accept: "application/json" } })).json();
    const texts = /** @type {{ text: string }[]} */ (told.messages).map((message) => message.text);
    return texts.map((text) => /验证码\s*(\d{6})/.exec(text)?.[1]).filter(Boolean).at(-1);
  });
}

/** The newest code that the court itself sent to a telephone. @param {House} house @param {string} phone */
export async function courtCode(house, phone) {
  return until(`a code of the court for ${phone}`, async () => {
    const told = await (await fetch(`${house.court}/sandbox/phone`, { headers: { accept: "application/json" } })).json();
    const own = /** @type {{ phone: string, text: string }[]} */ (told.messages).filter((message) => message.phone === phone);
    return own.map(({ text }) => /验证码\s*(\d{6})/.exec(text)?.[1]).find(Boolean);
  });
}

/** The code that the sandbox's authenticator shows for a member of staff. @param {House} house @param {string} login */
export async function staffCode(house, login) {
  const told = await (await fetch(`${house.court}/sandbox/codes`, { headers: { accept: "application/json" } })).json();
  return /** @type {{ login: string, code: string }[]} */ (told.codes).find((row) => row.login === login)?.code ?? "";
}

/** Photographs that the plaintiff hands in: file, kind, name. */
export const PHOTOS = /** @type {const} */ ([["id-card.jpg", "identity", "身份证"], ["iou.jpg", "evidence", "借条"], ["transfer.jpg", "evidence", "银行转账回单"]]);
/** @param {string} file */
export const sample = (file) => join(SAMPLES, file);

/** What the plaintiff of a loan case answers. @param {Person} who @returns {Record<string, string | string[]>} */
export const loan = (who) => ({
  cause: "108.3", as: "self", court: "粤4001",
  "plaintiffs.0.kind": "person", "plaintiffs.0.name": who.name, "plaintiffs.0.id_kind": "resident", "plaintiffs.0.id_number": who.number,
  "plaintiffs.0.ethnicity": "汉族", "plaintiffs.0.domicile": "清河市青石区云溪路6号3栋502", "plaintiffs.0.phone": who.phone,
  "defendants.0.kind": "person", "defendants.0.name": "陈志远", "defendants.0.id_kind": "resident", "defendants.0.id_number": "449900198111020035",
  "defendants.0.sex": "male", "defendants.0.birth": "1981-11-02", "defendants.0.domicile": "清河市青石区榆海街道青石路一带", "defendants.0.phone": "19905550202",
  loan_form: "note", principal: "150000", paper_differs: "same", purpose: "资金周转", loan_date: "2024-03-15", due: "fixed", due_date: "2025-03-14",
  interest: "rate", rate: "1", rate_per: "month", overdue_agreed: "none", guarantee: "none", delivery: ["bank", "cash"], delivery_bank: "120000",
  delivery_cash: "30000", delivered_on: "2024-03-15", repaid: "no", demanded: "yes", last_demand: "2026-01-10", demand_way: "上门和打电话",
  claims: ["principal", "interest"], interest_to: "2026-02-14", "channel.service": "online", "channel.evidence_exchange": "online",
  address: "清河市青石区云溪路6号3栋502", consent: "yes",
});

/** Signs somebody up under the real name. @param {Page} page @param {Person} who @param {(state: string) => Promise<void>} [look] */
export async function signUp(page, who, look = async () => {}) {
  const home = await house();
  await visit(page, "/register");
  await look("register");
  await answer(page, { phone: "1990555" });
  await press(page, page.locator("main form button.primary"));
  await look("register-error");
  await answer(page, { phone: who.phone });
  assert.equal(await press(page, page.locator("main form button.primary")), 200);
  await look("register-code");
  await answer(page, { code: "000000", password: "kurz" });
  await press(page, page.locator("main form button.primary"));
  await look("register-code-error");
  await answer(page, { code: await phoneCode(home, who.phone), password: who.password });
  await press(page, page.locator("main form button.primary"));
  await visit(page, "/account");
  await look("account");
  await answer(page, { name: who.name, number: `${who.number.slice(0, 17)}${who.number.endsWith("1") ? "2" : "1"}` }, "form:has([name=number])");
  await press(page, page.locator("form:has([name=number]) button.primary"));
  await look("account-error");
  await answer(page, { name: who.name, number: who.number, face: ["yes"] }, "form:has([name=number])");
  await press(page, page.locator("form:has([name=number]) button.primary"));
  await visit(page, "/account");
  assert.match(await page.locator("main").innerText(), new RegExp(who.name));
  await look("account-confirmed");
}

/** Files the loan case; gives its id. @param {Page} page @param {Person} who @param {(state: string) => Promise<void>} [look] */
export async function fileCase(page, who, look) {
  const answers = loan(who);
  await visit(page, "/file");
  await look?.("file");
  await answer(page, answers);
  await press(page, page.locator("main form:has([name=cause]) button.primary").first());
  return fileOn(page, answers, look);
}

/** Goes on from a page of the interview to the receipt and waits for the court; gives the case's id.
 * @param {Page} page @param {Record<string, string | string[]>} answers @param {(state: string) => Promise<void>} [look] */
export async function fileOn(page, answers, look) {
  const seen = new Set();
  for (let steps = 0; !new URL(page.url()).pathname.endsWith("/review"); steps++) {
    const path = new URL(page.url()).pathname;
    const name = path.split("/").at(-1) ?? "";
    assert.ok(steps < 60, `the interview does not end; it stands at ${path}`);
    const state = name === "loan_amount" ? "file-draft-page" : `interview-${name}`;
    await look?.(state);
    if (name === "evidence") await attach(page, look);
    const next = page.locator(`main form[action="${path}"] button[name=go][value=next]`);
    if (look && !seen.has(name)) {
      seen.add(name);
      // Empty first: a page that asks something says what is missing; one that does not goes on.
      await press(page, next);
      if (new URL(page.url()).pathname !== path) continue;
      await look?.(`${state}-error`);
    }
    await answer(page, answers, `main form[action="${path}"]`);
    await press(page, next);
    if (new URL(page.url()).pathname === path) throw new Error(`${path} is not left: ${(await page.locator(".error-summary, .error").allInnerTexts()).join(" ").slice(0, 400)}`);
  }
  await look?.("filing-review");
  for (const box of await page.locator("main form[action$='/submit'] input[type=checkbox]").all()) await box.check({ force: true });
  await press(page, page.locator("main form[action$='/submit'] button.primary"));
  assert.match(page.url(), /\/receipt\//);
  await look?.("receipt");
  const cases = await until("the court takes the filing", async () => {
    const told = await (await page.request.get(`${page.origin}/api/cases`)).json();
    return told.cases.length ? told.cases : undefined;
  });
  return String(cases[0].id ?? cases[0].case);
}

/** @param {Page} page @param {(state: string) => Promise<void>} [look] */
async function attach(page, look) {
  for (const [file, kind, name] of PHOTOS) {
    const form = "main form:has(input[type=file])";
    await page.locator(`${form} input[type=file]`).first().setInputFiles(sample(file));
    await answer(page, { kind, name }, form);
    await press(page, page.locator(`${form} button[type=submit], ${form} button:not([type])`).first());
    if (file === "iou.jpg") await look?.("interview-evidence-files");
  }
}

/** A member of staff signed in at the workbench. @param {string} login @param {number} width @param {(page: Page, state: string) => Promise<void>} [look] */
export async function staff(login, width, look) {
  const home = await house();
  const page = await open("/login", width, { origin: home.court });
  if (look) {
    await look(page, "login");
    await answer(page, { login, password: "wrong", code: "000000" });
    await press(page, page.locator("main form button.primary"));
    await look(page, "login-error");
  }
  await until(`${login} signs in`, async () => {
    await answer(page, { login, password: STAFF_PASSWORD, code: await staffCode(home, login) });
    await press(page, page.locator("main form button.primary"));
    return new URL(page.url()).pathname !== "/login";
  }, 70);
  return page;
}

/** Runs a walk and tells all that was found on it, also where it broke off. @param {Looks} looks @param {() => Promise<void>} walk */
export async function held(looks, walk) {
  try { await walk(); }
  catch (error) { throw new Error([error instanceof Error ? error.message : String(error), ...looks.wrong.splice(0)].join("\n  ")); }
  looks.hold();
}

/** A case as the court's API tells it. @param {Page} page @param {string} id */
export async function caseOf(page, id) {
  const told = await page.request.get(`${page.origin}/api/case/${id}`);
  assert.equal(told.status(), 200, await told.text());
  return told.json();
}

/** What a script sends with its posts, as the forms of this session carry it. @param {Page} page */
async function token(page) {
  const html = await (await page.request.get(`${page.origin}/clock`)).text();
  return /name="csrf" value="(\w+)"/.exec(html)?.[1] ?? "";
}

/** Takes a step through the API, signed with a fresh code. @param {Page} page @param {string} login @param {string} id @param {object} command */
export async function act(page, login, id, command) {
  const home = await house();
  const csrf = await token(page);
  // The workers seal and send meanwhile: a stale version is asked for again, a refusal is not.
  await until(JSON.stringify(command), async () => {
    const { version } = await caseOf(page, id);
    const done = await page.request.post(`${page.origin}/api/case/${id}/act`, {
      headers: { "x-csrf-token": csrf }, data: { command, expected: version, code: await staffCode(home, login) },
    });
    if (done.status() === 409) return false;
    assert.equal(done.status(), 200, `${JSON.stringify(command)}: ${await done.text()}`);
    return true;
  });
}

/** Runs the demo's clock forward to a day. @param {Page} page @param {string} day */
export async function day(page, day) {
  const csrf = await token(page);
  const told = await page.request.post(`${page.origin}/api/clock`, { headers: { "x-csrf-token": csrf }, data: { to: day } });
  assert.equal(told.status(), 200, await told.text());
}

/** Registers a filing in the simple procedure and has its tribunal drawn: who sits on it, by login.
 * @param {Page} page @param {string} id @param {boolean} [accepted] it was registered before */
export async function assigned(page, id, accepted = false) {
  const findings = ["materials", "parties", "jurisdiction", "duplicates"].map((check) => ({ check, holds: true, note: "" }));
  if (!accepted) await act(page, "xu", id, { step: "accept_filing", procedure: "simple", findings });
  await act(page, "xu", id, { step: "assign_tribunal", form: "sole" });
  const told = await caseOf(page, id);
  const codes = await (await page.request.get(`${page.origin}/sandbox/codes`, { headers: { accept: "application/json" } })).json();
  const login = (/** @type {string} */ office) => {
    const of = told.case.staff.find((/** @type {string[]} */ entry) => entry[1] === office)?.[0];
    return String(codes.codes.find((/** @type {{ person: string }} */ row) => row.person === of)?.login);
  };
  return { judge: login("judge"), clerk: login("clerk") };
}

/** The pages of the desk and of a case, and each step that is open to this person. @param {Page} page
 * @param {(page: Page, state: string) => Promise<void>} look @param {string} id @param {Record<string, string>} [more] further pages by name */
export async function desk(page, look, id, more = {}) {
  const all = {
    home: "/", tasks: "/tasks", cases: "/cases", search: "/search?q=周桂兰", hearings: "/hearings", counter: "/counter", "counter-filing": "/counter/filing", "counter-identity": "/counter/identity",
    clock: "/clock", m: "/m", case: `/case/${id}`, "case-reads": `/case/${id}/reads`, ...more,
  };
  for (const [state, path] of Object.entries(all)) {
    const answered = await visit(page, path);
    if (answered?.status() !== 403) await look(page, state);
  }
  for (const step of (await caseOf(page, id)).steps.filter((/** @type {{ allowed: boolean }} */ step) => step.allowed)) {
    const answered = await visit(page, `/case/${id}/step/${step.name}`);
    assert.ok((answered?.status() ?? 500) < 400, `${step.name}: ${answered?.status()}`);
    // A step with a page of its own leads there.
    if (new URL(page.url()).pathname.includes("/step/")) await look(page, `step-${step.name}`);
  }
}
