//! 法律计算: the commands that answer a question of the law, without an installation.
use anyhow::{Context, Result, bail, ensure};
use clap::{Subcommand, ValueEnum};
use jiff::civil::{Date, DateTime};
use procedure::caseno::{CaseNumber, Level};
use procedure::courts::{Court, Register};
use procedure::fee::{self, Fee};
use procedure::interest::{self, Piece, delay, lpr};
use procedure::{Fen, Law, jurisdiction};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

const INTEREST_EXAMPLES: &str = r#"FACTS.json is one of these (amounts in yuan, dates as 2026-03-02; both days count):
  加倍部分债务利息 (R-ENF-09):
    {"kind":"delay","debt":"100000","due":"2026-01-10","until":"2026-07-29",
     "payments":[{"on":"2026-04-20","amount":"60000"}],"stays":[{"from":"2026-02-01","to":"2026-02-20"}]}
  约定利率 (R-CHK-36, R-CHK-37):
    {"kind":"contract","principal":"388000","until":"2026-03-02","rates":[{"from":"2024-03-15","percent":"13.8","per":"year"}],
     "payments":[{"on":"2025-03-14","amount":"60000","purpose":"unsaid"}]}
  按贷款市场报价利率 (LPR), here one and a half times that of one year:
    {"kind":"lpr","principal":"365000","from":"2024-07-01","until":"2024-12-31","term":"one_year","times":"1.5"}"#;

const JURISDICTION_EXAMPLES: &str = r#"FACTS.json, amounts in fen:
  {"matter":{"kind":"contract","receiver":{"of":"周桂兰","domicile":"广东省江门市台山市"}},"amount":17550000,
   "plaintiffs":[{"of":"周桂兰","domicile":"广东省江门市台山市"}],
   "defendants":[{"of":"陈志远","domicile":"北京市海淀区","habitual":"江苏省南京市鼓楼区"}],"agreement":null,"foreign":false}
Kinds of matter: contract, online_purchase, insurance, bill, company, carriage, tort, transport_accident, immovable, port, succession,
against_absent, general, payment_order, security_right, confirmation, enforcement, administrative, criminal, intellectual_property."#;

#[derive(Subcommand)]
pub enum Command {
    /// Judges case numbers. Exit status 1 when one cannot be that of a case.
    #[command(
        after_help = "Examples:\n  xiezhi caseno '(2024)京0108民初1号' --json\n  xiezhi caseno --file numbers.txt    one a line, one line of JSON each"
    )]
    Caseno {
        #[arg(required_unless_present = "file", conflicts_with = "file")]
        text: Option<String>,
        /// A file with one number a line; prints one line of JSON for each.
        #[arg(long)]
        file: Option<PathBuf>,
        /// The day as of which they are judged; today without it.
        #[arg(long)]
        on: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// Derives a period: when does the one of RULE end that begins with DATE?
    #[command(after_help = "Example:\n  xiezhi clock R-APL-01 --from 2024-09-13 --json\n  The rules are the ids of knowledge/deadlines.csv.")]
    Clock {
        rule: String,
        /// The day of the fact that starts it, or its time: 2024-09-30, 2024-09-30T16:20.
        #[arg(long)]
        from: From,
        #[arg(long)]
        json: bool,
    },
    /// Reckons a court fee, to the fen.
    #[command(
        after_help = "Examples:\n  xiezhi fee property --amount 175500 --halve --json\n  xiezhi fee divorce --amount 1000000 --base 300\n  --base is what the province fixed within the range of the law; without it the usual figure is taken."
    )]
    Fee {
        kind: FeeKind,
        /// Amount in dispute, in yuan; for an appeal the contested part, for preservation what is preserved.
        #[arg(long)]
        amount: Option<String>,
        /// The province's fixed part, in yuan.
        #[arg(long)]
        base: Option<String>,
        /// Half of it: simple procedure, mediation, withdrawal, joined counterclaim; only once.
        #[arg(long)]
        halve: bool,
        #[arg(long)]
        json: bool,
    },
    /// Reckons interest: agreed, by LPR, or the doubled part for late performance.
    #[command(after_help = INTEREST_EXAMPLES)]
    Interest {
        facts: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Proposes the courts that may hear a case, each with its reason. Exit status 1 when there is none.
    #[command(after_help = JURISDICTION_EXAMPLES)]
    Jurisdiction {
        facts: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Shows one court of the register, and where its appeals go. Exit status 1 when the text names none, or several.
    #[command(after_help = "Examples:\n  xiezhi court 京0108 --json\n  xiezhi court 海淀区人民法院")]
    Court {
        text: String,
        #[arg(long)]
        json: bool,
    },
    /// Lists the rules of the rulebook: where each is built, and by which tests it is held.
    #[command(after_help = "Example:\n  xiezhi rules R-FEE --json    those that begin with R-FEE")]
    Rules {
        /// Only rules that begin with this.
        #[arg(default_value = "")]
        prefix: String,
        #[arg(long)]
        json: bool,
    },
}

/// What a fee is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FeeKind {
    /// 财产案件
    Property,
    /// 离婚案件; the amount is that of the property
    Divorce,
    /// 人格权案件; the amount is that of the damages
    Personality,
    /// 知识产权民事案件
    Ip,
    /// 劳动争议案件
    Labour,
    /// 行政案件; --base 100 for trade marks, patents and maritime matters
    Administrative,
    /// 申请支付令
    PaymentOrder,
    /// 申请保全措施
    Preservation,
    /// 申请执行
    Enforcement,
    /// 上诉案件
    Appeal,
}

