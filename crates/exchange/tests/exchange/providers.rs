//! Messages, real names and payments, against servers on loopback that speak as a mail server, a carrier and a provider do.
use base64::Engine;
use exchange::Error;
use exchange::identity::{self, Claim, IdentityAuthority, Refused, Verdict};
use exchange::messenger::{Address, Carriers, Message, Messenger, Report, Sandbox, Sms, Smtp, SmtpSettings, SmtpTls};
use exchange::payment::{self, Order, PaymentProvider, State};
use exchange::provider::{self, Endpoint, Notice};
use jiff::Timestamp;
use procedure::Fen;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const SECRET: &str = "shared with the provider";

fn now() -> Timestamp {
    Timestamp::constant(1_772_409_600, 0)
}

fn message(to: Address) -> Message {
    Message {
        id: Uuid::now_v7(),
        to,
        subject: "人民法院在线服务".into(),
        text: "【人民法院在线服务】验证码 482913。\n.5 分钟内有效。".into(),
        created: now(),
    }
}

/// What a server heard, one entry a request.
type Heard = Arc<Mutex<Vec<String>>>;

/// Serves each connection with `serve` until the test ends; gives `host:port` and what was heard.
fn server(serve: impl Fn(TcpStream, &Heard) -> std::io::Result<()> + Send + 'static) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = Heard::default();
    let kept = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away in the middle is part of some tests.
            drop(serve(stream, &heard));
        }
    });
    (address, kept)
}

/// A mail server as RFC 5321 has it; `verdict` answers the end of DATA, or `None` hangs up after taking the message.
fn mail_server(verdict: impl Fn(usize) -> Option<&'static str> + Send + 'static) -> (String, Heard) {
    server(move |stream, heard| {
        let mut out = stream.try_clone()?;
        let mut input = BufReader::new(stream);
        out.write_all(b"220 mail.example ESMTP\r\n")?;
        let mut line = String::new();
        while {
            line.clear();
            input.read_line(&mut line)?
        } > 0
        {
            match line.trim_end().split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => out.write_all(b"250-mail.example\r\n250 8BITMIME\r\n")?,
                "RCPT" if line.contains("nobody@") => out.write_all(b"550 5.1.1 no such mailbox\r\n")?,
                "DATA" => {
                    out.write_all(b"354 go on\r\n")?;
                    let mut letter = String::new();
                    loop {
                        line.clear();
                        input.read_line(&mut line)?;
                        if line == ".\r\n" {
                            break;
                        }
                        letter.push_str(line.strip_prefix('.').unwrap_or(&line));
                    }
                    let number = {
                        let mut heard = heard.lock().unwrap();
                        heard.push(letter);
                        heard.len()
                    };
                    let Some(verdict) = verdict(number) else { return Ok(()) };
                    out.write_all(verdict.as_bytes())?;
                }
                "QUIT" => return out.write_all(b"221 bye\r\n"),
                _ => out.write_all(b"250 ok\r\n")?,
            }
        }
        Ok(())
    })
}

fn smtp(server: &str) -> Smtp {
    Smtp::new(&settings(server, "人民法院在线服务 <noreply@court.example>", Some("{phone}@sms.example"))).unwrap()
}

fn settings(server: &str, from: &str, gateway: Option<&str>) -> SmtpSettings {
    SmtpSettings { server: server.into(), from: from.into(), tls: SmtpTls::None, root: None, login: None, gateway: gateway.map(Into::into) }
}

fn header<'a>(letter: &'a str, name: &str) -> &'a str {
    letter.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_else(|| panic!("{name} in\n{letter}"))
}

