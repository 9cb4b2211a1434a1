// @ts-check
// One case from photographs to the archive, through the pages of all who take part: the plaintiff on a telephone, the defendant in
// large type, clerk and judge at their desks. Every state is looked at; what nobody needs a page for goes through the API.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, shut } from "./lib.mjs";
import { BIN, Findings, Looks, act, answer, assigned, caseOf, courtCode, day, desk, fileOn, held, house, loan, missing, press, sample, send, signUp, staff, staffCode, until, visit } from "./product.mjs";

/** @typedef {import("./lib.mjs").Page} Page */
/** @typedef {import("./product.mjs").Person} Person */

/** They stand on the photographs; both are invented. @type {Person} */
const PLAINTIFF = { name: "周桂兰", number: "449900195504090022", phone: "19905550101", password: "story-0101" };
/** @type {Person} */
const DEFENDANT = { name: "陈志远", number: "449900198111020035", phone: "19905550202", password: "story-0202" };
const HOME = "清河市青石区榆海街道青石路18号2栋301";
const RECORD = "审判员：现在开庭。\n原告：坚持诉讼请求。\n被告：收到转账120000元，现金30000元没有收到。\n审判员：辩论终结，择期宣判。";

/** What one test leaves to the next. */
const story = /** @type {{ id: string, plaintiff: Page, defendant: Page, xu: Page, judge: string, clerk: string, judging: Page, clerking: Page, code: string }} */ ({});
const phone = new Looks("portal", "360", 44);
const elder = new Looks("portal", "elder-360", 44);
const wide = new Looks("portal", "1440", 44);
const bench = new Looks("workbench", "1440", 24);
const small = new Looks("workbench", "360", 24);

/** @returns {Promise<[string, () => Promise<void>][]>} */
export async function tests() {
  if (missing()) return [];
  return one([
    ["the plaintiff files from photographs, at 360 px", photographs],
    ["the clerk posts the first packet, at 1440 px", packet],
    ["the defendant joins with the printed code and answers, in large type", defence],
    ["both sides give their opinion on the evidence", opinions],
    ["a party draws the tribunal again", draw],
    ["typed text outlives a session that ended", kept],
    ["the hearing is opened and its record written in the browser", hearing],
    ["both sides sign the record on the telephone", signatures],
    ["the judge types, mends and signs the judgment", judgment],
    ["the judge's side at 360 px", judgeSmall],
    ["both sides read the judgment, and anybody verifies it", verify],
    ["the judgment takes effect, and the case is archived", archive],
  ]);
}

/** Each walk goes on where the one before ended: once one broke off, the others cannot be walked.
 * @param {[string, () => Promise<void>][]} walks @returns {[string, () => Promise<void>][]} */
function one(walks) {
  let broken = "";
  return walks.map(([name, walk]) => [name, async () => {
    if (broken) throw new Error(`not walked: “${broken}” broke off`);
    try { await walk(); }
    catch (error) {
      if (!(error instanceof Findings)) broken = name;
      throw error;
    }
  }]);
}

/** Waits until an address shows what `wanted` finds. @param {Page} page @param {string} path @param {string} wanted */
const shows = (page, path, wanted) => until(`${path} shows ${wanted}`, async () => {
  await visit(page, path);
  return page.locator(wanted).count();
});

/** The view of the case that its party has. @param {Page} page */
async function viewOf(page) {
  return (await page.request.get(`${page.origin}/api/case/${story.id}`)).json();
}

