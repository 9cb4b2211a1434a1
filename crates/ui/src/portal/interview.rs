//! The filing interview: one question a page, the list of steps, saved, and the counter instead.

use maud::{Markup, html};

use super::frame::HOTLINE;
use crate::{Icon, icon};

/// A step of the interview.
#[derive(Debug, Clone, Copy)]
pub struct InterviewStep<'a> {
    /// `借款交付`
    pub label: &'a str,
    /// Where it is changed; steps already filled in are links, so that back never loses anything.
    pub href: &'a str,
    /// Already filled in.
    pub done: bool,
}

/// The steps and the one being asked.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    /// All of them.
    pub steps: &'a [InterviewStep<'a>],
    /// Place of the present one, from 0.
    pub now: usize,
}

/// `step_list`: folded on a phone, open on a desk, with a bar of the same steps.
pub fn step_list(s: &Steps<'_>) -> Markup {
    html! {
        details.steps.side {
            summary {
                span { "第 " (s.now + 1) " 步，共 " (s.steps.len()) " 步" }
                span.toggle { "看全部步骤" }
            }
            ol.step-list { @for (place, step) in s.steps.iter().enumerate() {
                @if place == s.now { li.now aria-current="step" { (step.label) } }
                @else if step.done { li.done { a href=(step.href) { (step.label) } span.sr { "已填" } } }
                @else { li.todo { (step.label) } }
            } }
        }
        div.step-bar aria-hidden="true" { @for (place, step) in s.steps.iter().enumerate() {
            i class=[if place == s.now { Some("n") } else if step.done { Some("d") } else { None }] {}
        } }
    }
}

/// `saved_state`: `10:12 已保存，换手机也能接着填`. Draft keeping renews it while one types.
pub fn saved_state(words: &str) -> Markup {
    html! { p.saved role="status" data-saved { (icon(Icon::Check)) span { (words) } } }
}

/// A box beside the question.
pub fn aside_box(drawing: Icon, heading: &str, content: &Markup) -> Markup {
    html! { div.aside-box { h2 { (icon(drawing)) (heading) } (content) } }
}

/// How the same is done at the counter.
#[derive(Debug, Clone, Copy)]
pub struct CounterBox<'a> {
    /// `不方便在网上填？`
    pub heading: &'a str,
    /// What to bring and what happens there.
    pub words: &'a str,
    /// Words and address of the change-over: `这一步改到窗口办理`.
    pub change: (&'a str, &'a str),
}

/// `counter_box`: the counter is equal; changing over loses nothing.
pub fn counter_box(c: &CounterBox<'_>) -> Markup {
    html! {
        div.aside-box.counter-box {
            h2 { (icon(Icon::Court)) (c.heading) }
            p { (c.words) }
            p { a href=(c.change.1) { (c.change.0) } }
            p.elder-hide { a href={ "tel:" (HOTLINE) } { "打电话问：" (HOTLINE) } }
        }
    }
}
