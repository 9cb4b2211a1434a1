//! 卷内文件: items with what R-FIA-05 asks of each, in the order of the catalogue, with pages numbered through the volume.
use jiff::{Timestamp, civil::Date};
use procedure::PaperId;
use serde::{Deserialize, Serialize};

/// 卷: parties may read the main volume, never the internal one (R-FIA-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Volume {
    /// 正卷
    Main,
    /// 副卷
    Internal,
}

impl Volume {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Main, Self::Internal];

    /// As it stands on the cover.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Main => "正卷",
            Self::Internal => "副卷",
        }
    }

    /// Name of its folder in a package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Internal => "internal",
        }
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident, $volume:ident, $rule:literal, $zh:literal;)*) => {
        /// What an item is; the order is that of the catalogue: R-CAT-01 for the main volume, R-CAT-08 for the internal one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Class { $($(#[$doc])* $name,)* }

        impl Class {
            /// Every class, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The words of the catalogue.
            pub fn zh(self) -> &'static str { match self { $(Self::$name => $zh),* } }
            /// The volume it belongs to, and no other.
            pub fn volume(self) -> Volume { match self { $(Self::$name => Volume::$volume),* } }
            /// The rule that gives it its place.
            pub fn rule(self) -> &'static str { match self { $(Self::$name => $rule),* } }
        }
    };
}

classes! {
    Complaint, Main, "R-CAT-01", "起诉状";
    /// With the correction asked for, the fee and its relief.
    Filing, Main, "R-CAT-01", "立案（受理）通知及缴费材料";
    /// With the notice of who hears the case.
    ResponseNotice, Main, "R-CAT-01", "应诉、举证通知";
    Answer, Main, "R-CAT-01", "答辩状";
    /// With powers of attorney and confirmations of addresses.
    Identity, Main, "R-CAT-01", "当事人身份证明、授权委托书";
    Evidence, Main, "R-CAT-01", "当事人证据";
    InquiryRecord, Main, "R-CAT-01", "询问笔录";
    Investigation, Main, "R-CAT-01", "调查笔录、调取的证据";
    Preservation, Main, "R-CAT-01", "保全材料";
    Mediation, Main, "R-CAT-01", "调解材料";
    EvidenceExchange, Main, "R-CAT-01", "庭前会议、证据交换笔录";
    Summons, Main, "R-CAT-01", "开庭通知、传票";
    Announcement, Main, "R-CAT-01", "开庭公告";
    HearingRecord, Main, "R-CAT-01", "庭审笔录";
    AgentStatement, Main, "R-CAT-01", "代理词";
    Decision, Main, "R-CAT-01", "裁判文书正本";
    PronouncementRecord, Main, "R-CAT-01", "宣判笔录";
    ServiceProof, Main, "R-CAT-01", "送达回证、电子送达凭证";
    Appeal, Main, "R-CAT-01", "上诉状";
    HandOver, Main, "R-CAT-01", "上诉移送函";
    ReturnLetter, Main, "R-CAT-01", "退卷函";
    SuperiorDecision, Main, "R-CAT-01", "上级法院裁判文书";
    Exhibit, Main, "R-CAT-01", "证物处理手续";
    /// With the certificate of effect, on which enforcement rests.
    Enforcement, Main, "R-CAT-01", "生效证明、执行手续";
    Suggestion, Main, "R-CAT-01", "司法建议";
    Other, Main, "R-CAT-01", "其他材料";
    ReadingNotes, Internal, "R-CAT-08", "阅卷笔录";
    CaseReport, Internal, "R-CAT-08", "案件审理报告";
    DeliberationRecord, Internal, "R-CAT-08", "合议庭评议笔录";
    CommitteeMinutes, Internal, "R-CAT-08", "审判委员会讨论记录";
    Instruction, Internal, "R-CAT-08", "请示批复、内部函件";
    SignedOriginal, Internal, "R-CAT-08", "裁判文书原本";
    Draft, Internal, "R-CAT-08", "裁判文书签发稿";
}

/// How an item came to be electronic (R-FIA-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Made by the court's system.
    Born,
    /// Handed in as a file.
    Uploaded,
    /// Scanned or photographed by the court from paper that it holds.
    Scanned,
}

