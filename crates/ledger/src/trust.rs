//! 信任名单 (trust file): whom a verifier believes, got from the court by another way than the receipt (invariant 10).

use crate::note::Signature;
use crate::{Error, Purpose, Result, VerifyingKey};

/// What a key may vouch for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// 人民法院在线服务: receives submissions.
    Portal,
    /// 法院: papers, files, archives.
    Court,
    /// 司法链: checkpoints of the log that bears its name.
    Log,
    /// 日志见证方: cosigns checkpoints.
    Witness,
    /// Issuer of other keys. Not used for receipts yet: a chain of keys is not followed.
    Ca,
}

impl Role {
    /// The role in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Portal => "在线服务平台",
            Self::Court => "人民法院",
            Self::Log => "司法链",
            Self::Witness => "日志见证方",
            Self::Ca => "签发机构",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "portal" => Self::Portal,
            "court" => Self::Court,
            "log" => Self::Log,
            "witness" => Self::Witness,
            "ca" => Self::Ca,
            _ => return None,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Court => "court",
            Self::Log => "log",
            Self::Witness => "witness",
            Self::Ca => "ca",
        }
    }
}

/// The keys that count, each with its role. A key that is not here fails, whatever it signed.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    keys: Vec<(Role, VerifyingKey)>,
}

impl Trust {
    /// Reads lines of `role vkey`; blank lines and lines that begin with `#` are passed over.
    pub fn parse(text: &str) -> Result<Self> {
        let mut trust = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fail = |what: String| Error::Trust { line: number + 1, what };
            let mut words = line.split_ascii_whitespace();
            let (Some(role), Some(key), None) = (words.next(), words.next(), words.next()) else {
                return Err(fail("not of the form `role key`".into()));
            };
            let role = Role::parse(role).ok_or_else(|| fail(format!("role {role} is not known")))?;
            let key = VerifyingKey::parse(key).map_err(|error| fail(error.to_string()))?;
            trust.add(role, key).map_err(|error| fail(error.to_string()))?;
        }
        Ok(trust)
    }

    /// Adds a key. One key has one role; a witness's key cosigns, the others' do not.
    pub fn add(&mut self, role: Role, key: VerifyingKey) -> Result<()> {
        let purpose = match role {
            Role::Witness => Purpose::Cosign,
            Role::Portal | Role::Court | Role::Log | Role::Ca => Purpose::Note,
        };
        if key.purpose() != purpose {
            return Err(Error::Key(format!("{} is not of the type that a {} signs with", key.name(), role.word())));
        }
        if self.keys.iter().any(|(_, k)| k.name() == key.name() && k.id() == key.id()) {
            return Err(Error::Key(format!("{} stands in the list twice", key.name())));
        }
        self.keys.push((role, key));
        Ok(())
    }

    /// The key that a signature line names, if it is trusted.
    #[must_use]
    pub fn find(&self, signature: &Signature) -> Option<(Role, &VerifyingKey)> {
        self.keys.iter().find(|(_, key)| signature.is_by(key)).map(|(role, key)| (*role, key))
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = (Role, &VerifyingKey)> {
        self.keys.iter().map(|(role, key)| (*role, key))
    }
}

impl std::fmt::Display for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.keys.iter().try_for_each(|(role, key)| writeln!(f, "{} {key}", role.word()))
    }
}
