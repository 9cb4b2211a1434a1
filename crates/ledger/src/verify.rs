//! 核验 (verification) of a receipt: what holds, what does not, and what no receipt can prove (R-LED-01, 03, 05).

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;
use sha2::Digest;

use crate::receipt::{FileDigest, Logged};
use crate::trust::Role;
use crate::{Error, Hash, Kind, Receipt, Result, Stamp, State, Trust};

/// 《人民法院在线诉讼规则》第十六条, in the rule's own words.
pub const OLR_16: &str = "《人民法院在线诉讼规则》第十六条：当事人作为证据提交的电子数据系通过区块链技术存储，并经技术核验一致的，人民法院可以认定该电子数据上链后未经篡改，但有相反证据足以推翻的除外。";
/// 《人民法院在线诉讼规则》第十八条, in the rule's own words.
pub const OLR_18: &str =
    "《人民法院在线诉讼规则》第十八条：当事人提出电子数据上链存储前已不具备真实性，并提供证据证明或者说明理由的，人民法院应当予以审查。";

/// How far a receipt may be dated after the checkpoint that holds it before that is a contradiction: clocks of two
/// zones differ by seconds, never by minutes.
const CLOCK_SKEW_SECONDS: i64 = 300;

/// Facts that describe how evidence was captured before deposit (OLR 17, R-LED-05).
pub const CAPTURE_FACTS: [&str; 4] = ["取证方式", "取证人", "设备清洁性检查", "取证日志"];

/// The fact by which the receipt of an archive names the SM3 digest of its package's tag manifest, which covers every byte of it
/// (R-ARC-07).
pub const TAG_MANIFEST_FACT: &str = "标签清单 SM3";

/// Digests of a file that is held against a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: Hash,
    /// SM3.
    pub sm3: Hash,
}

impl Digests {
    /// Of bytes in memory.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        Self { bytes: file.len() as u64, sha256: Hash(sha2::Sha256::digest(file).into()), sm3: Hash(sm3::Sm3::digest(file).into()) }
    }

    /// Of a stream of any length.
    pub fn read(mut file: impl Read) -> std::io::Result<Self> {
        let (mut sha256, mut sm3, mut bytes) = (sha2::Sha256::new(), sm3::Sm3::new(), 0u64);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            sha256.update(&buffer[..n]);
            sm3.update(&buffer[..n]);
            bytes += n as u64;
        }
        Ok(Self { bytes, sha256: Hash(sha256.finalize().into()), sm3: Hash(sm3.finalize().into()) })
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked, in Chinese.
    pub what_zh: &'static str,
    /// The rule it serves.
    pub rule: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// With what figures, in Chinese.
    pub detail: String,
}

/// 上链后完整性 (integrity after deposit): the first verdict of R-LED-05.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// 一致.
    Consistent,
    /// 不一致.
    Inconsistent,
    /// 未上链: the receipt carries no proof of the log.
    NotFound,
}

impl Integrity {
    /// For people.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Consistent => "一致",
            Self::Inconsistent => "不一致",
            Self::NotFound => "未上链",
        }
    }
}

/// 上链前来源 (provenance before deposit): the second verdict. No receipt can prove it; it can only say whether the
/// depositor told anything that a court may examine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// 未说明.
    NotStated,
    /// 已说明，待审查.
    Stated,
}

impl Provenance {
    /// For people.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::NotStated => "未作说明，本核验不能证明",
            Self::Stated => "已作说明，由人民法院审查",
        }
    }
}

/// Where in which log (the fields of R-LED-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Identity of the log and its epoch: 链标识.
    pub chain: String,
    /// Number of entries under the checkpoint: 区块高度.
    pub height: u64,
    /// Index of the entry: 交易序号.
    pub index: u64,
    /// Hash of the entry in the tree: 交易标识.
    pub entry: String,
    /// Time of the checkpoint: 上链时间.
    pub time: Option<String>,
    /// Algorithm of tree and commitment.
    pub algorithm: &'static str,
    /// Commitment in the record.
    pub commitment: String,
    /// Commitment made again from the receipt.
    pub recomputed: String,
    /// Merkle path in base64.
    pub path: Vec<String>,
    /// Who signed the checkpoint as the log.
    pub node: String,
    /// Who cosigned it.
    pub witnesses: Vec<String>,
}