/// 卷内文件 with its metadata (R-FIA-05).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    pub class: Class,
    /// Place within its class, where the date does not give it: number in a list of evidence.
    pub order: u32,
    pub title: String,
    /// 责任者
    pub author: String,
    /// 形成日期
    pub formed: Date,
    /// When it came in or was issued.
    pub received: Option<Timestamp>,
    /// 0 for data that has no pages.
    pub pages: u32,
    pub origin: Origin,
    pub media: String,
    /// Length; 0 while nobody read it.
    pub bytes: u64,
    pub sha256: String,
    /// Whether it bears a digital signature.
    pub signed: bool,
    /// Papers whose service it proves.
    #[serde(default)]
    pub proves: Vec<PaperId>,
    /// 补充归档: it came into the file after the closing (R-ARC-07); the roots logged then are without it.
    #[serde(default)]
    pub later: bool,
    /// 备注
    #[serde(default)]
    pub note: String,
}

/// An item at its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// 序号, from 1.
    pub number: u32,
    /// Pages of the volume; none for an item without pages.
    pub pages: Option<(u32, u32)>,
    pub item: Item,
}

/// A volume in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    pub volume: Volume,
    pub items: Vec<Placed>,
}

impl Sheet {
    /// Numbered pages; cover, catalogue and back note bear no number (R-FIA-07).
    pub fn pages(&self) -> u32 {
        self.items.iter().filter_map(|placed| placed.pages).map(|(_, last)| last).max().unwrap_or(0)
    }

    /// [`crate::root`] of the items in order.
    pub fn root(&self) -> String {
        crate::root(self.items.iter().map(|placed| &placed.item).map(rooted))
    }

    /// The root that was logged when the case was closed: without what came later (R-FIA-05).
    pub fn closing_root(&self) -> String {
        crate::root(self.items.iter().map(|placed| &placed.item).filter(|item| !item.later).map(rooted))
    }

    /// As the closing and the ledger keep it (R-FIA-05).
    pub fn summary(&self) -> procedure::trial::Volume {
        let items = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        procedure::trial::Volume { name: self.volume.zh().into(), items, pages: self.pages(), root: self.root() }
    }
}

/// What a root covers of an item.
fn rooted(item: &Item) -> (&str, u32, &str) {
    (item.title.as_str(), item.pages, item.sha256.as_str())
}

/// The volumes that the file has: the main one always, the internal one where something lies in it.
pub fn volumes(items: Vec<Item>) -> Vec<Sheet> {
    arrange(items).into_iter().filter(|sheet| sheet.volume == Volume::Main || !sheet.items.is_empty()).collect()
}