/** Presses the main button of a form and comes to the receipt. @param {Page} page @param {string} form */
async function handIn(page, form) {
  const status = await press(page, page.locator(`main form[action$='${form}'] button.primary`));
  assert.match(new URL(page.url()).pathname, /^\/receipt\//, `${form} answered ${status}: ${await page.locator("main").innerText()}`);
}

async function photographs() {
  const home = await house();
  const page = story.plaintiff = await open("/", 360, { origin: home.portal });
  await signUp(page, PLAINTIFF);
  await held(phone, async () => {
    await visit(page, "/file/photo");
    await phone.at(page, "file-photo");
    await press(page, page.locator("main form button.primary"));
    await phone.at(page, "file-photo-error");
    await answer(page, { cause: "108.3" });
    const files = ["complaint-1.jpg", "complaint-2.jpg", "id-card.jpg", "iou.jpg", "transfer.jpg"].map(sample);
    await page.locator("input[type=file]").first().setInputFiles(files);
    await until("the photographs are up", async () => await page.locator("input[name=files_upload]").count() === files.length);
    await phone.at(page, "file-photo-up");
    await press(page, page.locator("main form button.primary"));
    const path = new URL(page.url()).pathname;
    assert.match(path, /\/photo$/);
    // the page looks again by itself every few seconds; here it stands still to be looked at
    await page.route(page.origin + path, async (route) => {
      const answer = await route.fetch();
      const headers = answer.headers();
      delete headers.refresh;
      await route.fulfill({ response: answer, headers });
    });
    await visit(page, path);
    await phone.at(page, "file-draft-photo-waiting");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await until("the photographs are read", async () => (await (await page.request.get(page.origin + path, { headers: { accept: "application/json" } })).json()).waiting === 0, 300);
    await visit(page, path);
    await phone.at(page, "file-draft-photo");
    // one value is mended by hand, the others are right as they were read or left open
    await page.locator("form:has(button[value=right]) [name=value]").first().fill("");
    await press(page, page.locator("form:has(button[value=right]) button[value=right]").first());
    await phone.at(page, "file-draft-photo-error");
    for (let turns = 0; turns < 60; turns++) {
      await visit(page, path);
      const form = page.locator("main form:has([name=field]):has(button[value=right]):has([name=value]:not([type=hidden]))").first();
      if (!await form.count()) break;
      const empty = !await form.locator("[name=value]").first().inputValue();
      await press(page, form.locator(`button[value=${empty ? "skip" : "right"}]`).first());
      if (await page.locator(".field-error").count()) {
        await press(page, page.locator("main form button[value=skip]").first());
      }
    }
    await visit(page, path);
    await phone.at(page, "file-draft-photo-done");
    await visit(page, path.replace(/photo$/, "court"));
    story.id = await fileOn(page, { ...loan(PLAINTIFF), "defendants.0.domicile": HOME });
  });
}

/** The code as it is printed on the sheet of the first packet. @param {Buffer} pdf */
function printedCode(pdf) {
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf }).toString();
  const code = [...text.matchAll(/(?<![A-Z0-9-])[A-Z0-9]+(?:-[A-Z0-9]+)+/g)].map(([found]) => found).find((found) => /[A-Z]/.test(found) && found.replaceAll("-", "").length >= 8);
  assert.ok(code, `no code stands on the sheet: ${text}`);
  return code;
}

