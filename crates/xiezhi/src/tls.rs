//! 传输加密: a zone's certificate and key, checked before anything is served, and a listener that speaks TLS.
use crate::installation::TlsFiles;
use anyhow::{Context, Result, anyhow, bail};
use axum::serve::Listener;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fs, io};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use x509_cert::der::Decode;

/// Days before its end on which a certificate ought to have been renewed.
pub const RENEW_BEFORE: i64 = 30;
/// A client that does not shake hands in this time is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at the same time; more wait in the system's queue.
const HANDSHAKES: usize = 512;

/// A certificate that can be served.
pub struct Certified {
    pub config: Arc<ServerConfig>,
    /// Its last moment.
    pub until: Timestamp,
}

impl Certified {
    /// Whole days that are left.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.until.duration_since(now).as_hours() / 24
    }
}

/// Host of an address: `https://zxfw.example.cn:8443/` is served as `zxfw.example.cn`.
pub fn host_of(url: &str) -> Result<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = match authority.strip_prefix('[') {
        Some(ip6) => ip6.split(']').next(),
        None => authority.split(':').next(),
    };
    host.filter(|host| !host.is_empty()).with_context(|| format!("{url} names no host"))
}

/// Reads certificate and key and looks whether they fit each other, this moment and the address.
///
/// # Errors
/// What is wrong and with which file.
pub fn load(files: &TlsFiles, url: &str, now: Timestamp) -> Result<Certified> {
    let (cert, key) = (files.cert.display(), files.key.display());
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| anyhow!("TLS certificate {cert} cannot be read: {error}"))?;
    let Some(own) = chain.first() else { bail!("TLS certificate {cert} holds no certificate; PEM is wanted, the server's own first") };
    let secret = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| anyhow!("TLS key {key} cannot be read: {error}"))?;
    let until = validity(own, now).with_context(|| format!("TLS certificate {cert}"))?;
    let parsed = ParsedCertificate::try_from(own).map_err(|error| anyhow!("TLS certificate {cert}: {error}"))?;
    let host = host_of(url)?;
    let name = ServerName::try_from(host).map_err(|error| anyhow!("{host}: {error}"))?;
    rustls::client::verify_server_name(&parsed, &name).map_err(|_| anyhow!("TLS certificate {cert} is not for {host}; have one issued for it"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => anyhow!("TLS key {key} does not fit the certificate {cert}; name the key it was issued for"),
            error => anyhow!("TLS certificate {cert} with key {key}: {error}"),
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certified { config: Arc::new(config), until })
}

/// The end of a certificate that is valid now.
fn validity(der: &CertificateDer<'_>, now: Timestamp) -> Result<Timestamp> {
    let certificate = x509_cert::Certificate::from_der(der)?;
    let validity = certificate.tbs_certificate().validity();
    let moment =
        |time: x509_cert::time::Time| -> Result<Timestamp> { Ok(Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs())?)?) };
    let (from, until) = (moment(validity.not_before)?, moment(validity.not_after)?);
    if until <= now {
        bail!("expired on {until}; put a renewed one in its place");
    }
    if from > now {
        bail!("is valid from {from} only; look at this machine's clock");
    }
    Ok(until)
}

/// What is served now: files that were renewed in their place are taken up with the next connection.
pub struct Certificates {
    files: TlsFiles,
    url: String,
    read: Option<SystemTime>,
    config: Arc<ServerConfig>,
}

impl Certificates {
    /// A certificate that was looked at, and where it came from.
    pub fn new(files: TlsFiles, url: &str, certified: Certified) -> Self {
        let read = changed(&files);
        Self { files, url: url.to_owned(), read, config: certified.config }
    }

    /// Half-renewed files (the key still missing, say) are left for the next connection; what was good is served on.
    fn current(&mut self) -> Arc<ServerConfig> {
        let changed = changed(&self.files);
        if changed != self.read {
            match load(&self.files, &self.url, Timestamp::now()) {
                Ok(certified) => (self.read, self.config) = (changed, certified.config),
                Err(error) => tracing::error!(error = format!("{error:#}"), "the renewed TLS files cannot be served; the old ones still are"),
            }
        }
        Arc::clone(&self.config)
    }
}

/// When one of the files was last written.
fn changed(files: &TlsFiles) -> Option<SystemTime> {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    time(&files.cert).max(time(&files.key))
}

/// Accepts connections and shakes hands, each in a task of its own: a slow client holds up nobody.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: AbortHandle,
}

impl TlsListener {
    /// Speaks TLS on what comes in here.
    pub fn over(mut listener: TcpListener, mut certificates: Certificates) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(HANDSHAKES);
        let places = Arc::new(Semaphore::new(HANDSHAKES));
        let accepting = tokio::spawn(async move {
            while let Ok(place) = Arc::clone(&places).acquire_owned().await {
                // Waits out what can go wrong with accepting.
                let (stream, from) = Listener::accept(&mut listener).await;
                let (acceptor, sender) = (TlsAcceptor::from(certificates.current()), sender.clone());
                tokio::spawn(async move {
                    let _place = place;
                    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        // Fails when the house has stopped listening; then the client is let go.
                        Ok(Ok(stream)) => drop(sender.send((stream, from)).await),
                        Ok(Err(error)) => tracing::debug!(%from, %error, "no TLS with this client"),
                        Err(_) => tracing::debug!(%from, "a client did not shake hands in time"),
                    }
                });
            }
        });
        Ok(Self { ready, address, accepting: accepting.abort_handle() })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(next) => next,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_for_the_host_of_the_address() {
        for (url, host) in
            [("https://zxfw.example.cn", "zxfw.example.cn"), ("https://zxfw.example.cn:8443/a", "zxfw.example.cn"), ("https://[::1]:443", "::1")]
        {
            assert_eq!(host_of(url).expect("a host"), host);
        }
        assert!(host_of("https:///").is_err());
    }
}