/// A day, or a time of day, from which a period is derived.
#[derive(Debug, Clone, Copy)]
pub enum From {
    Day(Date),
    Time(DateTime),
}

impl FromStr for From {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = text.parse::<Date>().map(Self::Day).ok().filter(|_| text.len() <= 10);
        let zoned = || text.parse::<jiff::Timestamp>().map(|at| jiff::tz::Offset::constant(8).to_datetime(at)).ok();
        let time = || zoned().or_else(|| text.parse().ok()).map(Self::Time);
        day.or_else(time).ok_or_else(|| format!("{text} is neither a day (2024-09-30) nor a time (2024-09-30T16:20)"))
    }
}

pub fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Caseno { text, file, on, json } => caseno(text, file, on, json),
        Command::Clock { rule, from, json } => clock(&rule, from, json),
        Command::Fee { kind, amount, base, halve, json } => fee(kind, amount.as_deref(), base.as_deref(), halve, json),
        Command::Interest { facts, json } => reckon_interest(&facts, json),
        Command::Jurisdiction { facts, json } => propose(&facts, json),
        Command::Court { text, json } => court(&text, json),
        Command::Rules { prefix, json } => Ok(rules(&prefix, json)),
    }
}

/// Success when it holds, 1 when it does not.
fn holds(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn caseno(text: Option<String>, file: Option<PathBuf>, on: Option<Date>, json: bool) -> Result<ExitCode> {
    let on = on.unwrap_or_else(|| procedure::step::day_of(jiff::Timestamp::now()));
    let register = Register::national();
    if let Some(path) = file {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let judged: Vec<Value> = text.lines().filter(|line| !line.trim().is_empty()).map(|line| judge(line, &register, on)).collect();
        judged.iter().for_each(|judged| println!("{judged}"));
        return Ok(holds(judged.iter().all(|judged| judged["valid"] == true)));
    }
    let judged = judge(&text.unwrap_or_default(), &register, on);
    if json {
        println!("{judged}");
    } else {
        judged["canonical"].as_str().iter().for_each(|number| println!("{number}"));
        for problem in judged["problems"].as_array().into_iter().flatten() {
            println!(
                "{} {} {}",
                problem["level"].as_str().unwrap_or("E"),
                problem["rule"].as_str().unwrap_or(""),
                problem["message"].as_str().unwrap_or("")
            );
        }
    }
    Ok(holds(judged["valid"] == true))
}

/// One number with everything that can be said about it.
fn judge(text: &str, register: &Register, on: Date) -> Value {
    let reading = CaseNumber::read(text, register, on);
    let valid = reading.number.is_some() && reading.problems.iter().all(|problem| problem.level == Level::Warning);
    let number = reading.number.as_ref();
    let court = number.map(|number| json!({"code": number.court, "name": register.by_code(&number.court).map(|court| &court.name)}));
    let level = |level: Level| match level {
        Level::Error => "E",
        Level::Warning => "W",
    };
    let problems: Vec<Value> =
        reading.problems.iter().map(|problem| json!({"rule": problem.rule, "level": level(problem.level), "message": problem.message})).collect();
    json!({
        "input": text,
        "valid": valid,
        "canonical": number.filter(|_| valid).map(CaseNumber::canonical),
        "year": number.map(|number| number.year),
        "court": court,
        "special": number.and_then(|number| number.special),
        "type": number.map(|number| &number.kind),
        "serial": number.map(|number| number.serial),
        "problems": problems,
    })
}

fn clock(rule: &str, from: From, json: bool) -> Result<ExitCode> {
    let law = Law::current();
    let Some(deadline) = law.deadlines.get(rule) else {
        let near: Vec<_> = law.deadlines.iter().filter(|deadline| deadline.rule.starts_with(rule)).map(|deadline| deadline.rule.as_str()).collect();
        let meant =
            if near.is_empty() { "the ids are those of knowledge/deadlines.csv".to_owned() } else { format!("meant are {}?", near.join(", ")) };
        bail!("no period of the rulebook is named {rule}; {meant}");
    };
    let clock = match from {
        From::Day(day) => law.clock(rule, day),
        From::Time(time) => law.clock_at(rule, time),
    };
    // A period of days ends with its last day (R-DDL-04).
    let end = clock.last_day.to_datetime(clock.last_time.unwrap_or_else(|| jiff::civil::time(23, 59, 59, 0)));
    let steps: Vec<_> = clock.derivation.iter().map(|line| &line.text).collect();
    if json {
        let said = json!({
            "rule": clock.rule,
            "what": clock.what,
            "first_day": clock.first_day,
            "last_day": clock.last_day,
            "ends_at": format!("{end}+08:00"),
            "bound": deadline.bound,
            "provisional": clock.provisional,
            "steps": steps,
        });
        println!("{said}");
    } else {
        println!("{}：{} 至 {}", clock.what, clock.first_day, clock.last_day);
        clock.derivation.iter().for_each(|line| println!("{} {} {}", line.text, line.law, line.rule));
    }
    Ok(ExitCode::SUCCESS)
}

fn fee(kind: FeeKind, amount: Option<&str>, base: Option<&str>, halve: bool, json: bool) -> Result<ExitCode> {
    let yuan = |name: &str, text: Option<&str>| text.map(|text| Fen::parse_yuan(text).with_context(|| format!("--{name} {text}"))).transpose();
    let (amount, base) = (yuan("amount", amount)?, yuan("base", base)?);
    let fee = assess(kind, amount, base)?;
    let application = matches!(kind, FeeKind::PaymentOrder | FeeKind::Preservation | FeeKind::Enforcement);
    ensure!(!(halve && application), "only acceptance fees are halved (R-FEE-11), not the fee of an application");
    let fee = if halve { fee.halve() } else { fee };
    if json {
        println!("{}", json!({"fen": fee.fen, "steps": fee.steps, "rule": fee.rule, "law": fee.law}));
    } else {
        fee.steps.iter().for_each(|step| println!("{step}"));
        println!("{} {} {}", fee.fen, fee.rule, fee.law);
    }
    Ok(ExitCode::SUCCESS)
}

fn assess(kind: FeeKind, amount: Option<Fen>, base: Option<Fen>) -> Result<Fee> {
    let asked = || amount.context("--amount is missing: the amount in yuan");
    if base.is_some() {
        let takes = matches!(kind, FeeKind::Divorce | FeeKind::Personality | FeeKind::Ip | FeeKind::Administrative | FeeKind::Enforcement);
        ensure!(takes, "this fee has no part that a province fixes: leave --base out");
    }
    Ok(match kind {
        FeeKind::Property => fee::property(asked()?),
        FeeKind::Divorce => fee::divorce(fixed("divorce", base)?, amount.unwrap_or(Fen::ZERO)),
        FeeKind::Personality => fee::personality(fixed("personality", base)?, amount.unwrap_or(Fen::ZERO)),
        FeeKind::Ip => match amount {
            Some(amount) => fee::intellectual_property(Some(amount), Fen::ZERO),
            None => fee::intellectual_property(None, fixed("intellectual_property", base)?),
        },
        FeeKind::Labour => fee::labour(),
        FeeKind::Administrative => match base {
            None | Some(fee::ADMINISTRATIVE) => fee::administrative(false),
            Some(fee::ADMINISTRATIVE_TRADEMARK_PATENT_MARITIME) => fee::administrative(true),
            Some(_) => bail!("an administrative case costs 50 yuan, or 100 for trade marks, patents and maritime matters (R-FEE-05)"),
        },
        FeeKind::PaymentOrder => fee::payment_order(asked()?),
        FeeKind::Preservation => fee::preservation(amount.unwrap_or(Fen::ZERO)),
        FeeKind::Enforcement => match amount {
            Some(amount) => fee::enforcement(amount),
            None => fee::flat(fixed("enforcement_without_amount", base)?, "R-FEE-10", "《诉讼费用交纳办法》第十四条第一项"),
        },
        FeeKind::Appeal => fee::appeal(asked()?),
    })
}

/// The province's figure within the range of the law, or the usual one.
fn fixed(item: &str, base: Option<Fen>) -> Result<Fen> {
    let range = fee::range(item).with_context(|| format!("no range {item}"))?;
    let (low, high) = range.bounds();
    let base = base.unwrap_or_else(|| range.usual());
    ensure!((low..=high).contains(&base), "--base {}: the law allows {} to {} yuan ({})", base.short(), low.short(), high.short(), range.law);
    Ok(base)
}

/// What interest is asked for.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum InterestFacts {
    Delay {
        debt: Yuan,
        due: Date,
        until: Date,
        #[serde(default)]
        payments: Vec<Paid>,
        #[serde(default)]
        stays: Vec<delay::Stay>,
    },
    Contract {
        principal: Yuan,
        rates: Vec<RateFrom>,
        #[serde(default)]
        payments: Vec<Paid>,
        until: Date,
    },
    Lpr {
        principal: Yuan,
        from: Date,
        until: Date,
        #[serde(default = "one_year")]
        term: lpr::Term,
        #[serde(default = "once")]
        times: String,
        #[serde(default)]
        payments: Vec<Paid>,
    },
}