/// Sorts items into their volumes, each in the order of the catalogue, and numbers the pages through (R-CAT-01, R-CAT-08,
/// R-FIA-07). The same items in any order give the same volumes.
pub fn arrange(items: Vec<Item>) -> Vec<Sheet> {
    let mut items = items;
    items.sort_by(|a, b| (a.class, a.order, a.formed, a.received, &a.id).cmp(&(b.class, b.order, b.formed, b.received, &b.id)));
    Volume::ALL
        .into_iter()
        .map(|volume| {
            let mut next = 1;
            let own = items.iter().filter(|item| item.class.volume() == volume).zip(1..).map(|(item, number)| {
                let pages = (item.pages > 0).then(|| (next, next + item.pages - 1));
                next += item.pages;
                Placed { number, pages, item: item.clone() }
            });
            Sheet { volume, items: own.collect() }
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    pub(crate) fn item(class: Class, id: &str, pages: u32) -> Item {
        Item {
            id: id.into(),
            class,
            order: 0,
            title: class.zh().into(),
            author: "本院".into(),
            formed: date(2026, 3, 2),
            received: None,
            pages,
            origin: Origin::Born,
            media: "application/pdf".into(),
            bytes: 1000,
            sha256: "00".repeat(32),
            signed: true,
            proves: vec![],
            later: false,
            note: String::new(),
        }
    }

    #[test]
    fn r_cat_01_complaint_first_decision_before_its_service() {
        let items = [Class::ServiceProof, Class::Decision, Class::Evidence, Class::Complaint, Class::HearingRecord, Class::Answer, Class::Filing];
        let sheets = arrange(items.iter().map(|class| item(*class, "a", 2)).collect());
        let order: Vec<_> = sheets[0].items.iter().map(|placed| placed.item.class).collect();
        let expected = [Class::Complaint, Class::Filing, Class::Answer, Class::Evidence, Class::HearingRecord, Class::Decision, Class::ServiceProof];
        assert_eq!(order, expected);
        assert!(sheets[1].items.is_empty());
    }

    #[test]
    fn r_cat_08_what_the_court_thought_never_lies_in_the_main_volume() {
        for class in Class::ALL {
            let internal = class.rule() == "R-CAT-08";
            assert_eq!(class.volume() == Volume::Internal, internal, "{class:?}");
        }
        let sheets = arrange(vec![item(Class::SignedOriginal, "o", 6), item(Class::Decision, "d", 6)]);
        assert_eq!((sheets[0].items.len(), sheets[1].items.len()), (1, 1));
        assert_eq!(sheets[1].items[0].item.class, Class::SignedOriginal);
    }

    #[test]
    fn r_fia_04_the_two_volumes_are_apart_and_neither_shows_in_the_other() {
        let open = || vec![item(Class::Complaint, "a", 3), item(Class::Decision, "d", 6)];
        let with = |internal: Vec<Item>| volumes(open().into_iter().chain(internal).collect());
        let (without, with) = (with(vec![]), with(vec![item(Class::DeliberationRecord, "b", 2), item(Class::SignedOriginal, "o", 6)]));
        assert_eq!(without.iter().map(|sheet| sheet.volume).collect::<Vec<_>>(), [Volume::Main], "no empty internal volume");
        assert_eq!(with.iter().map(|sheet| sheet.volume).collect::<Vec<_>>(), Volume::ALL);
        assert_eq!((&with[0], with[0].root()), (&without[0], without[0].root()), "places, pages and root of the main volume stay");
        assert_eq!(with[1].items.iter().map(|placed| placed.pages).collect::<Vec<_>>(), [Some((1, 2)), Some((3, 8))], "its pages begin at one");
    }

    #[test]
    fn r_fia_07_pages_run_from_one_through_the_volume_and_data_takes_none() {
        let sheets = arrange(vec![item(Class::Complaint, "a", 3), item(Class::Filing, "b", 0), item(Class::Answer, "c", 2)]);
        let pages: Vec<_> = sheets[0].items.iter().map(|placed| placed.pages).collect();
        assert_eq!(pages, [Some((1, 3)), None, Some((4, 5))]);
        assert_eq!(sheets[0].pages(), 5);
    }

    proptest! {
        #[test]
        fn any_order_of_the_same_items_gives_the_same_volumes(picks in prop::collection::vec((0..Class::ALL.len(), 0_u32..5, 0_u32..4), 0..24), turn in 0_usize..24) {
            let items: Vec<_> = picks.iter().enumerate().map(|(n, (class, pages, order))| Item { order: *order, ..item(Class::ALL[*class], &format!("{n:03}"), *pages) }).collect();
            let mut other = items.clone();
            other.reverse();
            if !other.is_empty() {
                let turn = turn % other.len();
                other.rotate_left(turn);
            }
            let sheets = arrange(items.clone());
            prop_assert_eq!(&sheets, &arrange(other));
            prop_assert_eq!(sheets.iter().map(|sheet| sheet.items.len()).sum::<usize>(), items.len());
            for sheet in &sheets {
                // Every page once, without a gap, in order.
                let mut next = 1;
                for (placed, number) in sheet.items.iter().zip(1..) {
                    prop_assert_eq!(placed.number, number);
                    if let Some((first, last)) = placed.pages {
                        prop_assert_eq!(first, next);
                        prop_assert_eq!(last - first + 1, placed.item.pages);
                        next = last + 1;
                    }
                }
                prop_assert_eq!(sheet.pages(), next - 1);
                prop_assert!(sheet.items.windows(2).all(|pair| pair[0].item.class <= pair[1].item.class));
            }
        }
    }
}
