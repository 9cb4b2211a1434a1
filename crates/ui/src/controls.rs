//! What a person presses: buttons, links that look like them, folded text, dialogs, keys.

use maud::{Markup, html};

use crate::{Icon, icon};

/// How much a button calls. One `Primary` a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emphasis {
    /// An ordinary button.
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// What cannot be taken back.
    Danger,
    /// A link that stands in a row of buttons.
    Quiet,
}

impl Emphasis {
    fn class(self) -> Option<&'static str> {
        match self {
            Emphasis::Plain => None,
            Emphasis::Primary => Some("primary"),
            Emphasis::Danger => Some("danger"),
            Emphasis::Quiet => Some("quiet"),
        }
    }
}

/// A button that sends its form, or with `script_only` one that a script acts on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Button<'a> {
    /// The words on it: a verb and what it does.
    pub label: &'a str,
    /// How much it calls.
    pub emphasis: Emphasis,
    /// A drawing before the words.
    pub icon: Option<Icon>,
    /// `name=value` sent with the form, when a form has more than one button.
    pub sends: Option<(&'a str, &'a str)>,
    /// Where the form goes instead of its own `action`.
    pub form_action: Option<&'a str>,
    /// The key that presses it on the workbench, as `aria-keyshortcuts` writes it (`y`, `Control+Enter`).
    pub key: Option<&'a str>,
    /// Small (workbench).
    pub small: bool,
    /// Why it cannot be pressed now; shown as its tooltip. It stays in the tab order, so that everyone can learn why.
    pub disabled_because: Option<&'a str>,
    /// Still at work after a press.
    pub busy: bool,
    /// It does nothing without script: hidden then.
    pub script_only: bool,
}

/// `button`: sends the form it stands in.
pub fn button(b: &Button<'_>) -> Markup {
    let kind = if b.script_only || b.disabled_because.is_some() { "button" } else { "submit" };
    let class = classes(&["btn"], b.emphasis, b.small, b.script_only);
    html! {
        button class=(class) type=(kind) name=[b.sends.map(|s| s.0)] value=[b.sends.map(|s| s.1)]
            formaction=[b.form_action] aria-keyshortcuts=[b.key] title=[b.disabled_because]
            aria-disabled=[b.disabled_because.map(|_| "true")] aria-busy=[b.busy.then_some("true")] {
            @if let Some(i) = b.icon { (icon(i)) }
            (b.label)
            @if let Some(key) = b.key { " " (keys_of(key)) }
        }
    }
}

/// A link that looks like a button.
#[derive(Debug, Clone, Copy, Default)]
pub struct Link<'a> {
    /// The words on it.
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// How much it calls.
    pub emphasis: Emphasis,
    /// A drawing before the words.
    pub icon: Option<Icon>,
    /// The key that follows it on the workbench.
    pub key: Option<&'a str>,
    /// Small (workbench).
    pub small: bool,
    /// Left out in 大字版, where fewer things are shown.
    pub elder_hide: bool,
}

/// `link_button`: goes somewhere, changes nothing.
pub fn link_button(l: &Link<'_>) -> Markup {
    let mut class = classes(&["btn"], l.emphasis, l.small, false);
    if l.elder_hide {
        class.push_str(" elder-hide");
    }
    html! {
        a class=(class) href=(l.href) aria-keyshortcuts=[l.key] {
            @if let Some(i) = l.icon { (icon(i)) }
            (l.label)
            @if let Some(key) = l.key { " " (keys_of(key)) }
        }
    }
}

fn classes(base: &[&str], emphasis: Emphasis, small: bool, script_only: bool) -> String {
    let mut all: Vec<&str> = base.to_vec();
    all.extend(emphasis.class());
    if small {
        all.push("sm");
    }
    if script_only {
        all.push("needs-script");
    }
    all.join(" ")
}

/// A row of buttons; full width under each other on a phone.
pub fn buttons(content: &Markup) -> Markup {
    html! { div.btns { (content) } }
}

/// The way back, above a heading.
pub fn crumb(label: &str, href: &str) -> Markup {
    html! { a.crumb href=(href) { (icon(Icon::Left)) (label) } }
}

/// Text on demand: `summary` is a question or a plain phrase, `content` the second helping.
pub fn more(summary: &Markup, content: &Markup) -> Markup {
    html! { details.more { summary { (summary) } (content) } }
}

/// A section that can be closed; its heading (an `h2`) stays a heading. Give it inside a `section`
/// that is labelled by `id`.
pub fn fold(id: &str, heading: &Markup, open: bool, content: &Markup) -> Markup {
    html! {
        details.fold open[open] {
            summary { h2 id=(id) { (heading) } span.open { "收起" } span.shut { "展开" } }
            (content)
        }
    }
}

/// One key as it is printed on the keyboard.
pub fn kbd(key: &str) -> Markup {
    html! { kbd.kbd { (key) } }
}

/// The keys of an `aria-keyshortcuts` value as they are printed: `Control+Enter` → `Ctrl` `Enter`.
pub(crate) fn keys_of(shortcut: &str) -> Markup {
    html! {
        @for (place, key) in shortcut.split('+').enumerate() {
            @if place > 0 { " " }
            (kbd(match key { "Control" => "Ctrl", "ArrowLeft" => "←", "ArrowRight" => "→", other => other }))
        }
    }
}

/// A question before something that cannot be undone.
#[derive(Debug, Clone, Copy)]
pub struct Dialog<'a> {
    /// Id of its heading; also makes the dialog's own id, `ID-dialog`.
    pub id: &'a str,
    /// The question.
    pub heading: &'a str,
    /// What follows from yes.
    pub body: &'a Markup,
    /// Buttons, the one that does it first.
    pub buttons: &'a Markup,
    /// Heading level, 2 or 3.
    pub level: u8,
}

/// `dialog`: shown in the page, as the question page that a form leads to. No script is needed: the
/// question is a page of its own and the answer a form on it.
pub fn dialog(d: &Dialog<'_>) -> Markup {
    html! {
        section.dialog role="dialog" aria-labelledby=(d.id) {
            div.dialog-body {
                @if d.level == 3 { h3 id=(d.id) { (d.heading) } } @else { h2 id=(d.id) { (d.heading) } }
                (d.body)
                div.btns { (d.buttons) }
            }
        }
    }
}
