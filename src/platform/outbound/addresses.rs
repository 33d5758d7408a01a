//! Which addresses are out in the world, and which are ours, our neighbours' or nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet. Sources: the IANA special-purpose registries for IPv4 and IPv6
/// (RFC 6890 and later entries).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let refused = match (a, b, c) {
        // This network, private, loopback, link-local (clouds keep their metadata there), multicast and reserved.
        (0 | 10 | 127, ..) | (169, 254, _) | (192, 168, _) | (224..=255, ..) => true,
        (172, 16..=31, _) => true,
        // Shared by carriers.
        (100, 64..=127, _) => true,
        // Protocol assignments, documentation, the old 6to4 relay, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) | (198, 18 | 19, _) => true,
        // Public by number, but the metadata service of a cloud.
        (168, 63, 129) => d == 16,
        _ => false,
    };
    !refused
}

/// Only global unicast, and of that nothing which leads somewhere else: addresses with an IPv4 address inside (mapped,
/// compatible, NAT64, 6to4, Teredo) are refused whole.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    // 2001::/23 is for protocols, Teredo among them; 2001:db8::/32 and 3fff::/20 are for documentation; 2002::/16 is 6to4.
    let special = first == 0x2001 && (second < 0x0200 || second == 0x0db8)
        || first == 0x2002
        || first == 0x3fff && second < 0x1000;
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_public_internet() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in
            ["8.8.8.8", "103.48.16.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2001:4860:4860::8888", "2400:cb00::1"]
        {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