async function packet() {
  const page = story.xu = await staff("xu", 1440);
  await held(bench, async () => {
    await until("the filing lies before the clerk", async () => (await page.request.get(`${page.origin}/api/case/${story.id}`)).ok());
    Object.assign(story, await assigned(page, story.id));
    const papers = await until("the packet is sealed", async () => {
      const { case: told } = await caseOf(page, story.id);
      const to = told.parties.find((/** @type {{ side: string }} */ party) => party.side === "defendant").person;
      const all = told.papers.filter((/** @type {{ to: string }} */ paper) => paper.to === to);
      return all.length > 4 && all.every((/** @type {{ service: { state: string } }} */ paper) => paper.service.state === "issued") ? all : undefined;
    });
    const sheet = papers.find((/** @type {{ paper: string }} */ paper) => paper.paper === "join_sheet");
    const address = `/case/${story.id}/packet/${papers[0].to}`;
    await visit(page, address);
    await bench.at(page, "case-packet");
    const pdf = await page.request.get(`${page.origin}/case/${story.id}/paper/${sheet.id}`);
    story.code = printedCode(await pdf.body());
    const posted = `main form[action='${address}']`;
    await send(page, posted, () => answer(page, { method: "postal" }, posted));
    await bench.at(page, "packet-sent");
    await day(page, "2026-03-06");
    await act(page, "xu", story.id, { step: "record_service", papers: papers.map((/** @type {{ id: string }} */ paper) => paper.id), on: "2026-03-05", rule: "R-SVC-05" });
    await visit(page, address);
    await bench.at(page, "packet-served");
  });
  const plaintiff = story.plaintiff;
  await held(phone, async () => {
    await shows(plaintiff, `/case/${story.id}`, "a[href$='/fee']");
    for (const step of ["fee", "relief", "choices", "agents"]) {
      await visit(plaintiff, `/case/${story.id}/${step}`);
      await phone.at(plaintiff, `case-${step}`);
    }
    await visit(plaintiff, `/case/${story.id}/relief`);
    await press(plaintiff, plaintiff.locator("main form[action$='/relief'] button.primary"));
    await phone.at(plaintiff, "case-relief-error");
    await visit(plaintiff, `/case/${story.id}/agents`);
    await press(plaintiff, plaintiff.locator("main form[action$='/agents'] button.primary"));
    await phone.at(plaintiff, "case-agents-error");
    // What may be asked for beside the main proceeding: each page, empty and with what an empty one is told.
    await visit(plaintiff, `/case/${story.id}`);
    const asks = await plaintiff.locator("main a[href*='/do/']").evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
    assert.ok(asks.length > 3, `the case offers ${asks.join(" ")}`);
    for (const path of asks) {
      // The first is the picture of them all.
      const name = path === asks[0] ? "case-do" : `case-do-${path.split("/").at(-1)}`;
      await visit(plaintiff, path);
      await phone.at(plaintiff, name);
      await press(plaintiff, plaintiff.locator("main form[action*='/do/'] button.primary"));
      await phone.at(plaintiff, `${name}-error`);
      assert.ok(await plaintiff.locator(".field-error").count(), `${path}: an empty form was not refused beside its field: ${await plaintiff.locator("main").innerText()}`);
    }
    await visit(plaintiff, `/case/${story.id}/fee`);
    await press(plaintiff, plaintiff.locator("main form[action$='/fee'] button.primary"));
    await phone.at(plaintiff, "sandbox-pay");
    // The slip of a payment at the bank is entered meanwhile: what comes in now goes back.
    const { due } = (await caseOf(page, story.id)).case.fee;
    await act(page, "xu", story.id, { step: "pay_fee", amount: due, method: "bank_slip", reference: "回单 7788" });
    await press(plaintiff, plaintiff.locator("main form button.primary"));
    await phone.at(plaintiff, "case-fee-after");
    await until("the fee is paid", async () => (await viewOf(plaintiff)).fee?.paid);
    await visit(plaintiff, `/case/${story.id}/fee`);
    await phone.at(plaintiff, "case-fee-paid");
    await visit(plaintiff, "/papers");
    await phone.at(plaintiff, "papers");
    await visit(plaintiff, `/paper/${(await viewOf(plaintiff)).papers[0].id}`);
    await phone.at(plaintiff, "paper");
    const { pathname } = new URL(plaintiff.url());
    await visit(plaintiff, `${pathname}/copy`);
    await phone.at(plaintiff, "paper-copy");
    await press(plaintiff, plaintiff.locator("main form[action$='/copy'] button.primary"));
    await phone.at(plaintiff, "paper-copy-asked");
  });
  await held(bench, async () => {
    await shows(page, "/tasks", "a[href^='/payment/']");
    await press(page, page.locator("a[href^='/payment/']").first());
    await bench.at(page, "payment");
  });
}

