//! Forms that work without script: label, hint, error and the value typed before, tied together for
//! screen readers (`aria-describedby`, `aria-invalid`).
//!
//! The id of a control is its `name`, so that [`error_summary`] can lead to it.

use maud::{Markup, html};

use crate::{Icon, icon};

/// What every control has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Field<'a> {
    /// Name it is sent under and id of the control.
    pub name: &'a str,
    /// What it asks.
    pub label: &'a str,
    /// What helps to answer.
    pub hint: Option<&'a str>,
    /// What is wrong with `value` and what to do; from the 422 answer.
    pub error: Option<&'a str>,
    /// Words and address of a link after the error: where else it can be put right (`回第 4 步改本金`).
    pub error_link: Option<(&'a str, &'a str)>,
    /// What was typed before, right or wrong.
    pub value: &'a str,
    /// May be left empty; said in words after the label.
    pub optional: bool,
    /// Keeps the value out of the local copy that draft keeping makes (ID numbers, codes).
    pub private: bool,
    /// The label is heard and not seen, where a heading or a table says it.
    pub label_hidden: bool,
}

/// What kind of text is typed; decides keyboard, filling in by the browser, and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// Words.
    #[default]
    Text,
    /// A person's own name.
    Name,
    /// 手机号
    Phone,
    /// 身份证号: never stored by draft keeping.
    IdNumber,
    /// 电子邮箱
    Email,
    /// An address.
    Address,
    /// A password; never shown again.
    Password,
    /// A code sent to the telephone.
    Code,
    /// A search.
    Search,
    /// A whole number.
    Count,
}

impl Entry {
    fn input_type(self) -> &'static str {
        match self {
            Entry::Phone => "tel",
            Entry::Email => "email",
            Entry::Password => "password",
            Entry::Search => "search",
            Entry::Text | Entry::Name | Entry::IdNumber | Entry::Address | Entry::Code | Entry::Count => "text",
        }
    }
    fn input_mode(self) -> Option<&'static str> {
        matches!(self, Entry::Code | Entry::Count).then_some("numeric")
    }
    fn autocomplete(self) -> &'static str {
        match self {
            Entry::Name => "name",
            Entry::Phone => "tel",
            Entry::Email => "email",
            Entry::Address => "street-address",
            Entry::Password => "current-password",
            Entry::Code => "one-time-code",
            Entry::Text | Entry::IdNumber | Entry::Search | Entry::Count => "off",
        }
    }
    fn private(self) -> bool {
        matches!(self, Entry::IdNumber | Entry::Password | Entry::Code)
    }
}

