//! What is known of a request before anything is decided: its id, its language, where it came from.

use std::net::IpAddr;

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest, http::header};
use ipnet::IpNet;

use crate::platform::{ids::UserId, text::Language};

/// Facts about a request that the log, the audit trail and the answer share.
#[derive(Clone, Debug)]
pub struct RequestMeta {
    /// The caller's `X-Request-Id` if it is well formed, else ours.
    pub request_id: String,
    /// For titles and details.
    pub language: Language,
    /// The caller's address, as far as our own proxies vouch for it.
    pub address: Option<IpAddr>,
    /// The trace id of a W3C `traceparent`, when there is a valid one.
    pub trace_id: Option<String>,
}

/// Who a request turned out to be from, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Principal(pub UserId);

impl RequestMeta {
    /// Reads the headers.
    pub fn of(request: &ServiceRequest, trusted_proxies: &[IpNet]) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let request_id = header("x-request-id")
            .filter(|id| well_formed(id))
            .map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned);
        let language = header(header::ACCEPT_LANGUAGE.as_str()).map_or(Language::En, Language::from_accept_language);
        let address =
            client_address(request.peer_addr().map(|peer| peer.ip()), header("x-forwarded-for"), trusted_proxies);
        let trace_id = header("traceparent").and_then(trace_id);
        Self { request_id, language, address, trace_id }
    }

    /// The facts that the edge stored with the request.
    pub fn from_request(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self {
            request_id: uuid::Uuid::now_v7().to_string(),
            language: Language::En,
            address: None,
            trace_id: None,
        })
    }
}

fn well_formed(id: &str) -> bool {
    (8..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// The last address in the chain that none of our proxies added.
fn client_address(peer: Option<IpAddr>, forwarded: Option<&str>, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let peer = peer?;
    if !is_trusted(peer) {
        return Some(peer);
    }
    let mut client = peer;
    for hop in forwarded.unwrap_or_default().rsplit(',') {
        let Ok(address) = hop.trim().parse() else { break };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    Some(client)
}

fn trace_id(traceparent: &str) -> Option<String> {
    let mut parts = traceparent.split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let valid = hex(version, 2)
        && version != "ff"
        && hex(trace, 32)
        && hex(parent, 16)
        && trace.bytes().any(|byte| byte != b'0');
    valid.then(|| trace.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_may_name_the_client() {
        let trusted: Vec<IpNet> = ["10.0.0.0/8".parse()].into_iter().flatten().collect();
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        assert_eq!(client_address(ip("203.0.113.9"), Some("1.2.3.4"), &trusted), ip("203.0.113.9"));
        assert_eq!(client_address(ip("10.0.0.1"), Some("6.6.6.6, 1.2.3.4, 10.0.0.7"), &trusted), ip("1.2.3.4"));
        assert_eq!(client_address(ip("10.0.0.1"), Some("nonsense"), &trusted), ip("10.0.0.1"));
    }

    #[test]
    fn a_broken_traceparent_is_ignored() {
        assert!(trace_id("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").is_some());
        assert!(trace_id("00-00000000000000000000000000000000-00f067aa0ba902b7-01").is_none());
        assert!(trace_id("00-4bf9").is_none());
    }
}