async function defence() {
  const home = await house();
  const page = story.defendant = await open("/", 360, { origin: home.portal, mode: "elder" });
  await signUp(page, DEFENDANT);
  const at = (/** @type {string} */ state) => elder.at(page, state);
  await held(elder, async () => {
    await visit(page, `/join?code=${story.code}`);
    await at("join");
    await press(page, page.locator("main form[action='/join'] button.primary"));
    await at("join-error");
    await answer(page, { court: "粤4001", code: story.code, address: HOME, consent: "yes", "channel.service": "online", "channel.answer": "online",
      "channel.evidence_exchange": "online", "channel.hearing": "counter" });
    await handIn(page, "/join");
    await at("receipt-join");
    await until("the case is joined", async () => (await page.request.get(`${page.origin}/api/case/${story.id}`)).ok());
    await shows(page, `/case/${story.id}`, "a[href$='/answer']");
    await at("case");
    await visit(page, "/papers");
    await at("papers");
    await visit(page, `/case/${story.id}/answer`);
    await at("case-answer");
    await press(page, page.locator("main form[action$='/answer'] button.primary"));
    await at("case-answer-error");
    await answer(page, { text: "借款属实，但其中三万元现金没有收到。" });
    await page.locator("input[type=file]").first().setInputFiles(sample("transfer.jpg"));
    await page.locator("input[name=files_upload]").first().waitFor({ state: "attached" });
    await at("case-answer-up");
    await handIn(page, "/answer");
    await until("the answer reaches the court", async () => (await viewOf(page)).answers?.length);
    await visit(page, `/case/${story.id}/evidence`);
    await at("case-evidence");
    await press(page, page.locator("main form[action$='/evidence'] button.primary"));
    await at("case-evidence-error");
    await answer(page, { name: "收款记录", purpose: "只收到银行转账，没有收到现金" });
    await page.locator("input[type=file]").first().setInputFiles(sample("id-card.jpg"));
    await page.locator("input[name=files_upload]").first().waitFor({ state: "attached" });
    await handIn(page, "/evidence");
    await at("receipt-evidence");
    await until("the evidence reaches the court", async () => (await viewOf(page)).evidence?.some((/** @type {{ name: string }} */ item) => item.name === "收款记录"));
  });
}

async function opinions() {
  for (const [page, looks] of /** @type {[Page, Looks][]} */ ([[story.plaintiff, phone], [story.defendant, elder]])) {
    await held(looks, async () => {
      await shows(page, `/case/${story.id}/opinions`, "main form[action$='/opinions']");
      await looks.at(page, "case-opinions");
      await page.locator("input[name='opinion.0.authenticity'][value=disputed]").check({ force: true });
      await press(page, page.locator("main form[action$='/opinions'] button.primary"));
      await looks.at(page, "case-opinions-error");
      for (const group of await page.locator("main form[action$='/opinions'] fieldset.panel").all()) {
        for (const quality of ["authenticity", "legality", "relevance"]) await group.locator(`input[name$='.${quality}'][value=accepted]`).check({ force: true });
      }
      await handIn(page, "/opinions");
      await until("the opinions reach the court", async () => (await viewOf(page)).evidence.some((/** @type {{ opinions: { yours: boolean }[] }} */ item) => item.opinions.some((opinion) => opinion.yours)));
    });
  }
  await held(phone, async () => {
    await shows(story.plaintiff, `/case/${story.id}/evidence`, "#ev");
    await phone.at(story.plaintiff, "case-evidence");
    await visit(story.plaintiff, `/case/${story.id}/answer`);
    await phone.at(story.plaintiff, "answer-of-the-other-side");
  });
}

async function draw() {
  const page = story.plaintiff;
  await held(phone, async () => {
    await shows(page, `/case/${story.id}`, "a[href$='/draw']");
    await press(page, page.locator("a[href$='/draw']").first());
    await phone.at(page, "case-draw");
    assert.match(await page.locator("main").innerText(), /结果与记录一致/);
  });
  const record = await (await page.request.get(`${page.origin}/case/${story.id}/draw/record`)).body();
  const dir = mkdtempSync(join(tmpdir(), "xiezhi-draw-"));
  try {
    writeFileSync(join(dir, "record.json"), record);
    const told = JSON.parse(execFileSync(BIN, ["draw", "--check", join(dir, "record.json"), "--json"]).toString());
    assert.equal(told.holds, true, JSON.stringify(told.differs));
  } finally { rmSync(dir, { recursive: true }); }
  const desktop = await open(`/case/${story.id}`, 1440, { context: page.context(), origin: page.origin });
  await desktop.setViewportSize({ width: 1440, height: 900 });
  await held(wide, async () => {
    for (const [path, state] of [["", "case"], ["/draw", "case-draw"], ["/evidence", "case-evidence"], ["/opinions", "case-opinions"]]) {
      await desktop.goto(`${page.origin}/case/${story.id}${path}`);
      await wide.at(desktop, state ?? "");
    }
  });
  await desktop.close();
}

