//! `healthcheck`: asks a running server's `/readyz`, for containers that have no other client.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs},
    time::Duration,
};

use super::say;
use crate::platform::config::Config;

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn run(config: &Config) -> Result<(), String> {
    let address = target(&config.server.listen)?;
    let failed = |error: std::io::Error| format!("{address}: {error}");
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    let status = answer.lines().next().unwrap_or_default();
    if status.starts_with("HTTP/1.1 200") {
        say("ready");
        Ok(())
    } else {
        Err(format!("{address}: {status}"))
    }
}

/// Who listens on every address is asked on the loopback.
fn target(listen: &str) -> Result<SocketAddr, String> {
    let mut addresses = listen.to_socket_addrs().map_err(|error| format!("{listen}: {error}"))?;
    let mut address = addresses.next().ok_or_else(|| format!("{listen} is no address"))?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_stands_for_every_address() {
        let text = |listen| target(listen).map(|address| address.to_string());
        assert_eq!(text("0.0.0.0:8080").as_deref(), Ok("127.0.0.1:8080"));
        assert_eq!(text("[::]:80").as_deref(), Ok("[::1]:80"));
        assert_eq!(text("192.0.2.7:80").as_deref(), Ok("192.0.2.7:80"));
        assert!(text("nonsense").is_err());
    }
}