/// The outcome of verification, with every check that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Verdict {
    /// All checks hold.
    pub holds: bool,
    /// How far the receipt got.
    pub state: State,
    /// Number of the receipt.
    pub no: String,
    /// What it is a receipt of.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Code of the court.
    pub court: String,
    /// The legal time that it certifies.
    pub at: String,
    /// Names of the keys that signed it.
    pub signer: String,
    /// What else it certifies, name to value.
    pub facts: BTreeMap<String, String>,
    /// The files it certifies.
    pub files: Vec<FileDigest>,
    /// Place in the log.
    pub ledger: Option<Place>,
    /// First verdict.
    pub integrity: Integrity,
    /// Second verdict.
    pub provenance: Provenance,
    /// The checks in the order made.
    pub checks: Vec<Check>,
    /// What this does not prove.
    pub limits: Vec<String>,
    /// What to do now.
    pub advice: Vec<String>,
}

impl Receipt {
    /// Verifies the receipt and, where given, a file against it. An answer of `Ok` means that all holds;
    /// [`Error::Refused`] carries the verdict with the checks that failed.
    pub fn verify(&self, trust: &Trust, file: Option<&[u8]>) -> Result<Verdict> {
        let verdict = self.examine(trust, file.map(Digests::of).as_ref());
        if verdict.holds { Ok(verdict) } else { Err(Error::Refused(Box::new(verdict))) }
    }

    /// The same for pages that show either outcome; look at [`Verdict::holds`].
    pub fn examine(&self, trust: &Trust, file: Option<&Digests>) -> Verdict {
        let content = self.content();
        let mut checks = self.check_signers(trust);
        let mut ledger = None;
        if let Some(logged) = self.logged() {
            let (more, place) = self.check_ledger(logged, trust);
            checks.extend(more);
            ledger = Some(place);
        }
        if let Some(file) = file {
            checks.push(self.check_file(file));
        }
        let holds = checks.iter().all(|check| check.holds);
        let integrity = match (self.state(), holds) {
            (State::Submitted, _) => Integrity::NotFound,
            (State::Logged, true) => Integrity::Consistent,
            (State::Logged, false) => Integrity::Inconsistent,
        };
        let stated = CAPTURE_FACTS.iter().any(|fact| content.facts.contains_key(*fact));
        let signer: Vec<_> = self.note().signatures().iter().map(|s| s.name.as_str()).collect();
        let mut verdict = Verdict {
            holds,
            state: self.state(),
            no: content.no.clone(),
            kind: content.kind,
            title: content.title.clone(),
            court: content.court.clone(),
            at: content.at.clone(),
            signer: signer.join("、"),
            facts: content.facts.clone(),
            files: content.files.clone(),
            ledger,
            integrity,
            provenance: if stated { Provenance::Stated } else { Provenance::NotStated },
            checks,
            limits: Vec::new(),
            advice: Vec::new(),
        };
        verdict.limits = limits(&verdict, file.is_some());
        verdict.advice = advice(&verdict, file.is_some());
        verdict
    }

    fn check_signers(&self, trust: &Trust) -> Vec<Check> {
        let kind = self.content().kind;
        let check = |(holds, detail)| Check { what_zh: "回执由有权机构签发且未经改动", rule: "R-LED-05", holds, detail };
        let signatures = self.note().signatures().iter();
        let outcome = signatures.map(|signature| match trust.find(signature) {
            None => (false, format!("“{}”的密钥不在信任名单中", signature.name)),
            Some((role, _)) if !may_sign(role, kind) => (false, format!("“{}”是{}，无权签发“{}”回执", signature.name, role.zh(), kind.zh())),
            Some((role, key)) => match key.verify(self.note().text(), &signature.bytes) {
                Ok(_) => (true, format!("{}“{}”的{}签名有效", role.zh(), key.name(), key.suite().signature_name())),
                Err(_) => (false, format!("“{}”的签名无效，内容或者签名已被改动", signature.name)),
            },
        });
        outcome.map(check).collect()
    }