async function kept() {
  const page = story.plaintiff;
  const words = "一审判决认定的利息起算日期有误。";
  await visit(page, `/case/${story.id}/relief`);
  const form = page.locator("main form[action$='/relief']");
  await form.locator("[name=reason]").fill(words);
  // the session ends while one types: the server forgets it
  const other = await open("/account", 360, { origin: page.origin, context: page.context() });
  const cookies = await page.context().cookies();
  await press(other, other.locator("form[action='/logout'] button").first());
  await page.context().addCookies(cookies.filter((cookie) => cookie.name.endsWith("session")));
  await other.close();
  await held(phone, async () => {
    assert.equal(await press(page, form.locator("button.primary")), 401);
    await phone.at(page, "login-ended");
    await answer(page, { phone: PLAINTIFF.phone, password: PLAINTIFF.password });
    await press(page, page.locator("main form[action='/login'] button.primary"));
    const code = await until("a code", async () => {
      const told = await (await fetch(`${page.origin}/sandbox/phone?phone=${PLAINTIFF.phone}`, { headers: { accept: "application/json" } })).json();
      return told.messages.map((/** @type {{ text: string }} */ message) => /验证码\s*(\d{6})/.exec(message.text)?.[1]).filter(Boolean).at(-1);
    });
    await answer(page, { code });
    await press(page, page.locator("main form[action='/login/code'] button.primary"));
    assert.equal(new URL(page.url()).pathname, `/case/${story.id}/relief`);
    assert.equal(await page.locator("[name=reason]").inputValue(), words);
    await phone.at(page, "case-relief-kept");
  });
}

async function hearing() {
  const home = await house();
  const [clerk, judge] = [await staff(story.clerk, 1440), await staff(story.judge, 1440)];
  Object.assign(story, { clerking: clerk, judging: judge });
  await held(bench, async () => {
    await visit(clerk, `/case/${story.id}/step/schedule_hearing`);
    await bench.at(clerk, "case-step");
    await press(clerk, clerk.locator("main form[action*='/step/'] button.primary"));
    await bench.at(clerk, "step-schedule-error");
    const step = "main form[action*='/step/']";
    await send(clerk, step, async () => answer(clerk, { date: "2026-04-10", time: "09:30", courtroom: "第三法庭", code: await staffCode(home, story.clerk) }, step));
    assert.ok((await caseOf(clerk, story.id)).case.hearings.length, await clerk.locator("main").innerText());
    await visit(clerk, "/hearings?from=2026-04-06");
    await bench.at(clerk, "hearings");
    await day(clerk, "2026-04-10");
    await visit(clerk, `/case/${story.id}/record`);
    await bench.at(clerk, "record-before");
    await visit(clerk, `/case/${story.id}/step/open_hearing`);
    await bench.at(clerk, "step-open_hearing");
    await send(clerk, step, async () => {
      for (const choice of await clerk.locator("main input[name^='attendance.'][value=in_person]").all()) await choice.check({ force: true });
      await answer(clerk, { code: await staffCode(home, story.clerk) }, step);
    });
    assert.ok((await caseOf(clerk, story.id)).case.hearings[0].opened_at, await clerk.locator("main").innerText());
    await visit(clerk, `/case/${story.id}/record`);
    await bench.at(clerk, "case-record");
    assert.match(await clerk.locator("textarea[name=text]").inputValue(), /现在开庭/, "the opening lines are ready");
    await send(clerk, "main form[action$='/record']", () => clerk.locator("textarea[name=text]").fill(RECORD));
    await bench.at(clerk, "record-kept");
    await press(clerk, clerk.locator("main form[action$='/record/close'] button"));
    await bench.at(clerk, "record-close-error");
    const close = "main form[action$='/record/close']";
    await send(clerk, close, async () => answer(clerk, { code: await staffCode(home, story.clerk) }, close), "button");
    assert.equal((await caseOf(clerk, story.id)).case.hearings[0].record.text, RECORD);
    await bench.at(clerk, "record-closed");
    await desk(clerk, (page, state) => bench.at(page, `clerk-${state}`), story.id);
  });
}

