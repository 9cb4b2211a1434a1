//! State in words first, colour second: badges, notices, progress, emptiness.

use maud::{Markup, html};

use crate::{Icon, icon};

/// What a badge's colour means. Each colour has one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to do.
    #[default]
    Plain,
    /// Blue: can be acted on.
    Todo,
    /// Amber: soon.
    Soon,
    /// Red: a legal consequence is near.
    Near,
    /// Full red: today or over.
    Over,
    /// Green: done or holds.
    Done,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "badge",
            Tone::Todo => "badge todo",
            Tone::Soon => "badge soon",
            Tone::Near => "badge near",
            Tone::Over => "badge over",
            Tone::Done => "badge done",
        }
    }
}

/// `badge`: a state in a word or two.
pub fn badge(tone: Tone, words: &str) -> Markup {
    html! { span class=(tone.class()) { (words) } }
}

/// A badge with a drawing before its words.
pub fn icon_badge(tone: Tone, drawing: Icon, words: &str) -> Markup {
    html! { span class=(tone.class()) { (icon(drawing)) (words) } }
}

/// How near a date is, by days left: the grades of `states` and of the queue's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// A week and more.
    Far,
    /// Four to six days.
    Coming,
    /// Two or three days.
    Soon,
    /// Tomorrow.
    Near,
    /// Today or over.
    Over,
}

impl Grade {
    /// The grade of a date that is `days` away; 0 is today, below 0 is over.
    pub fn of_days(days: i32) -> Grade {
        match days {
            ..=0 => Grade::Over,
            1 => Grade::Near,
            2..=3 => Grade::Soon,
            4..=6 => Grade::Coming,
            7.. => Grade::Far,
        }
    }
}

/// `还有 5 天`, `今天到期`, `已过期 2 天`: the days that a person still has.
pub fn days_badge(days: i32) -> Markup {
    let tone = match Grade::of_days(days) {
        Grade::Far => Tone::Plain,
        Grade::Coming | Grade::Soon => Tone::Soon,
        Grade::Near => Tone::Near,
        Grade::Over => Tone::Over,
    };
    let words = match days {
        0 => "今天到期".to_owned(),
        1.. => format!("还有 {days} 天"),
        ..0 => format!("已过期 {} 天", days.unsigned_abs()),
    };
    badge(tone, &words)
}

/// 送达状态: where a served paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState<'a> {
    /// 待发送
    Pending,
    /// 已发送
    Sent,
    /// 已到达，未打开
    Arrived,
    /// 已打开
    Opened,
    /// 已退回，未送达
    Returned,
    /// 改用邮寄送达
    ByPost,
    /// 已拒收
    Refused,
    /// 留置送达
    LeftInPlace,
    /// 公告送达；the day its period ends, written `11月20日`
    ByNotice { ends: &'a str },
}

/// `service_badge`: the state in the words of `states`.
pub fn service_badge(state: ServiceState<'_>) -> Markup {
    match state {
        ServiceState::Pending => icon_badge(Tone::Plain, Icon::Clock, "待发送"),
        ServiceState::Sent => icon_badge(Tone::Todo, Icon::Mail, "已发送"),
        ServiceState::Arrived => icon_badge(Tone::Done, Icon::Check, "已到达，未打开"),
        ServiceState::Opened => icon_badge(Tone::Done, Icon::Eye, "已打开"),
        ServiceState::Returned => icon_badge(Tone::Near, Icon::Cross, "已退回，未送达"),
        ServiceState::ByPost => icon_badge(Tone::Soon, Icon::Post, "改用邮寄送达"),
        ServiceState::Refused => icon_badge(Tone::Todo, Icon::Cross, "已拒收"),
        ServiceState::LeftInPlace => icon_badge(Tone::Done, Icon::Pin, "留置送达"),
        ServiceState::ByNotice { ends } => icon_badge(Tone::Soon, Icon::Clock, &format!("公告送达，{ends}届满")),
    }
}

/// `notice`: one sentence that matters here. `Todo` and `Plain` are blue, `Done` green, `Soon` amber,
/// `Near` and `Over` red.
pub fn notice(tone: Tone, content: &Markup) -> Markup {
    let class = match tone {
        Tone::Plain | Tone::Todo => "notice",
        Tone::Done => "notice good",
        Tone::Soon => "notice warn",
        Tone::Near | Tone::Over => "notice bad",
    };
    html! { p class=(class) { (content) } }
}

/// How far something is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Id of the line of words.
    pub id: &'a str,
    /// What is going on and how far, in words.
    pub words: &'a Markup,
    /// Parts done.
    pub done: u64,
    /// Parts in all.
    pub of: u64,
    /// What happens if it is interrupted.
    pub hint: Option<&'a str>,
}

/// `progress`: words, bar, and what to expect.
pub fn progress(p: &Progress<'_>) -> Markup {
    html! {
        p id=(p.id) { (p.words) }
        progress.progress value=(p.done) max=(p.of) aria-labelledby=(p.id) {}
        @if let Some(hint) = p.hint { p.small.muted { (hint) } }
    }
}

/// `empty`: nothing is here yet, and what will be.
pub fn empty(drawing: Icon, heading: &str, words: &Markup) -> Markup {
    html! { div.empty { (icon(drawing)) p.nothing { (heading) } p { (words) } } }
}

/// `toast`: what has just been done, with a way to undo it.
pub fn toast(words: &str, undo: Option<(&str, &str)>) -> Markup {
    html! {
        p.toast role="status" {
            (words)
            @if let Some((label, href)) = undo { a href=(href) { (label) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_left_are_graded_and_said() {
        for (days, grade, words) in [
            (30, Grade::Far, "还有 30 天"),
            (5, Grade::Coming, "还有 5 天"),
            (3, Grade::Soon, "还有 3 天"),
            (1, Grade::Near, "还有 1 天"),
            (0, Grade::Over, "今天到期"),
            (-2, Grade::Over, "已过期 2 天"),
        ] {
            assert_eq!(Grade::of_days(days), grade);
            assert!(days_badge(days).0.contains(words), "{days}");
        }
    }
}