/// Ids of hint and error, for `aria-describedby`.
fn described(field: &Field<'_>) -> Option<String> {
    let mut ids = Vec::new();
    if field.hint.is_some() {
        ids.push(format!("{}-hint", field.name));
    }
    if field.error.is_some() {
        ids.push(format!("{}-err", field.name));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn invalid(field: &Field<'_>) -> Option<&'static str> {
    field.error.map(|_| "true")
}

/// `field`: label, hint and error around a control.
pub fn field(f: &Field<'_>, control: &Markup) -> Markup {
    html! {
        div.field.error[f.error.is_some()] {
            label.sr[f.label_hidden] for=(f.name) { (f.label) (optional_mark(f)) }
            (hint(f))
            (error_of(f))
            (control)
        }
    }
}

fn optional_mark(f: &Field<'_>) -> Markup {
    html! { @if f.optional { span.optional { "（可以不填）" } } }
}

fn hint(f: &Field<'_>) -> Markup {
    html! { @if let Some(words) = f.hint { p.hint id={ (f.name) "-hint" } { (crate::zh::prose(words)) } } }
}

fn error_of(f: &Field<'_>) -> Markup {
    html! { @if let Some(words) = f.error { (field_error(f.name, words, f.error_link)) } }
}

/// `field_error`: next to the field it is about, with a link to where else it can be put right.
pub fn field_error(name: &str, words: &str, link: Option<(&str, &str)>) -> Markup {
    html! {
        p.field-error id={ (name) "-err" } {
            (icon(Icon::Alert))
            span { (crate::zh::prose(words)) @if let Some((words, href)) = link { a href=(href) { (words) } "。" } }
        }
    }
}

/// `error_summary`: at the top of the page, one link to each field that must change. Empty when
/// nothing is wrong. `level` is 2, or 3 under a heading of its own.
pub fn error_summary(errors: &[(&str, &str)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.error-summary role="alert" aria-labelledby="err-h" tabindex="-1" {
                h2 id="err-h" { "有 " (errors.len()) " 处需要改" }
                @for (name, words) in errors { p { a href={ "#" (name) } { (crate::zh::prose(words)) } } }
                p.small { "您填的其他内容都已保存，没有丢失。" }
            }
        }
    }
}

/// One line of text.
pub fn text(f: &Field<'_>, entry: Entry) -> Markup {
    let value = (entry != Entry::Password).then_some(f.value);
    let private = f.private || entry.private();
    field(
        f,
        &html! {
            input.input id=(f.name) name=(f.name) type=(entry.input_type()) inputmode=[entry.input_mode()]
                autocomplete=(entry.autocomplete()) value=[value] aria-invalid=[invalid(f)]
                aria-describedby=[described(f)] data-private[private];
        },
    )
}

/// An amount with 元 behind it; read back with [`crate::zh::parse_yuan`].
pub fn money(f: &Field<'_>) -> Markup {
    affixed(f, "decimal", "元")
}

/// A whole number with its unit behind it (`页`, `天`, `人`).
pub fn number(f: &Field<'_>, unit: &str) -> Markup {
    affixed(f, "numeric", unit)
}

fn affixed(f: &Field<'_>, mode: &str, unit: &str) -> Markup {
    field(
        f,
        &html! {
            span.affix {
                input.input.num id=(f.name) name=(f.name) inputmode=(mode) autocomplete="off" value=(f.value)
                    aria-invalid=[invalid(f)] aria-describedby=[described(f)];
                " " (unit)
            }
        },
    )
}

/// A date typed in any usual form and read back with [`crate::zh::parse_date`]; give an example in the
/// label or hint (`例如 2024年3月15日`). One field, because three small ones are harder for old hands and
/// for copying from a paper.
pub fn date(f: &Field<'_>) -> Markup {
    field(
        f,
        &html! {
            input.input.date-input id=(f.name) name=(f.name) autocomplete="off" value=(f.value)
                aria-invalid=[invalid(f)] aria-describedby=[described(f)];
        },
    )
}

/// A date chosen on the browser's calendar; `f.value` is `2026-09-16` and so is what is sent.
pub fn date_picker(f: &Field<'_>, min: Option<&str>, max: Option<&str>) -> Markup {
    field(
        f,
        &html! {
            input.input.date-input type="date" id=(f.name) name=(f.name) value=(f.value) min=[min] max=[max]
                aria-invalid=[invalid(f)] aria-describedby=[described(f)];
        },
    )
}

/// Several lines of text.
pub fn textarea(f: &Field<'_>, rows: u8) -> Markup {
    field(
        f,
        &html! {
            textarea.textarea.short[rows <= 2] id=(f.name) name=(f.name) rows=(rows) aria-invalid=[invalid(f)]
                aria-describedby=[described(f)] data-private[f.private] { "\n" (f.value) }
        },
    )
}

/// A list of values and words; `f.value` is the one chosen before.
pub fn select(f: &Field<'_>, options: &[(&str, &str)]) -> Markup {
    field(
        f,
        &html! {
            select.select id=(f.name) name=(f.name) aria-invalid=[invalid(f)] aria-describedby=[described(f)] {
                @for (value, words) in options { option value=(value) selected[*value == f.value] { (words) } }
            }
        },
    )
}

/// Whether one answer is given or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// Radio buttons.
    One,
    /// Checkboxes.
    Several,
}

/// `choice`: an answer as a whole row that can be tapped.
#[derive(Debug, Clone, Default)]
pub struct Choice<'a> {
    /// Sent when chosen.
    pub value: &'a str,
    /// The answer.
    pub label: &'a str,
    /// What it means or needs.
    pub hint: Option<&'a str>,
    /// Chosen before.
    pub checked: bool,
    /// What is asked when it is chosen: fields, shown at once where the browser can and on the same
    /// page otherwise.
    pub more: Option<Markup>,
}