async function signatures() {
  const home = await house();
  for (const [page, looks] of /** @type {[Page, Looks][]} */ ([[story.plaintiff, phone], [story.defendant, elder]])) {
    await held(looks, async () => {
      await shows(page, `/case/${story.id}/record`, "main form[action$='/record']");
      await looks.at(page, "case-record");
      await press(page, page.locator("main form[action$='/record'] button.primary"));
      await looks.at(page, "case-record-error");
      await page.locator("input[name=sign]").check({ force: true });
      await press(page, page.locator("main form[action$='/record'] button[name=go][value=code]"));
      await looks.at(page, "case-record-code");
      await answer(page, { sign_code: await courtCode(home, (page === story.plaintiff ? PLAINTIFF : DEFENDANT).phone) }, "form[action$='/record']");
      assert.ok(await page.locator("input[name=sign]").isChecked(), "what was chosen before stays");
      await handIn(page, "/record");
      await until("the signature reaches the court", async () => !(await viewOf(page)).hearings[0].record.waits);
      await visit(page, `/case/${story.id}/record`);
      await looks.at(page, "case-record-signed");
    });
  }
  await act(story.judging, story.judge, story.id, { step: "confirm_record" });
}

async function judgment() {
  const home = await house();
  const page = story.judging;
  const draft = `/case/${story.id}/draft`;
  const saved = async () => {
    await send(page, `main form[action='${draft}']`, async () => {});
    return (await (await page.request.get(`${page.origin}/api${draft}`)).json()).judgment;
  };
  await held(bench, async () => {
    await desk(page, (page, state) => bench.at(page, `judge-${state}`), story.id);
    await visit(page, draft);
    await bench.at(page, "draft-empty");
    await answer(page, {
      evidence: "原告提交的借条、转账凭证真实、合法，与本案有关联，本院予以采信。",
      facts: "2024年3月15日，周桂兰向陈志远出借150000元，其中银行转账120000元、现金30000元，约定月利率百分之一，2025年3月14日前归还。到期后陈志远没有归还。",
      reasons: "合法的借贷关系受法律保护。陈志远主张没有收到现金，没有提交足以反驳的证据，本院不予采信。",
      basis: "《中华人民共和国民法典》第六百六十七条、第六百七十五条，《中华人民共和国民事诉讼法》第六十七条",
      orders: "被告陈志远偿还原告周桂兰借款本金150000元",
    }, `main form[action='${draft}']`);
    const first = await saved();
    assert.match(JSON.stringify(first.findings), /R-CHK-54/, "an order to pay without a day");
    await bench.at(page, "draft-defects");
    await page.locator("main [name=orders]").fill("被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元\n被告陈志远于本判决生效之日起十日内支付原告周桂兰自2024年3月15日起至实际清偿之日止、以150000元为基数按照月利率百分之一计算的利息");
    const second = await saved();
    assert.deepEqual(second.findings.filter((/** @type {{ level: string }} */ finding) => finding.level === "error"), []);
    const sheet = page.locator(".sheet-view img").first();
    await until("the page is drawn", async () => sheet.evaluate((img) => /** @type {HTMLImageElement} */ (img).naturalWidth > 400));
    await bench.at(page, "case-draft");
    for (const [one, login] of /** @type {[Page, string][]} */ ([[page, story.judge], [story.clerking, story.clerk]])) {
      await visit(one, draft);
      const sign = "form[action$='/draft/sign']";
      await send(one, sign, async () => answer(one, { code: await staffCode(home, login) }, sign));
    }
    assert.equal((await caseOf(page, story.id)).case.stage, "decided", await story.clerking.locator("main").innerText());
    await visit(page, draft);
    await bench.at(page, "draft-signed");
    await visit(page, `/case/${story.id}`);
    await bench.at(page, "case");
  });
}

async function judgeSmall() {
  const page = await open("/", 360, { origin: story.judging.origin, context: story.judging.context() });
  await page.setViewportSize({ width: 360, height: 780 });
  await held(small, async () => {
    await desk(page, (page, state) => small.at(page, `judge-${state}`), story.id, { draft: `/case/${story.id}/draft`, record: `/case/${story.id}/record` });
  });
  await page.close();
}

/** A served paper with its receipt once the log holds it. @param {Page} page @param {string} name */
async function served(page, name) {
  const paper = await until(`${name} is served`, async () => (await viewOf(page)).papers.find((/** @type {{ name: string, served_on: string | null }} */ paper) => paper.name === name && paper.served_on));
  const bytes = await (await page.request.get(`${page.origin}/paper/${paper.id}/file`)).body();
  const receipt = await (await page.request.get(`${page.origin}/paper/${paper.id}/receipt`)).body();
  return { id: String(paper.id), bytes, receipt };
}