fn one_year() -> lpr::Term {
    lpr::Term::OneYear
}

fn once() -> String {
    "1".into()
}

/// An amount in yuan, as a text or a whole number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Yuan {
    Text(String),
    Whole(i64),
}

impl Yuan {
    fn fen(&self) -> Result<Fen> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Whole(yuan) => yuan.to_string(),
        };
        Fen::parse_yuan(&text).with_context(|| format!("{text} is no amount in yuan"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paid {
    on: Date,
    amount: Yuan,
    #[serde(default = "unsaid")]
    purpose: interest::Purpose,
}

fn unsaid() -> interest::Purpose {
    interest::Purpose::Unsaid
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateFrom {
    from: Date,
    percent: String,
    per: interest::Per,
}

/// What a calculation gives.
struct Reckoned {
    fen: Fen,
    pieces: Vec<Piece>,
    steps: Vec<String>,
    rules: Vec<&'static str>,
    /// What is left of base and interest after the payments.
    left: Value,
    notes: Vec<String>,
}

fn reckon_interest(path: &Path, json: bool) -> Result<ExitCode> {
    let facts: InterestFacts = read(path)?;
    let found = reckoned(&facts)?;
    if json {
        let said =
            json!({"fen": found.fen, "periods": found.pieces, "rules": found.rules, "steps": found.steps, "left": found.left, "notes": found.notes});
        println!("{said}");
    } else {
        found.steps.iter().chain(&found.notes).for_each(|line| println!("{line}"));
        println!("{} {}", found.fen, found.rules.join(" "));
    }
    Ok(ExitCode::SUCCESS)
}

fn reckoned(facts: &InterestFacts) -> Result<Reckoned> {
    match facts {
        InterestFacts::Delay { debt, due, until, payments, stays } => {
            let paid = payments.iter().map(|paid| Ok(delay::Paid { on: paid.on, amount: paid.amount.fen()? })).collect::<Result<_>>()?;
            let debt = delay::Debt { debt: debt.fen()?, due: *due, until: *until, payments: paid, stays: stays.clone() };
            let found = delay::doubled(&debt)?;
            let left = json!({"debt_fen": found.debt_left, "doubled_fen": found.doubled_left, "overpaid_fen": found.overpaid});
            Ok(Reckoned { fen: found.fen, pieces: found.pieces, steps: found.steps, rules: vec!["R-ENF-09"], left, notes: vec![] })
        }
        InterestFacts::Contract { principal, rates, payments, until } => {
            let stretch = |rate: &RateFrom| Ok(interest::Stretch { from: rate.from, rate: Some(interest::Rate::parse(&rate.percent, rate.per)?) });
            let stretches = rates.iter().map(stretch).collect::<Result<Vec<_>>>()?;
            ensure!(!stretches.is_empty(), "rates: at least one, each with the day from which it holds");
            run_loan(principal, &stretches, payments, *until, vec!["R-CHK-36", "R-CHK-37"], vec![])
        }
        InterestFacts::Lpr { principal, from, until, term, times, payments } => {
            let table = lpr::Table::shipped();
            let hundredths = Fen::parse_yuan(times).with_context(|| format!("times {times}: a number with at most two decimals"))?.0;
            let stretches = table.stretches(*from, *term, hundredths)?;
            let mut notes = vec!["贷款市场报价利率表未经核对（U），请以中国人民银行授权全国银行间同业拆借中心公布的为准。".to_owned()];
            if let Some(last) = table.last().filter(|last| last < until) {
                notes.push(format!("利率表最后一次公布是{}，此后如有新的公布应当重新计算。", procedure::clock::date_zh(last)));
            }
            run_loan(principal, &stretches, payments, *until, vec!["R-CHK-36", "R-CHK-37"], notes)
        }
    }
}

fn run_loan(
    principal: &Yuan,
    stretches: &[interest::Stretch],
    payments: &[Paid],
    until: Date,
    rules: Vec<&'static str>,
    notes: Vec<String>,
) -> Result<Reckoned> {
    let paid = |paid: &Paid| Ok(interest::Payment { on: paid.on, amount: paid.amount.fen()?, purpose: paid.purpose });
    let payments = payments.iter().map(paid).collect::<Result<Vec<_>>>()?;
    let first = stretches.iter().map(|stretch| stretch.from).min().context("a rate")?;
    ensure!(first <= until, "until {until} lies before {first}, the first day that bears interest");
    let standing = interest::run(principal.fen()?, stretches, &payments, until)?;
    let accrued = Fen::sum(standing.pieces.iter().map(|piece| piece.fen)).context("the interest leaves the range of amounts")?;
    let left = json!({"principal_fen": standing.principal, "interest_fen": standing.interest, "overpaid_fen": standing.overpaid});
    Ok(Reckoned { fen: accrued, pieces: standing.pieces, steps: standing.steps, rules, left, notes })
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: not the facts that --help shows", path.display()))
}

fn propose(path: &Path, json: bool) -> Result<ExitCode> {
    let facts: jurisdiction::Facts = read(path)?;
    let found = jurisdiction::propose(&facts, &Register::national());
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        found.courts.iter().for_each(|court| println!("{}\t{}\t{}\t{}\t{}", court.code, court.name, court.reason, court.rule, court.law));
        found.excluded.iter().for_each(|excluded| println!("–\t{}\t{}\t{}", excluded.what, excluded.reason, excluded.rule));
    }
    Ok(holds(!found.courts.is_empty()))
}

fn court(text: &str, json: bool) -> Result<ExitCode> {
    let register = Register::national();
    let text = text.trim();
    let named = register.named(text);
    let found = if named.is_some() { vec![] } else { register.search(text) };
    let only = if let [only] = found.as_slice() { Some(*only) } else { None };
    let court = named.or(only);
    let mut problems = vec![];
    let uncoded = register.uncoded().iter().find(|court| court.name == text || court.short_name == text);
    match (court, uncoded) {
        (None, Some(court)) => problems.push(format!("{}在名册里还没有代字，管理员补入前不能编立案号（R-CNO-14）", court.short_name)),
        (None, None) if found.is_empty() => problems.push(format!("名册里没有“{text}”，请核对代字或者名称")),
        (None, None) => {
            let names: Vec<String> = found.iter().take(8).map(|court| format!("{} {}", court.code, court.name)).collect();
            let more = if found.len() > names.len() { format!("等 {} 个", found.len()) } else { String::new() };
            problems.push(format!("“{text}”可以是几个法院：{}{more}，请写代字或者全称", names.join("、")));
        }
        (Some(court), _) => problems.extend(doubts(court, &register)),
    }
    let known = court.or(uncoded);
    let appeals = court.and_then(|court| register.appeals_to(&court.code)).map(|court| &court.code);
    if json {
        let said = json!({
            "code": court.map(|court| &court.code),
            "name": known.map(|court| &court.name),
            "level": known.map(|court| court.level),
            "parent": known.and_then(|court| court.parent.as_ref()),
            "appeals_to": appeals,
            "problems": problems,
        });
        println!("{said}");
    } else {
        let to =
            appeals.and_then(|code| register.by_code(code)).map_or_else(String::new, |court| format!("，上诉法院 {} {}", court.code, court.name));
        court.iter().for_each(|court| println!("{} {}（{}）{to}", court.code, court.name, court.level.zh()));
        problems.iter().for_each(|problem| println!("{problem}"));
    }
    Ok(holds(court.is_some()))
}

/// What an operator has to know of a row of the register.
fn doubts(court: &Court, register: &Register) -> Vec<String> {
    let mut doubts = vec![];
    if court.status == "U" {
        doubts.push("代字由规则推出，未经核对（U），使用前请管理员确认".to_owned());
    }
    if let Some(ended) = court.valid_to {
        doubts.push(format!("这个代字用到{}为止", procedure::clock::date_zh(ended)));
    }
    if court.level != procedure::courts::Level::Supreme && register.appeals_to(&court.code).is_none() {
        doubts.push("名册里没有它的上诉法院，请管理员补入".to_owned());
    }
    doubts
}

const RULES: &str = include_str!("../../../knowledge/rules.csv");
const CITED: &str = include_str!(concat!(env!("OUT_DIR"), "/cited.tsv"));

/// A row of `knowledge/rules.csv`.
#[derive(Deserialize)]
struct Rule {
    id: String,
    status: String,
    chapter: String,
}

/// Where a rule is built and held.
struct Built {
    rule: Rule,
    code: Vec<&'static str>,
    tests: Vec<&'static str>,
}

impl Built {
    fn is_built(&self) -> bool {
        !self.code.is_empty() && !self.tests.is_empty()
    }

    /// Checked against its source (V) or an excerpt of it (E): it binds.
    fn binds(&self) -> bool {
        ["V", "E"].contains(&self.rule.status.as_str())
    }
}

fn built() -> Vec<Built> {
    let rules = csv::Reader::from_reader(RULES.as_bytes()).into_deserialize::<Rule>().map(|row| row.expect("the shipped rules are checked by tests"));
    rules
        .map(|rule| {
            let row = CITED.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row.first() == Some(&rule.id.as_str()));
            let list =
                |column: usize| row.as_ref().and_then(|row| row.get(column)).map(|items| items.split_whitespace().collect()).unwrap_or_default();
            Built { code: list(1), tests: list(2), rule }
        })
        .collect()
}

fn rules(prefix: &str, json: bool) -> ExitCode {
    let found: Vec<Built> = built().into_iter().filter(|built| built.rule.id.starts_with(prefix)).collect();
    if json {
        let rows: Vec<Value> = found
            .iter()
            .map(|built| {
                let Built { rule, code, tests } = built;
                json!({"id": rule.id, "status": rule.status, "chapter": rule.chapter, "built": built.is_built(), "code": code, "tests": tests})
            })
            .collect();
        println!("{}", Value::from(rows));
        return ExitCode::SUCCESS;
    }
    for built in &found {
        let state = if built.is_built() { "built" } else { "-" };
        println!("{}\t{}\t{state}\t{} places\t{} tests", built.rule.id, built.rule.status, built.code.len(), built.tests.len());
    }
    let binding: Vec<&Built> = found.iter().filter(|built| built.binds()).collect();
    println!("{} of {} rules checked against a source (V, E) are built", binding.iter().filter(|built| built.is_built()).count(), binding.len());
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(kind: FeeKind, amount: Option<&str>, base: Option<&str>) -> Result<Fen> {
        let yuan = |text: &str| Fen::parse_yuan(text).expect("an amount");
        assess(kind, amount.map(yuan), base.map(yuan)).map(|fee| fee.fen)
    }

    #[test]
    fn r_fee_02_to_05_a_base_outside_of_the_law_is_refused() {
        assert_eq!(fen(FeeKind::Divorce, Some("1000000"), Some("300")).ok(), Some(Fen(430_000)));
        assert!(fen(FeeKind::Divorce, None, Some("301")).is_err());
        assert!(fen(FeeKind::Property, Some("1"), Some("300")).is_err());
        assert!(fen(FeeKind::Administrative, None, Some("60")).is_err());
        assert_eq!(fen(FeeKind::Administrative, None, Some("100")).ok(), Some(Fen(10_000)));
        assert!(fen(FeeKind::Property, None, None).is_err());
    }

    #[test]
    fn a_time_of_day_is_told_from_a_day() {
        assert!(matches!("2024-09-30".parse(), Ok(From::Day(_))));
        let Ok(From::Time(time)) = "2024-09-30T16:20".parse() else { panic!("a time") };
        assert_eq!((time.hour(), time.minute()), (16, 20));
        let Ok(From::Time(time)) = "2024-09-30T08:20:00Z".parse() else { panic!("a time with its zone") };
        assert_eq!(time.hour(), 16, "as at the courts");
        assert!("yesterday".parse::<From>().is_err());
    }

    #[test]
    fn r_cno_32_numbers_of_a_system_that_the_register_does_not_hold_are_only_doubted() {
        let judged = judge("(2024)兵01民终1号", &Register::national(), jiff::civil::date(2026, 6, 1));
        assert_eq!((&judged["valid"], &judged["problems"][0]["level"]), (&json!(true), &json!("W")));
        let judged = judge("(2024)京9999民初1号", &Register::national(), jiff::civil::date(2026, 6, 1));
        assert_eq!((&judged["valid"], &judged["canonical"], &judged["court"]["code"]), (&json!(false), &Value::Null, &json!("京9999")));
    }

    #[test]
    fn every_rule_of_the_table_stands_once_and_is_known() {
        let built = built();
        let mut ids: Vec<&str> = built.iter().map(|built| built.rule.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), built.len());
        let fee = built.iter().find(|built| built.rule.id == "R-FEE-01").expect("a rule");
        assert!(fee.code.iter().any(|place| place.starts_with("crates/procedure/src/fee.rs:")));
        assert!(fee.tests.iter().any(|test| test.ends_with("::r_fee_01_worked_examples_and_r_fee_11_halves")));
    }

    /// Who builds a rule takes it out of the file; whose last test goes puts it in.
    #[test]
    fn every_rule_that_binds_is_built_or_stands_in_the_file_of_those_that_are_not() {
        let file = include_str!("../../../docs/rules-not-built.md");
        let rows = file.lines().filter(|line| line.starts_with("| R-"));
        let mut told: Vec<&str> = rows.filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
        let built = built();
        let mut missing: Vec<&str> = built.iter().filter(|built| built.binds() && !built.is_built()).map(|built| built.rule.id.as_str()).collect();
        told.sort_unstable();
        missing.sort_unstable();
        assert_eq!(told, missing, "left: docs/rules-not-built.md; right: rules without a place or without a test");
    }
}