    fn check_ledger(&self, logged: &Logged, trust: &Trust) -> (Vec<Check>, Place) {
        let content = self.content();
        let recomputed = logged.commitment(self.signed_part()).to_hex();
        let same = recomputed == logged.record.commitment;
        let record = &logged.record;
        let about = (record.kind, &record.court, &record.at) == (content.kind, &content.court, &content.at);
        let mut checks = vec![
            Check {
                what_zh: "上链记录与回执内容一致",
                rule: "R-LED-05",
                holds: same && about,
                detail: match (same, about) {
                    (true, true) => format!("{}承诺值{}，重算一致", logged.suite.hash_name(), short(&recomputed)),
                    (true, false) => "承诺值一致，但记录的种类、法院或者时间与回执不同".to_owned(),
                    (false, _) => format!("承诺值应为{}，记录为{}", short(&recomputed), short(&record.commitment)),
                },
            },
            Check {
                what_zh: "记录在检查点之下",
                rule: "R-LED-05",
                holds: logged.check_inclusion().is_ok(),
                detail: format!("第{}条，共{}条，路径{}级", logged.index, logged.checkpoint.size, logged.path.len()),
            },
        ];
        let (signed, node, witnesses) = check_checkpoint(logged, trust);
        checks.extend(signed);
        checks.push(check_time(logged, &content.at));
        let place = Place {
            chain: logged.checkpoint.origin.clone(),
            height: logged.checkpoint.size,
            index: logged.index,
            entry: logged.leaf().to_hex(),
            time: logged.checkpoint.time().ok().flatten().map(|time| time.to_string()),
            algorithm: logged.suite.hash_name(),
            commitment: record.commitment.clone(),
            recomputed,
            path: logged.path.iter().map(|hash| hash.to_base64()).collect(),
            node,
            witnesses,
        };
        (checks, place)
    }

    fn check_file(&self, file: &Digests) -> Check {
        let found = self.content().files.iter().find(|listed| {
            listed.sha256 == file.sha256.to_hex() && listed.bytes == file.bytes && listed.sm3.as_ref().is_none_or(|sm3| *sm3 == file.sm3.to_hex())
        });
        let (sha256, sm3) = (file.sha256.to_hex(), file.sm3.to_hex());
        let manifest = self.content().kind == Kind::ArchiveManifest && self.content().facts.get(TAG_MANIFEST_FACT) == Some(&sm3);
        Check {
            what_zh: "文件与回执所载一致",
            rule: "R-LED-05",
            holds: found.is_some() || manifest,
            detail: match found {
                Some(listed) => format!("与“{}”一致，{}字节，SHA-256 {}", listed.name, file.bytes, short(&sha256)),
                None if manifest => format!("与“{TAG_MANIFEST_FACT}”一致，{}", short(&sm3)),
                None => format!("回执所列{}个文件均不是此文件（SHA-256 {sha256}）", self.content().files.len()),
            },
        }
    }
}

/// Who may certify what: submissions the portal or the court, the court's own papers and files the court alone.
fn may_sign(role: Role, kind: Kind) -> bool {
    match kind {
        Kind::FilingReceipt | Kind::Submission | Kind::EvidenceDeposit => {
            matches!(role, Role::Portal | Role::Court)
        }
        Kind::ServedPaper
        | Kind::ServiceEvent
        | Kind::VolumeRoot
        | Kind::ArchiveManifest
        | Kind::HearingRecord
        | Kind::AuditHead
        | Kind::TribunalDraw
        | Kind::Checkpoint
        | Kind::Gap => role == Role::Court,
    }
}