async function verify() {
  const page = story.plaintiff;
  const paper = await served(page, "民事判决书");
  const upload = async (/** @type {Buffer} */ bytes) => {
    await visit(page, "/verify");
    await page.locator("input[name=receipt]").setInputFiles({ name: "判决书.receipt", mimeType: "text/plain", buffer: paper.receipt });
    await page.locator("input[name=file]").setInputFiles({ name: "判决书.pdf", mimeType: "application/pdf", buffer: bytes });
    await press(page, page.locator("main form[action='/verify'] button.primary"));
    return page.locator("main").innerText();
  };
  await held(phone, async () => {
    await visit(page, `/paper/${paper.id}`);
    await phone.at(page, "paper");
    await visit(page, "/verify");
    await phone.at(page, "verify");
    assert.match(await upload(paper.bytes), /核验通过/);
    await phone.at(page, "verify-good");
    const changed = Buffer.from(paper.bytes);
    changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
    assert.match(await upload(changed), /核验不通过/);
    await phone.at(page, "verify-bad");
    await visit(page, `/case/${story.id}/appeal`);
    await phone.at(page, "case-appeal");
    await press(page, page.locator("main form[action$='/appeal'] button.primary"));
    await phone.at(page, "case-appeal-error");
    await shows(page, `/case/${story.id}`, "#judgment");
    await phone.at(page, "case");
    for (const path of ["/cases", "/reads", "/"]) {
      await visit(page, path);
      await phone.at(page, path === "/" ? "home-with-case" : path.slice(1));
    }
  });
  const other = story.defendant;
  const own = await served(other, "民事判决书");
  await held(elder, async () => {
    await visit(other, `/paper/${own.id}`);
    await elder.at(other, "paper");
    await visit(other, `/case/${story.id}/appeal`);
    await elder.at(other, "case-appeal");
    await shows(other, `/case/${story.id}`, "#judgment");
    await elder.at(other, "case-judged");
  });
}

async function archive() {
  const home = await house();
  const [clerk, page] = [story.clerking, story.plaintiff];
  await day(clerk, "2026-05-15");
  await until("the judgment takes effect", async () => (await caseOf(clerk, story.id)).case.stage === "effective");
  await held(phone, async () => {
    await shows(page, `/case/${story.id}`, "form[action$='/certificate']");
    await phone.at(page, "case-effective");
    await handIn(page, "/certificate");
    await phone.at(page, "receipt-certificate");
  });
  const asked = await until("the request reaches the court", async () => (await caseOf(clerk, story.id)).case.certificate_requests?.[0]);
  await act(clerk, story.clerk, story.id, { step: "issue_effect_certificate", to: asked });
  await served(page, "生效证明");
  await held(bench, async () => {
    await act(clerk, story.clerk, story.id, { step: "close_case" });
    await until("everything is sent", async () => {
      // The record is kept in the file and goes to nobody.
      const open = (await caseOf(clerk, story.id)).case.papers.filter((/** @type {{ paper: string, service: { state: string } }} */ { paper, service }) =>
        paper !== "hearing_record" && service.state !== "served");
      if (open.length) throw new Error(JSON.stringify(open));
      return true;
    });
    // The proofs of the last services are made a moment after the services.
    await until("the file is complete", async () => {
      await visit(clerk, `/case/${story.id}/archive`);
      const ready = await clerk.locator("main form[action$='/archive'] button.primary").count();
      if (!ready) throw new Error(await clerk.locator("main").innerText());
      return true;
    });
    await bench.at(clerk, "archive-open");
    await press(clerk, clerk.locator("main form[action$='/archive'] button.primary"));
    await bench.at(clerk, "archive-error");
    const pack = "main form[action$='/archive']";
    await send(clerk, pack, async () => answer(clerk, { code: await staffCode(home, story.clerk) }, pack));
    assert.ok((await caseOf(clerk, story.id)).case.archiving, await clerk.locator("main").innerText());
    await visit(clerk, `/case/${story.id}/archive`);
    await bench.at(clerk, "case-archive");
    await visit(clerk, `/case/${story.id}`);
    await bench.at(clerk, "case-archived");
  });
  for (const one of [story.plaintiff, story.defendant, story.judging, story.clerking, story.xu]) await shut(one);
}
