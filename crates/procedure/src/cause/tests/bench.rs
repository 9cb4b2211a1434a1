//! A cause's interview, posted page by page as a browser does.
use super::{Answers, Cause, FieldError, Form, Statement, TODAY, law};
use crate::case::Procedure;
use crate::step::accept_filing::assess;

pub type Pairs = Vec<(&'static str, &'static str)>;
pub type Posts = Vec<(&'static str, Pairs)>;

/// 周桂兰 as the mock has her, in the field of this name.
pub fn own(field: &'static str) -> Pairs {
    own_as(field, "周桂兰", "11010519491231002x")
}

/// Somebody else at her address.
pub fn own_as(field: &'static str, name: &'static str, id_number: &'static str) -> Pairs {
    party(
        field,
        &[
            ("kind", "person"),
            ("name", name),
            ("id_kind", "resident"),
            ("id_number", id_number),
            ("ethnicity", "汉族"),
            ("domicile", "广东省清河市云海区听涛路3号2栋501房"),
            ("phone", "13800138000"),
        ],
    )
}

/// 清河市赟达商贸有限公司 as the one who acts.
pub fn own_company(field: &'static str) -> Pairs {
    party(
        field,
        &[
            ("kind", "organisation"),
            ("name", "清河市赟达商贸有限公司"),
            ("credit_code", "91350100M000100Y43"),
            ("domicile", "广东省清河市云海区学宫巷1号"),
            ("representative", "林𬱖"),
            ("representative_post", "执行董事"),
            ("phone", "13800138000"),
        ],
    )
}

/// A person on the other side.
pub fn other(field: &'static str, name: &'static str, domicile: &'static str) -> Pairs {
    party(field, &[("kind", "person"), ("name", name), ("domicile", domicile)])
}

/// An organisation on the other side.
pub fn company(field: &'static str, name: &'static str, domicile: &'static str) -> Pairs {
    party(field, &[("kind", "organisation"), ("name", name), ("domicile", domicile), ("representative", "王某")])
}

fn party(field: &'static str, inputs: &[(&'static str, &'static str)]) -> Pairs {
    inputs.iter().map(|(name, value)| (&*Box::leak(format!("{field}.0.{name}").into_boxed_str()), *value)).collect()
}

/// One cause being asked.
pub struct Bench {
    pub cause: &'static Cause,
    pub posts: Posts,
}

impl Bench {
    pub fn new(number: &str, posts: Posts) -> Self {
        Self { cause: Cause::by_number(number).expect("shipped"), posts }
    }

    /// The same with another page; one that was not there comes last.
    pub fn with(mut self, page: &'static str, pairs: Pairs) -> Self {
        match self.posts.iter_mut().find(|(known, _)| *known == page) {
            Some(known) => known.1 = pairs,
            None => self.posts.push((page, pairs)),
        }
        self
    }

    pub fn without(mut self, page: &str) -> Self {
        self.posts.retain(|(known, _)| *known != page);
        self
    }

    /// Walks up to this page (all, if it is empty); panics with the errors of a page that is refused or not asked.
    pub fn walk_to(&self, last: &str) -> Answers {
        let mut answers = Answers::new();
        for (id, pairs) in self.posts.iter().take_while(|(id, _)| *id != last) {
            let page = self.cause.page(id).unwrap_or_else(|| panic!("page {id}"));
            assert!(self.cause.pages(&answers).iter().any(|shown| shown.id == *id), "{id} is not asked");
            let new = self.cause.check_page(page, &form(pairs), &answers, TODAY).unwrap_or_else(|errors| panic!("{id}: {errors:?}"));
            self.cause.merge(page, &mut answers, new);
        }
        answers
    }

    pub fn answers(&self) -> Answers {
        let answers = self.walk_to("");
        assert_eq!(self.cause.check_all(&answers, TODAY), [], "every page that is asked has its answer");
        answers
    }

    pub fn statement(&self) -> Statement {
        self.cause.statement(&self.answers(), law(), TODAY).expect("a statement")
    }

    pub fn claims(&self) -> Vec<String> {
        self.statement().claims.into_iter().map(|claim| claim.text).collect()
    }

    /// What a page says to these inputs: the input's name and the words at it.
    pub fn refusal(&self, page: &str, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let errors = self.cause.check_page(self.cause.page(page).expect("page"), &form(pairs), &self.walk_to(page), TODAY).expect_err("refused");
        errors.into_iter().map(|FieldError { field, message, .. }| (field, message)).collect()
    }

    /// Courts proposed, each with its rule.
    pub fn courts(&self) -> Vec<(String, String)> {
        let facts = self.cause.jurisdiction_facts(&self.answers()).expect("facts").expect("the place is told");
        crate::jurisdiction::propose(&facts, &law().courts).courts.into_iter().map(|court| (court.code, court.rule)).collect()
    }

    /// The acceptance fee, whole and in the simple procedure, in yuan.
    pub fn fee(&self) -> (String, String) {
        let fee = assess(&self.cause.number, self.statement().amount, Procedure::Simple);
        (fee.full.yuan(), fee.due.yuan())
    }
}

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| (*name, *value)).collect()
}

/// As `[("粤4001", "R-JUR-05")]`.
pub fn rows(found: &[(String, String)]) -> Vec<(&str, &str)> {
    found.iter().map(|(code, rule)| (code.as_str(), rule.as_str())).collect()
}
