//! Papers of evidence: IOU, transfer record, contract, chat.
use super::filing::last;
use super::party::party;
use super::{AMOUNT, DATE, Finds, find};
use crate::flow::View::{Flat, Lined};

/// 借条.
pub(super) fn iou(finds: &mut Finds<'_>) {
    finds.first("lender.name", Flat, r"今(?:借到|向|收到)([^（(，,。〈《]{2,20}?)(?:[（(〈《]|身份证|借|现金|人民币)");
    finds.first("borrower.name", Lined, r"(?:借款人|欠款人|具借人)[（(]?[^：:\n]{0,4}[）)]?[：:]\s*([^\n，,（(]{2,20})");
    let foot = finds.flow.flat.rfind("借款人").unwrap_or(0);
    let end = finds.flow.flat.len();
    finds.within("borrower.id_number", Flat, foot..end, r"(?:身份证号码?|公民身份号码)[：:]?\s*([0-9](?: ?[0-9]){16}(?: ?[0-9XxＸ又久义乂文])?)");
    finds.within("borrower.phone", Flat, foot..end, r"(?:电话|手机)(?:号码)?[：:]?\s*(1(?: ?[0-9]){10})");
    if !finds.first("principal_amount", Flat, r"([￥¥$]\s*[0-9][0-9,，.]*(?:\s*元)?)") {
        finds.first("principal_amount", Flat, &format!("({AMOUNT})"));
    }
    finds.first(
        "principal_amount_cn",
        Flat,
        r"([壹贰叁肆伍陆柒捌玖拾][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]*[元圆](?:[零壹贰叁肆伍陆柒捌玖角分]*)[整正]?)",
    );
    finds.first("monthly_rate", Flat, r"月(?:利率|息)(?:为|按|：)?\s*((?:百分之[零〇一二三四五六七八九十点]+)|[0-9.]+\s*[%％])");
    finds.first("due_date", Flat, &format!(r"(?:定于|于|至|到)({DATE})(?:前|之前|归还|还清|止|一次)"));
    last(finds, "loan_date", Lined, &format!(r"(?m)^\D{{0,6}}{DATE}\s*$"), DATE);
}

/// 银行转账回单: cells in pairs of label and value, rows may hold two pairs.
pub(super) fn transfer_record(finds: &mut Finds<'_>) {
    const LABEL: &str = r"(?:付款|收款|金额|币种|交易|用途|状态|摘要|重要|回单|打印|附言|$)";
    let value = |label: &str| format!(r"{label}[：:]?\s*(.{{1,60}}?)\s*{LABEL}");
    finds.first("payer.name", Flat, &value("付款(?:户名|人户名|人名称|人)"));
    finds.first("payee.name", Flat, &value("收款(?:户名|人户名|人名称|人)"));
    finds.first("payer.account", Flat, r"付款(?:账号|人账号|账户)[：:]?\s*([0-9][0-9 *]{8,30})");
    finds.first("payee.account", Flat, r"收款(?:账号|人账号|账户)[：:]?\s*([0-9][0-9 *]{8,30})");
    // The yuan sign is often taken for a character; the number behind it is the amount.
    finds.first("amount", Flat, r"小写[）)]?[：:]?\s*\p{Han}?((?:人民币)?[￥¥$]?\s*[0-9][0-9,，.]*(?:元)?)");
    finds.first("transfer_date", Flat, &format!(r"交易(?:时间|日期)[：:]?\s*([0-9]{{4}}[-/][0-9]{{2}}[-/][0-9]{{2}}|{DATE})"));
    finds.first("serial_number", Flat, r"回单(?:号码|编号)[：:]?\s*([0-9A-Z]{8,32})");
    finds.first("purpose", Flat, &value("(?:用途|附言|摘要)"));
}

/// 合同: of sale or lease, as far as their first articles say the same things.
pub(super) fn contract(finds: &mut Finds<'_>) {
    let flat = finds.flow.flat.clone();
    let head = flat.find("第一条").unwrap_or(flat.len());
    for (role, label, until) in
        [("party_a", r"((?:[^，。：:]{0,4}[（(])?甲方[）)]?[：:])", "乙方"), ("party_b", r"((?:[（(])?乙方[）)]?[：:])", "第一条")]
    {
        let Some(at) = find(label, &flat[..head]) else { continue };
        let end = flat[at.end..head].find(until).map_or(head, |i| at.end + i);
        party(finds, role, at.end..end);
    }
    finds.first("contract_number", Flat, r"(?:合同编号|编号)[：:]?\s*([A-Z]{1,4}[-－][0-9\-－]{4,16})");
    finds.first("house.address", Flat, r"坐落于(.{6,60}?)的房屋");
    finds.first("start_date", Flat, &format!(r"自({DATE})起至"));
    finds.first("end_date", Flat, &format!(r"起至({DATE})止"));
    finds.first("monthly_rent", Flat, &format!(r"月租金(?:为)?({AMOUNT})"));
    finds.first("deposit", Flat, &format!(r"押金(?:为)?({AMOUNT})"));
    finds.first("goods", Flat, r"(?:标的物|货物|产品|购买)[：:]?(?:名称)?[：:]?([^，。、；]{2,12}?)(?:[，。、；]|一批|若干)");
    finds.first("contract_amount", Flat, &format!(r"(?:总价款|合同总价|总价|总金额|价款)(?:共计|合计|为)?({AMOUNT})"));
    finds.first("delivery_date", Flat, &format!(r"(?:于|在)({DATE})(?:前|之前)"));
    if !finds.first("contract_date", Flat, &format!(r"(?:签订日期|签订时间|签约日期)[：:]\s*({DATE})")) {
        last(finds, "contract_date", Flat, DATE, DATE);
    }
}

/// 微信聊天记录.
pub(super) fn chat(finds: &mut Finds<'_>) {
    finds.first("peer.name", Lined, r"聊天记录[^\n]*\n\W{0,3}([\p{Han}A-Za-z]{2,12})\W{0,3}\n");
    finds.first("date_mentioned", Flat, &format!(r"(?:写的是|约定|说好|到期|还款)[^。？]{{0,6}}?({DATE})"));
    finds.first("amount_mentioned", Flat, &format!(r"(?:已转|转了|转账|收到)[^。？]{{0,6}}?({AMOUNT})"));
}