#[test]
fn a_mail_arrives_whole_and_a_retry_is_no_second_mail() {
    let (address, heard) = mail_server(|_| Some("250 2.0.0 queued as 4711\r\n"));
    let (smtp, message) = (smtp(&address), message(Address::Email("zhou@example.cn".into())));
    let sent = smtp.send(&message).unwrap();
    assert!(sent.reference.contains("4711"), "{sent:?}");
    assert_eq!(smtp.send(&message), Ok(sent), "the same answer, and nothing on the wire");
    let heard = heard.lock().unwrap();
    let [letter] = &heard[..] else { panic!("{} letters", heard.len()) };
    let (_, body) = letter.split_once("\r\n\r\n").unwrap();
    let text = base64::engine::general_purpose::STANDARD.decode(body.replace("\r\n", "")).unwrap();
    assert_eq!(String::from_utf8(text).unwrap().replace("\r\n", "\n"), message.text);
    assert_eq!(header(letter, "Message-ID"), format!("<{}@court.example>", message.id));
    assert_eq!(header(letter, "To"), "zhou@example.cn");
    assert_eq!(header(letter, "Auto-Submitted"), "auto-generated");
}

#[test]
fn a_lost_answer_is_tried_again_as_the_same_mail() {
    let (address, heard) = mail_server(|number| (number > 1).then_some("250 ok\r\n"));
    let (smtp, message) = (smtp(&address), message(Address::Phone("13900000001".into())));
    let lost = smtp.send(&message).expect_err("the server hung up");
    assert!(lost.is_transient(), "{lost}");
    smtp.send(&message).unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    for name in ["Message-ID", "Date"] {
        assert_eq!(header(&heard[0], name), header(&heard[1], name), "receivers tell by it that it is one mail");
    }
    assert_eq!(header(&heard[0], "To"), "13900000001@sms.example", "a telephone through the carrier's mail gateway");
}

#[test]
fn what_cannot_be_sent_says_whether_to_come_again() {
    let (address, _) = mail_server(|_| Some("451 4.3.0 later\r\n"));
    let later = smtp(&address).send(&message(Address::Email("zhou@example.cn".into()))).expect_err("4yz");
    assert!(later.is_transient(), "{later}");
    let never = smtp(&address).send(&message(Address::Email("nobody@example.cn".into()))).expect_err("5yz");
    assert!(matches!(never, Error::Rejected { status: 550, .. }), "{never}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let down = smtp(&closed).send(&message(Address::Email("zhou@example.cn".into()))).expect_err("nobody listens");
    assert!(down.is_transient(), "{down}");
    for (what, bad) in [
        ("no mailbox", message(Address::Email("zhou".into()))),
        ("two recipients", message(Address::Email("a@example.cn, b@example.cn".into()))),
        ("a header in the subject", Message { subject: "通知\r\nBcc: all@example.cn".into(), ..message(Address::Email("zhou@example.cn".into())) }),
        ("nothing said", Message { text: " \n".into(), ..message(Address::Email("zhou@example.cn".into())) }),
    ] {
        assert!(matches!(smtp(&address).send(&bad), Err(Error::Message(_))), "{what}");
    }
}

#[test]
fn codes_are_not_configured_to_leave_in_the_clear() {
    let from = "noreply@court.example";
    assert!(Smtp::new(&settings("localhost:25", from, None)).is_ok());
    for bad in [
        settings("mail.example:25", from, None),
        settings("localhost:25", "nobody", None),
        settings("localhost:25", from, Some("all@sms.example")),
        settings("localhost:99999", from, None),
    ] {
        assert!(matches!(Smtp::new(&bad), Err(Error::Configuration { .. })), "{bad:?}");
    }
}

/// An HTTP server that answers each request, after checking its signature, with what `answer` makes of it; `None` hangs up.
fn http_server(name: &'static str, answer: impl Fn(usize, &str) -> Option<(u16, String)> + Send + 'static) -> (Endpoint, Heard) {
    let (address, heard) = server(move |stream, heard| {
        let mut out = stream.try_clone()?;
        let mut input = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let field = |name: &str| {
            head.iter().find_map(|line| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name))).map_or("", |(_, value)| value).to_owned()
        };
        let mut body = vec![0; field("content-length").parse().unwrap()];
        input.read_exact(&mut body)?;
        let path = head[0].split(' ').nth(1).unwrap().to_owned();
        let signer = Endpoint::new(name, &format!("http://localhost{path}"), "court-4001", SECRET, now).unwrap();
        assert_eq!(field(provider::SIGNATURE), signer.sign(&field(provider::TIME), &path, &body));
        let body = String::from_utf8(body).unwrap();
        let number = {
            let mut heard = heard.lock().unwrap();
            heard.push(format!("{} {body}", field("idempotency-key")));
            heard.len()
        };
        let Some((status, body)) = answer(number, &body) else { return Ok(()) };
        write!(out, "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
    });
    (Endpoint::new(name, &format!("http://{address}/v1"), "court-4001", SECRET, now).unwrap(), heard)
}

