//! The one way in which this room speaks HTTP: bounded in time and size.
use crate::Error;
use std::{sync::LazyLock, time::Duration};
use ureq::{Agent, config::Config};

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config: Config = Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_global(Some(Duration::from_secs(60)))
        .http_status_as_error(false)
        // A redirect would send what is confidential somewhere nobody configured.
        .max_redirects(0)
        .proxy(None)
        .user_agent("xiezhi")
        .build();
    config.new_agent()
});

pub(crate) struct Request<'a> {
    /// For messages.
    pub peer: &'a str,
    pub url: &'a str,
    pub content_type: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// Status and body, whatever the status. An answer longer than `most` is an error.
pub(crate) fn post(request: &Request<'_>, most: u64) -> Result<(u16, Vec<u8>), Error> {
    let unreached = |error: ureq::Error| Error::Unreached { peer: request.peer.to_owned(), reason: error.to_string() };
    let mut builder = AGENT.post(request.url).content_type(request.content_type);
    for (name, value) in request.headers {
        builder = builder.header(*name, *value);
    }
    let mut response = builder.send(request.body).map_err(unreached)?;
    let body = response.body_mut().with_config().limit(most).read_to_vec().map_err(unreached)?;
    Ok((response.status().as_u16(), body))
}

/// The beginning of an answer, fit for a log line.
pub(crate) fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