/// The rows alone, for use inside an own `fieldset` or [`question`].
pub fn choices(name: &str, many: Many, rows: &[Choice<'_>]) -> Markup {
    let kind = match many {
        Many::One => "radio",
        Many::Several => "checkbox",
    };
    html! {
        div.choices {
            @for (place, row) in rows.iter().enumerate() {
                div.choice {
                    label {
                        input.tick id=[(place == 0).then_some(name)] type=(kind) name=(name) value=(row.value) checked[row.checked];
                        span { (row.label) }
                        @if let Some(hint) = row.hint { small { (crate::zh::prose(hint)) } }
                    }
                    @if let Some(more) = &row.more { div.choice-more { (more) } }
                }
            }
        }
    }
}

/// Rows with a legend of their own, on a page that asks more than one thing.
pub fn choice_group(f: &Field<'_>, many: Many, rows: &[Choice<'_>]) -> Markup {
    html! {
        fieldset.field.error[f.error.is_some()] aria-describedby=[described(f)] {
            legend.sr[f.label_hidden] { (f.label) (optional_mark(f)) }
            (hint(f))
            (error_of(f))
            (choices(f.name, many, rows))
        }
    }
}

/// One box to tick: 同意电子送达.
pub fn checkbox(f: &Field<'_>, value: &str) -> Markup {
    html! {
        div.field.error[f.error.is_some()] {
            (error_of(f))
            div.choices { div.choice { label {
                input.tick id=(f.name) type="checkbox" name=(f.name) value=(value) checked[f.value == value]
                    aria-invalid=[invalid(f)] aria-describedby=[f.error.map(|_| format!("{}-err", f.name))];
                span { (f.label) }
                @if let Some(words) = f.hint { small { (crate::zh::prose(words)) } }
            } } }
        }
    }
}

/// The question of an interview page: the page's `h1` is the legend of everything asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Where it stands: `民间借贷纠纷 · 借款交付`.
    pub eyebrow: &'a str,
    /// The question in phrases.
    pub heading: &'a [&'a str],
    /// How to answer.
    pub hint: Option<&'a str>,
    /// The controls.
    pub controls: &'a Markup,
}

/// `question`: one question a page.
pub fn question(q: &Question<'_>) -> Markup {
    html! {
        fieldset.field aria-describedby=[q.hint.map(|_| "q-hint")] {
            legend {
                span.small.muted.regular { (q.eyebrow) }
                h1.phrases { (crate::zh::phrases(q.heading)) }
            }
            @if let Some(words) = q.hint { p.hint id="q-hint" { (crate::zh::prose(words)) } }
            div.stack.gap-5 { (q.controls) }
        }
    }
}

/// A file field.
#[derive(Debug, Clone, Copy, Default)]
pub struct Upload<'a> {
    /// What may be chosen, `image/*,application/pdf`.
    pub accept: &'a str,
    /// Several files at once.
    pub multiple: bool,
    /// A second field that opens the camera of a phone at once.
    pub camera: bool,
    /// Where uploading in pieces goes (`/uploads`); without it, or without script, the form carries the file.
    pub pieces: Option<&'a str>,
}

