//! Mail over TLS: a server on loopback that closes the way from the first byte or after STARTTLS, with a certificate made for
//! the test, and wants a login.
use base64::Engine;
use exchange::Error;
use exchange::messenger::{Address, Message, Messenger, Smtp, SmtpSettings, SmtpTls};
use jiff::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const PASSWORD: &str = "relay password";

/// A certificate for localhost that is its own root, and its key; or a loud word that there is no OpenSSL to make it.
fn certificate(dir: &Path) -> Option<(PathBuf, PathBuf)> {
    let (config, crt, key) = (dir.join("req.conf"), dir.join("own.crt"), dir.join("own.key"));
    let text = "[req]\ndistinguished_name = dn\n[dn]\n[own]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = DNS:localhost\n";
    std::fs::write(&config, text).unwrap();
    let mut openssl = std::process::Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    openssl.args(["-extensions", "own", "-config"]).arg(&config).arg("-keyout").arg(&key).arg("-out").arg(&crt);
    let Ok(made) = openssl.output() else {
        eprintln!("SKIPPED: openssl is missing (scripts/packages); mail over TLS was not tested");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some((crt, key))
}

/// Answers as a mail server until the client goes or asks for STARTTLS; then the open stream is given back.
fn converse<S: Read + Write>(stream: S, greets: bool, offers: &str, heard: &Mutex<Vec<String>>) -> Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    if greets {
        stream.get_mut().write_all(b"220 mail.example ESMTP\r\n")?;
    }
    let (mut line, mut in_letter) = (String::new(), false);
    while {
        line.clear();
        stream.read_line(&mut line)?
    } > 0
    {
        heard.lock().unwrap().push(line.trim_end().to_owned());
        let answer = match line.trim_end().split(' ').next().unwrap_or_default() {
            "." if in_letter => "250 2.0.0 queued as 4712\r\n".to_owned(),
            _ if in_letter => continue,
            "EHLO" => format!("250-mail.example\r\n{offers}250 8BITMIME\r\n"),
            "STARTTLS" => {
                stream.get_mut().write_all(b"220 go on\r\n")?;
                return Ok(Some(stream.into_inner()));
            }
            "AUTH" => "235 2.7.0 welcome\r\n".to_owned(),
            "DATA" => "354 go on\r\n".to_owned(),
            "QUIT" => "221 bye\r\n".to_owned(),
            _ => "250 ok\r\n".to_owned(),
        };
        in_letter = line.starts_with("DATA");
        stream.get_mut().write_all(answer.as_bytes())?;
    }
    Ok(None)
}

/// A server that closes the way as `tls` says; its port and every line that it heard.
fn mail_server(tls: SmtpTls, crt: &Path, key: &Path) -> (u16, Arc<Mutex<Vec<String>>>) {
    let chain = vec![CertificateDer::from_pem_file(crt).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let config = Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let kept = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, heard) = (config.clone(), heard.clone());
            let serve = move || -> Result<()> {
                let open = match tls {
                    SmtpTls::Tls => Some(stream),
                    SmtpTls::Starttls => converse(stream, true, "250-STARTTLS\r\n", &heard)?,
                    SmtpTls::None => converse(stream, true, "", &heard)?,
                };
                let Some(open) = open else { return Ok(()) };
                let closed = StreamOwned::new(ServerConnection::new(config).unwrap(), open);
                converse(closed, tls == SmtpTls::Tls, "250-AUTH PLAIN\r\n", &heard).map(drop)
            };
            // A client that does not believe the certificate goes away; that is part of the test.
            drop(serve());
        }
    });
    (port, kept)
}

fn settings(port: u16, tls: SmtpTls, root: Option<PathBuf>) -> SmtpSettings {
    let login = Some(("court".to_owned(), PASSWORD.to_owned()));
    SmtpSettings { server: format!("localhost:{port}"), from: "noreply@court.example".into(), tls, root, login, gateway: None }
}

fn message() -> Message {
    Message {
        id: Uuid::now_v7(),
        to: Address::Email("zhou@example.cn".into()),
        subject: "人民法院".into(),
        text: "【人民法院】验证码 482913。".into(),
        created: Timestamp::now(),
    }
}

#[test]
fn mail_goes_over_tls_with_a_login_and_only_to_a_server_that_is_believed() {
    let dir = tempfile::tempdir().unwrap();
    let Some((crt, key)) = certificate(dir.path()) else { return };
    for tls in [SmtpTls::Tls, SmtpTls::Starttls] {
        let (port, heard) = mail_server(tls, &crt, &key);
        let sent = Smtp::new(&settings(port, tls, Some(crt.clone()))).unwrap().send(&message()).unwrap();
        assert!(sent.reference.contains("4712"), "{tls:?}: {sent:?}");
        let login = base64::engine::general_purpose::STANDARD.encode(format!("\0court\0{PASSWORD}"));
        let lines = std::mem::take(&mut *heard.lock().unwrap());
        assert!(lines.iter().any(|line| line.contains(&login)), "{tls:?}: {lines:?}");
        let unknown = Smtp::new(&settings(port, tls, None)).unwrap().send(&message()).expect_err("nobody vouches for it");
        assert!(unknown.is_transient(), "{tls:?}: it may be put right: {unknown}");
        assert!(!heard.lock().unwrap().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")), "{tls:?}: nothing was told");
    }
}

#[test]
fn a_server_that_cannot_close_the_way_hears_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let Some((crt, key)) = certificate(dir.path()) else { return };
    let (port, heard) = mail_server(SmtpTls::None, &crt, &key);
    let refused = Smtp::new(&settings(port, SmtpTls::Starttls, Some(crt))).unwrap().send(&message());
    assert!(refused.is_err(), "{refused:?}");
    assert!(!heard.lock().unwrap().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}

#[test]
fn what_would_travel_in_the_clear_or_cannot_be_read_is_no_configuration() {
    let at = |server: &str, tls| SmtpSettings { server: server.into(), ..settings(25, tls, None) };
    for good in
        [at("mail.example", SmtpTls::Tls), at("mail.example:2525", SmtpTls::Starttls), at("[::1]:25", SmtpTls::None), at("localhost", SmtpTls::None)]
    {
        assert!(Smtp::new(&good).is_ok(), "{good:?}");
    }
    let no_root = SmtpSettings { root: Some("/nowhere/root.crt".into()), ..at("mail.example", SmtpTls::Tls) };
    for bad in [at("mail.example:25", SmtpTls::None), at("mail.example:99999", SmtpTls::Tls), no_root] {
        assert!(matches!(Smtp::new(&bad), Err(Error::Configuration { .. })), "{bad:?}");
        assert!(!format!("{bad:?}").contains(PASSWORD));
    }
}
