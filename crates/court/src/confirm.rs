//! 送达地址确认书: what a person confirms about where papers reach him becomes a version of his particulars and an item of the
//! file (R-SVC-10, R-SVC-11, 《在线诉讼规则》第29、30条).
use crate::act::Act;
use crate::vault::Sealed;
use crate::{Court, Error};
use exchange::message::Card;
use procedure::case::{Channel, Confirmation, Labelled, Material, MaterialKind, Scope};
use procedure::clock::date_zh;
use procedure::step::day_of;
use procedure::{Case, Command, ItemId, Party};
use storage::{Content, Tx};

/// A confirmation made ready: what the event says, what the vault keeps, and the form's bytes.
pub(crate) struct Confirmed {
    pub confirmation: Confirmation,
    pub sealed: Sealed,
    pub form: Content,
}

/// What the act confirms, if it comes with an address for one of the parties.
pub(crate) fn of(tx: &mut Tx, zone: &Court, act: &Act, case: &Case) -> Result<Option<Confirmed>, Error> {
    let (choices, text) = if let Command::JoinCase(join) = &act.command {
        (&join.choices, &join.text)
    } else if let Command::ChooseChannel(choose) = &act.command {
        (&choose.choices, &choose.text)
    } else {
        return Ok(None);
    };
    let Some(given) = act.cards.iter().find(|card| !card.service_address.trim().is_empty()) else { return Ok(None) };
    let Some(party) = case.party(given.person) else { return Ok(None) };
    let known = zone.vault().card(tx, &act.court, case.id, party.person)?;
    let kept = |new: &str, old: String| if new.trim().is_empty() { old } else { new.trim().to_owned() };
    let card = Card {
        phone: kept(&given.phone, known.phone),
        email: kept(&given.email, known.email),
        account: given.account.or(known.account),
        service_address: given.service_address.trim().to_owned(),
        ..known
    };
    let electronic = match choices.iter().rev().find(|(scope, _)| *scope == Scope::Service) {
        Some((_, channel)) => *channel == Channel::Online,
        None => case.channel_of(party.person, Scope::Service) == Channel::Online,
    };
    let sealed = zone.vault().seal(&card)?;
    let form = Form { case, party, card: &card, electronic, edition: text, act }.text(&zone.court_name(&case.court));
    let form = Content::of(form.into_bytes());
    let material = Material {
        id: ItemId::new(),
        kind: MaterialKind::ServiceAddress,
        name: MaterialKind::ServiceAddress.zh().into(),
        pages: 0,
        bytes: form.bytes().len() as u64,
        sha256: form.digest().to_string(),
        media: "text/plain; charset=utf-8".into(),
        purpose: None,
    };
    let channel = if act.by.assisted_by().is_some() { Channel::Counter } else { Channel::Online };
    let confirmation =
        Confirmation { person: party.person, text: text.clone(), electronic, channel, at: act.at, digest: sealed.digest.clone(), material };
    Ok(Some(Confirmed { confirmation, sealed, form }))
}

/// What the form says.
struct Form<'a> {
    case: &'a Case,
    party: &'a Party,
    card: &'a Card,
    electronic: bool,
    edition: &'a str,
    act: &'a Act,
}

impl Form<'_> {
    /// The form as it stands in the file: scope, effect and how to change it, as R-SVC-11 asks.
    fn text(&self, court: &str) -> String {
        let Self { case, party, card, electronic, edition, act } = self;
        let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
        let way = if *electronic {
            let email = if card.email.is_empty() { String::new() } else { format!("、电子邮箱 {}", card.email) };
            format!("同意电子送达。电子送达地址：人民法院在线服务收件箱（手机号 {}）{email}。", card.phone)
        } else {
            "不同意电子送达，请按上述地址邮寄送达。".to_owned()
        };
        let entered = if act.by.assisted_by().is_some() {
            "本人到窗口确认，由工作人员代录。"
        } else {
            "本人在网上核验身份后确认。"
        };
        let (role, name, day) = (case.kind.side(party.side), &party.name, date_zh(day_of(act.at)));
        format!(
            "送达地址确认书\n\n{court}\n{number}\n\n受送达人：{name}（{role}）\n邮寄送达地址：{}\n联系电话：{}\n{way}\n\n\
             已知悉（告知书{edition}版）：\n一、同意电子送达的，本案各类文书包括判决书、裁定书、调解书都可以电子送达，到达收件箱即为送达；\
             可以随时要求另发纸质文书。\n二、确认的地址适用于一审、二审、再审和执行程序。\n\
             三、地址变更的，应当及时告知人民法院，可以在网上“选择怎样办理”里重新确认，也可以到窗口办理；因提供的地址不准确、变更后未及时告知，\
             导致文书未能实际接收的，文书退回之日视为送达之日。\n\n{entered}\n确认人：{name}\n{day}\n",
            card.service_address, card.phone,
        )
    }
}
