//! 大字版 and 高对比度: how a reader wants the page, kept in a cookie and shown by attributes of `<html>`.

/// What the reader chose. It changes tokens only: nothing that has legal weight is ever hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mode {
    /// 大字版: larger type and targets, fewer things, read-aloud and telephone on every page.
    pub elder: bool,
    /// 高对比度.
    pub high_contrast: bool,
}

impl Mode {
    /// Name of the cookie that a wing keeps the choice in.
    pub const COOKIE: &'static str = "mode";

    /// Reads the cookie's value; anything unknown is the plain mode.
    pub fn from_cookie(value: &str) -> Mode {
        Mode { elder: value.split('.').any(|word| word == "elder"), high_contrast: value.split('.').any(|word| word == "high") }
    }

    /// The cookie's value, `elder.high`, `elder`, `high` or `plain`.
    pub fn cookie_value(self) -> &'static str {
        match (self.elder, self.high_contrast) {
            (true, true) => "elder.high",
            (true, false) => "elder",
            (false, true) => "high",
            (false, false) => "plain",
        }
    }

    /// The mode after following a link `?mode=elder|normal` or `?contrast=high|normal`, which is what
    /// the masthead links to. `None` when the query asks for no change: then the page is shown as it
    /// is; otherwise the wing sets the cookie and answers 303 to the same path without the query.
    pub fn changed_by_query(self, query: &str) -> Option<Mode> {
        let mut mode = self;
        let mut asked = false;
        for pair in query.split('&') {
            match pair {
                "mode=elder" => (mode.elder, asked) = (true, true),
                "mode=normal" => (mode.elder, asked) = (false, true),
                "contrast=high" => (mode.high_contrast, asked) = (true, true),
                "contrast=normal" => (mode.high_contrast, asked) = (false, true),
                _ => {}
            }
        }
        asked.then_some(mode)
    }

    pub(crate) fn data_mode(self) -> Option<&'static str> {
        self.elder.then_some("elder")
    }

    pub(crate) fn data_contrast(self) -> Option<&'static str> {
        self.high_contrast.then_some("high")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_the_cookie() {
        for elder in [false, true] {
            for high_contrast in [false, true] {
                let mode = Mode { elder, high_contrast };
                assert_eq!(Mode::from_cookie(mode.cookie_value()), mode);
            }
        }
        assert_eq!(Mode::from_cookie("rubbish"), Mode::default());
    }

    #[test]
    fn a_link_changes_one_thing_and_keeps_the_other() {
        let high = Mode { elder: false, high_contrast: true };
        assert_eq!(high.changed_by_query("a=1&mode=elder"), Some(Mode { elder: true, high_contrast: true }));
        assert_eq!(high.changed_by_query("contrast=normal"), Some(Mode::default()));
        assert_eq!(high.changed_by_query("page=2"), None);
    }
}