/// The log itself must have signed, with a key named like the log and of the tree's own suite; every other signature
/// must be a known witness's.
fn check_checkpoint(logged: &Logged, trust: &Trust) -> (Vec<Check>, String, Vec<String>) {
    let (mut checks, mut node, mut witnesses) = (Vec::new(), None, Vec::new());
    let origin = logged.checkpoint.epoch().ok().map(|(name, _)| name);
    for signature in logged.note.signatures() {
        let name = &signature.name;
        let (holds, detail) = match trust.find(signature) {
            None => (false, format!("“{name}”的密钥不在信任名单中")),
            Some((role, key)) => match (role, key.verify(logged.note.text(), &signature.bytes)) {
                (_, Err(_)) => (false, format!("“{name}”对检查点的签名无效")),
                (Role::Log, Ok(_)) if key.suite() != logged.suite || Some(key.name()) != origin => {
                    (false, format!("“{name}”不是“{}”的密钥", logged.checkpoint.origin))
                }
                (Role::Log, Ok(_)) => {
                    node = Some(name.clone());
                    (true, format!("司法链“{}”的{}签名有效", logged.checkpoint.origin, key.suite().signature_name()))
                }
                (Role::Witness, Ok(_)) => {
                    witnesses.push(name.clone());
                    (true, format!("见证方“{name}”已见证"))
                }
                (Role::Portal | Role::Court | Role::Ca, Ok(_)) => (false, format!("“{name}”是{}，无权签署检查点", role.zh())),
            },
        };
        checks.push(Check { what_zh: "检查点由司法链签署", rule: "R-LED-05", holds, detail });
    }
    if node.is_none() && checks.iter().all(|check| check.holds) {
        let detail = "没有司法链自己的签名".to_owned();
        checks.push(Check { what_zh: "检查点由司法链签署", rule: "R-LED-05", holds: false, detail });
    }
    (checks, node.unwrap_or_default(), witnesses)
}

fn check_time(logged: &Logged, at: &str) -> Check {
    let times = logged.checkpoint.time().and_then(|time| Ok((time, Stamp::parse(at)?)));
    let (holds, detail) = match times {
        Ok((None, _)) => (true, "检查点未载明时间".to_owned()),
        Ok((Some(time), at)) if at.unix() > time.unix() + CLOCK_SKEW_SECONDS => {
            (false, format!("回执载明北京时间{}，晚于检查点的时间{}", at.beijing(), time.beijing()))
        }
        Ok((Some(time), _)) => (true, format!("最迟于北京时间{}已上链", time.beijing())),
        Err(error) => (false, error.to_string()),
    };
    Check { what_zh: "时间先后相符", rule: "R-LED-05", holds, detail }
}

fn limits(verdict: &Verdict, file: bool) -> Vec<String> {
    let mut limits = Vec::new();
    match (verdict.state, verdict.holds) {
        (_, false) => limits.push("本回执未通过核验，不能证明任何事项。".to_owned()),
        (State::Submitted, true) => limits.push("本回执尚未上链：只证明签发机构于所载时间签发了所载内容，不能排除签发机构事后另行签发。".to_owned()),
        (State::Logged, true) => limits.push(OLR_16.to_owned()),
    }
    if !file {
        limits.push("未提供文件，只核验了回执本身，没有核对任何文件。".to_owned());
    }
    limits.push("核验一致只说明上链以后没有改动，不说明内容真实，也不说明上链以前的来源。".to_owned());
    limits.push(OLR_18.to_owned());
    limits
}

fn advice(verdict: &Verdict, file: bool) -> Vec<String> {
    let mut advice = Vec::new();
    if !verdict.holds {
        advice.push("请确认回执和文件均为原件（未经编辑、转换、另存），并使用从法院取得的最新信任名单重新核验。".to_owned());
        advice.push("仍不一致的，请保留原件，不要据此办理事务，并向签发法院查询。".to_owned());
        return advice;
    }
    if verdict.state == State::Submitted {
        advice.push("请保存本回执；上链后在原处下载补全的回执，再次核验。".to_owned());
    }
    if !file {
        advice.push("需要核对文件的，请连同文件一起核验。".to_owned());
    }
    if verdict.provenance == Provenance::NotStated && verdict.kind == Kind::EvidenceDeposit {
        advice.push("作为证据提交的，请另行准备上链前来源、生成、存储过程的说明或者证据。".to_owned());
    }
    advice
}

fn short(hex: &str) -> String {
    hex.chars().take(16).chain("…".chars()).collect()
}
