//! `xiezhi-verify`: checks a receipt, and a file against it, on a machine that never saw the platform (invariant 10).

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ledger::{Digests, Receipt, Trust, receipt};

const HELP: &str = "\
用法：xiezhi-verify 回执 [文件] --trust 信任名单 [--json]

离线核验獬豸回执：签名、上链记录、包含证明、检查点；提供文件的，一并核对文件。
信任名单须另行从法院取得，不能取自回执。每行“角色 公钥”，# 开头为注释；
角色：portal 在线服务平台，court 人民法院，log 司法链，witness 日志见证方，ca 签发机构。

  --trust 信任名单   必填
  --json             以 JSON 输出核验报告
  --help             显示本说明

退出码：0 核验一致；1 核验不一致；2 用法有误或者文件无法读取。
";

/// What failed before anything could be verified, for people.
struct Unusable(String);

struct Arguments {
    receipt: PathBuf,
    file: Option<PathBuf>,
    trust: PathBuf,
    json: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        return finish(HELP, 0);
    }
    match parse(arguments).and_then(|arguments| run(&arguments)) {
        Ok((text, holds)) => finish(&text, if holds { 0 } else { 1 }),
        Err(Unusable(what)) => {
            eprintln!("{what}");
            ExitCode::from(2)
        }
    }
}

/// A report that could not be written must not end in success.
fn finish(text: &str, code: u8) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::from(code),
        Err(error) => {
            eprintln!("结果没有写出：{error}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: Vec<OsString>) -> Result<Arguments, Unusable> {
    let usage = |what: &str| Unusable(format!("{what}\n用法：xiezhi-verify 回执 [文件] --trust 信任名单 [--json]"));
    let (mut paths, mut trust, mut json) = (Vec::new(), None, false);
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match argument.to_str() {
            Some("--json") => json = true,
            Some("--trust") if trust.is_none() => {
                trust = Some(PathBuf::from(rest.next().ok_or_else(|| usage("--trust 之后缺少文件名。"))?));
            }
            Some("--trust") => return Err(usage("--trust 只能给一次。")),
            Some(option) if option.starts_with("--") => {
                return Err(usage(&format!("不认识的选项 {option}。")));
            }
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    let trust = trust.ok_or_else(|| usage("缺少 --trust 信任名单。信任名单须另行从法院取得。"))?;
    let mut paths = paths.into_iter();
    let (Some(receipt), file, None) = (paths.next(), paths.next(), paths.next()) else {
        return Err(usage("须给出一个回执，至多一个文件。"));
    };
    Ok(Arguments { receipt, file, trust, json })
}

fn run(arguments: &Arguments) -> Result<(String, bool), Unusable> {
    let trust = read_text(&arguments.trust, 1024 * 1024)?;
    let trust = Trust::parse(&trust).map_err(|error| Unusable(error.advice()))?;
    let text = read_text(&arguments.receipt, receipt::MAX_BYTES)?;
    let file = arguments.file.as_deref().map(digest).transpose()?;
    // A receipt whose form is broken is a receipt that does not hold, not a mistake of usage.
    let receipt = match Receipt::parse(&text) {
        Ok(receipt) => receipt,
        Err(error) if arguments.json => {
            let report = serde_json::json!({"holds": false, "error": error.to_string(), "advice": [malformed(&error)]});
            return Ok((format!("{report:#}\n"), false));
        }
        Err(error) => return Ok((format!("核验结果：不一致\n{}\n", malformed(&error)), false)),
    };
    let verdict = receipt.examine(&trust, file.as_ref());
    let report = if arguments.json {
        serde_json::to_string_pretty(&verdict).map_err(|error| Unusable(error.to_string()))? + "\n"
    } else {
        verdict.to_string()
    };
    Ok((report, verdict.holds))
}

/// Whatever part of a receipt cannot be read, to the person it is the receipt that cannot.
fn malformed(error: &ledger::Error) -> String {
    match error {
        ledger::Error::Receipt(_) => error.advice(),
        other => ledger::Error::Receipt(other.to_string()).advice(),
    }
}

fn read_text(path: &Path, max: usize) -> Result<String, Unusable> {
    let fail = |why: &str| Unusable(format!("无法读取“{}”：{why}。请检查文件名和文件。", path.display()));
    let file = File::open(path).map_err(|error| fail(&error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(|error| fail(&error.to_string()))?;
    if bytes.len() > max {
        return Err(fail("文件过大"));
    }
    String::from_utf8(bytes).map_err(|_| fail("不是 UTF-8 文本"))
}

fn digest(path: &Path) -> Result<Digests, Unusable> {
    let read = || File::open(path).and_then(Digests::read);
    read().map_err(|error| Unusable(format!("无法读取“{}”：{error}。请检查文件名和文件。", path.display())))
}