/// Files, sent with the form (`enctype="multipart/form-data"`), or in pieces that survive a broken
/// line when `upload.mjs` runs; then the form carries `NAME_upload` with the id of each instead.
pub fn upload(f: &Field<'_>, u: &Upload<'_>) -> Markup {
    let control = |id: &str, camera: bool| {
        html! {
            input type="file" id=(id) name=(f.name) accept=(u.accept) multiple[u.multiple && !camera]
                capture=[camera.then_some("environment")] data-pieces=[u.pieces] aria-invalid=[invalid(f)]
                aria-describedby=[described(f)];
        }
    };
    html! {
        div.field.upload.error[f.error.is_some()] {
            label for=(f.name) { (f.label) (optional_mark(f)) }
            (hint(f))
            (error_of(f))
            (control(f.name, false))
            @if u.camera {
                @let id = format!("{}-camera", f.name);
                label.mt-3 for=(id) { (icon(Icon::Camera)) " 或者现在拍照" }
                (control(&id, true))
            }
            ul.upload-list data-upload-list aria-live="polite" {}
        }
    }
}

/// A value the person does not see.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The token that ties a form to its session; every form that changes anything has one.
pub fn csrf(token: &str) -> Markup {
    hidden("csrf", token)
}

/// Where draft keeping puts the half-typed text of a form.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Key of the local copy: account and page, so that two people at one computer never see each
    /// other's words. An account's opaque id, never a name.
    pub key: &'a str,
    /// Address that takes the same fields by POST and answers 204 when they are kept on the server.
    pub save: Option<&'a str>,
}

/// A form: POST, with its token, kept as a draft when `draft` says so. `class` is the layout's
/// (`q stack gap-5` on an interview page, empty elsewhere gives a stack).
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<'a> {
    /// Where it goes; the page itself if `None`.
    pub action: Option<&'a str>,
    /// The session's token.
    pub csrf: &'a str,
    /// Half-typed text is kept.
    pub draft: Option<Draft<'a>>,
    /// It carries files.
    pub files: bool,
    /// Class of the layout.
    pub class: Option<&'a str>,
    /// Version of the thing it changes; 409 when that has moved on.
    pub version: Option<u64>,
}

/// `form`: the element around fields and buttons.
pub fn form(f: &Form<'_>, content: &Markup) -> Markup {
    html! {
        form class=(f.class.unwrap_or("stack gap-5")) method="post" action=[f.action]
            enctype=[f.files.then_some("multipart/form-data")]
            data-draft=[f.draft.map(|d| d.key)] data-save=[f.draft.and_then(|d| d.save)] novalidate {
            (csrf(f.csrf))
            @if let Some(version) = f.version { (hidden("version", &version.to_string())) }
            (content)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_tied_to_its_field_and_led_to() {
        let page = html! {
            (error_summary(&[("cash", "现金金额：两项合计少了 20000 元")]))
            (money(&Field { name: "cash", label: "现金金额", error: Some("请核对"), value: "10000.00", hint: Some("元"), ..Field::default() }))
        }
        .0;
        assert!(page.contains("href=\"#cash\"") && page.contains("id=\"cash\""));
        assert!(page.contains("aria-describedby=\"cash-hint cash-err\"") && page.contains("id=\"cash-err\""));
        assert!(page.contains("aria-invalid=\"true\"") && page.contains("value=\"10000.00\""));
    }

    #[test]
    fn nothing_wrong_shows_nothing() {
        assert_eq!(error_summary(&[]).0, "");
    }

    #[test]
    fn what_was_typed_is_escaped_and_shown_again() {
        let f = Field { name: "a", label: "住址", value: "\"<b>", ..Field::default() };
        assert!(text(&f, Entry::Text).0.contains("value=\"&quot;&lt;b&gt;\""));
        assert!(textarea(&f, 3).0.contains("\n\"&lt;b&gt;</textarea>") || textarea(&f, 3).0.contains("\n&quot;&lt;b&gt;</textarea>"));
        let code = Field { name: "p", label: "密码", value: "secret", ..Field::default() };
        assert!(!text(&code, Entry::Password).0.contains("secret"));
    }

    #[test]
    fn an_id_number_is_kept_out_of_the_local_copy() {
        let f = Field { name: "id", label: "身份证号", ..Field::default() };
        assert!(text(&f, Entry::IdNumber).0.contains("data-private"));
        assert!(!text(&f, Entry::Name).0.contains("data-private"));
    }
}