#[test]
fn a_text_message_is_ordered_once_under_its_id() {
    let (endpoint, heard) = http_server(Sms::NAME, |number, _| match number {
        1 => None,
        2 => Some((503, "busy".into())),
        _ => Some((200, r#"{"reference":"MX-77"}"#.into())),
    });
    let (sms, message) = (Sms::new(endpoint), message(Address::Phone("13900000001".into())));
    for _ in 0..2 {
        assert!(sms.send(&message).expect_err("not taken yet").is_transient());
    }
    assert_eq!(sms.send(&message).unwrap().reference, "MX-77");
    assert_eq!(sms.send(&message).unwrap().reference, "MX-77");
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 3, "once it was taken it is not ordered again");
    assert!(heard.iter().all(|request| request.starts_with(&message.id.to_string()) && request.contains("13900000001")));
    assert!(matches!(sms.send(&Message { to: Address::Email("zhou@example.cn".into()), ..message }), Err(Error::Message(_))));
}

#[test]
fn a_report_of_delivery_is_the_carriers_own() {
    let endpoint = Endpoint::new(Sms::NAME, "http://localhost/v1", "court-4001", SECRET, now).unwrap();
    let id = Uuid::now_v7();
    let body = format!(r#"{{"id":"{id}","state":"failed","at":"2026-03-02T00:00:00Z","reason":"空号"}}"#);
    let time = now().as_second().to_string();
    let signature = endpoint.sign(&time, "/reports", body.as_bytes());
    let notice = Notice { key: "court-4001", time: &time, signature: &signature, body: body.as_bytes() };
    let sms = Sms::new(endpoint);
    assert_eq!(sms.report("/reports", &notice), Ok(Report::Failed { id, at: now(), reason: "空号".into() }));
    assert_eq!(sms.report("/reports", &Notice { body: b"{}", ..notice }), Err(Error::Notice(Sms::NAME)));
}

#[test]
fn the_sandbox_keeps_a_message_once_and_carriers_share_the_addresses() {
    let sandbox = Arc::new(Sandbox::default());
    let (address, heard) = mail_server(|_| Some("250 ok\r\n"));
    let plain = Smtp::new(&settings(&address, "noreply@court.example", None)).unwrap();
    let carriers = Carriers(vec![Arc::new(plain), sandbox.clone()]);
    assert!(carriers.is_sandbox() && carriers.takes(&Address::Phone("13900000001".into())));
    let phone = message(Address::Phone("13900000001".into()));
    carriers.send(&phone).unwrap();
    carriers.send(&phone).unwrap();
    carriers.send(&message(Address::Email("zhou@example.cn".into()))).unwrap();
    assert_eq!(sandbox.messages(), [phone]);
    assert_eq!(heard.lock().unwrap().len(), 1);
    assert!(!format!("{:?}", sandbox.messages()[0].to).contains("139"), "a record shows no number");
    for _ in 0..Sandbox::MOST + 5 {
        sandbox.send(&message(Address::Phone("13900000002".into()))).unwrap();
    }
    assert_eq!(sandbox.messages().len(), Sandbox::MOST);
}

fn claim(number: &str, face: bool) -> Claim {
    Claim { id: Uuid::now_v7(), name: "周桂兰".into(), number: number.into(), face }
}

const NUMBER: &str = "449900195504090022";

#[test]
fn r_idc_01_every_authority_knows_a_number_that_is_none() {
    let (endpoint, heard) = http_server(identity::Http::NAME, |_, _| Some((200, r#"{"result":"match","reference":"A1"}"#.into())));
    let (http, sandbox) = (identity::Http::new(endpoint), identity::Sandbox::default());
    for authority in [&http as &dyn IdentityAuthority, &sandbox, &identity::Counter] {
        for (claim, field) in [
            (claim("449900195504090021", true), "number"),
            (claim("4499001955", true), "number"),
            (Claim { name: "周".into(), ..claim(NUMBER, true) }, "name"),
        ] {
            let Ok(Verdict::Refused(refused)) = authority.confirm(&claim) else { panic!("{} takes {claim:?}", authority.name()) };
            assert_eq!(refused.field(), field);
            assert!(refused.zh().contains('请'), "it says what to do");
        }
        // R-IDC-06: without consent to the face step the counter, save where the authority itself needs none.
        let declined = authority.confirm(&claim(NUMBER, false)).unwrap();
        assert_eq!(
            declined,
            if authority.name() == identity::Http::NAME { Verdict::Confirmed { reference: "A1".into() } } else { Verdict::AtCounter }
        );
    }
    assert_eq!(heard.lock().unwrap().len(), 1, "nothing false is sent out");
    assert!(!format!("{:?}", claim(NUMBER, true)).contains("4499"));
}

#[test]
fn the_sandbox_plays_the_face_step() {
    let sandbox = identity::Sandbox::new(Some("/sandbox/face/".into()));
    let claim = claim(NUMBER, true);
    let waits = Verdict::Face { url: format!("/sandbox/face/{}", claim.id) };
    assert!(sandbox.is_sandbox());
    assert_eq!(sandbox.confirm(&claim).unwrap(), waits);
    sandbox.face(claim.id, false);
    assert_eq!(sandbox.confirm(&claim).unwrap(), Verdict::Refused(Refused::Face));
    assert_eq!(sandbox.confirm(&claim).unwrap(), waits, "and may try again");
    sandbox.face(claim.id, true);
    assert!(matches!(sandbox.confirm(&claim).unwrap(), Verdict::Confirmed { reference } if reference.starts_with("sandbox/")));
}

#[test]
fn an_authority_behind_http_is_asked_in_its_own_words() {
    let answers = [
        (r#"{"result":"face","url":"https://face.example/7"}"#, Some(Verdict::Face { url: "https://face.example/7".into() })),
        (r#"{"result":"match","reference":"A7"}"#, Some(Verdict::Confirmed { reference: "A7".into() })),
        (r#"{"result":"mismatch"}"#, Some(Verdict::Refused(Refused::Mismatch))),
        (r#"{"result":"unknown"}"#, Some(Verdict::Refused(Refused::Unknown))),
        (r#"{"result":"face_failed"}"#, Some(Verdict::Refused(Refused::Face))),
        (r#"{"result":"counter"}"#, Some(Verdict::AtCounter)),
        (r#"{"result":"face","url":"http://face.example/7"}"#, None),
        (r#"{"result":"perhaps"}"#, None),
        ("<html>", None),
    ];
    let said = answers.clone();
    let (endpoint, heard) = http_server(identity::Http::NAME, move |number, _| Some((200, said[number - 1].0.into())));
    let http = identity::Http::new(endpoint);
    for (answer, verdict) in answers {
        match (http.confirm(&claim(NUMBER, true)), verdict) {
            (Ok(found), Some(wanted)) => assert_eq!(found, wanted, "{answer}"),
            (Err(Error::Answer { .. }), None) => {}
            (found, _) => panic!("{answer}: {found:?}"),
        }
    }
    assert!(heard.lock().unwrap().iter().all(|request| request.starts_with(' ')), "a question is no order: it has no idempotency key");
}

fn order(fen: i64) -> Order {
    Order {
        id: Uuid::now_v7(), amount: Fen(fen), subject: "案件受理费（2026）粤4001民初1号".into(), back: "https://portal.example/fees".into()
    }
}

#[test]
fn the_sandbox_is_paid_once_to_the_fen() {
    let sandbox = payment::Sandbox::new("/sandbox/pay/");
    let order = order(181_500);
    let first = sandbox.order(&order).unwrap();
    assert_eq!(sandbox.order(&order).unwrap(), first);
    assert!(first.url.ends_with(&order.id.to_string()) && sandbox.is_sandbox());
    assert!(matches!(sandbox.order(&Order { amount: Fen(1), ..order.clone() }), Err(Error::Rejected { status: 409, .. })), "the id is taken");
    assert!(matches!(sandbox.state(Uuid::now_v7()), Err(Error::Rejected { status: 404, .. })));
    assert_eq!(sandbox.state(order.id).unwrap(), State::Open);
    let paid = sandbox.pay(order.id, now()).unwrap();
    let again = sandbox.pay(order.id, now() + jiff::SignedDuration::from_mins(5)).unwrap();
    assert_eq!((&again, &sandbox.state(order.id).unwrap()), (&paid, &paid));
    assert!(matches!(paid, State::Paid { amount: Fen(181_500), .. }));
    assert!(matches!(sandbox.order(&self::order(0)), Err(Error::Message(_))));
}

#[test]
fn a_provider_behind_http_orders_states_and_tells() {
    let (endpoint, heard) = http_server(payment::Http::NAME, |number, body| match number {
        1 => None,
        2 | 3 => Some((200, r#"{"reference":"P9","url":"https://pay.example/P9"}"#.into())),
        4 => Some((200, r#"{"reference":"P9","url":"http://pay.example/P9"}"#.into())),
        5 => Some((409, "another order".into())),
        _ => {
            assert!(body.contains(r#""act":"state""#), "{body}");
            Some((200, r#"{"state":"paid","amount":181500,"at":"2026-03-02T00:00:00Z","reference":"P9-1"}"#.into()))
        }
    });
    let http = payment::Http::new(endpoint.clone());
    let order = order(181_500);
    assert!(http.order(&order).expect_err("the answer was lost").is_transient());
    assert_eq!(http.order(&order).unwrap(), http.order(&order).unwrap());
    assert!(matches!(http.order(&order), Err(Error::Answer { .. })), "nobody is sent to a page in the clear");
    assert!(matches!(http.order(&order), Err(Error::Rejected { status: 409, .. })));
    assert_eq!(http.state(order.id).unwrap(), State::Paid { amount: Fen(181_500), at: now(), reference: "P9-1".into() });
    {
        let heard = heard.lock().unwrap();
        assert!(heard[..5].iter().all(|request| request.starts_with(&order.id.to_string()) && request.contains("181500")));
        assert!(heard[5].starts_with(' '), "a question carries no idempotency key, or its answer could be an old one");
    }
    let body = format!(r#"{{"id":"{}","amount":181500,"at":"2026-03-02T00:00:00Z","reference":"P9-1"}}"#, order.id);
    let time = now().as_second().to_string();
    let signature = endpoint.sign(&time, "/pay/notice", body.as_bytes());
    let notice = Notice { key: "court-4001", time: &time, signature: &signature, body: body.as_bytes() };
    assert_eq!(http.notice("/pay/notice", &notice).unwrap().amount, Fen(181_500));
    let more = body.replace("181500", "1");
    assert_eq!(http.notice("/pay/notice", &Notice { body: more.as_bytes(), ..notice }), Err(Error::Notice(payment::Http::NAME)));
}
