//! Which addresses a message may be sent to.
//!
//! Contacts are edited by people, and the server stands inside a network that those people may not reach.
//! Names are checked after they are resolved, by the resolver that the connection itself uses, so that a
//! name cannot point elsewhere between the check and the connection. Literal addresses never come to a
//! resolver and are checked in the URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What the operator allows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    pub(crate) allow_private: bool,
}

/// An address that the guard refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the address leads into a private network ({0}); allow_private_addresses is off")]
    Private(IpAddr),
    #[error("the address leads to {0}, where no receiver can be")]
    Never(IpAddr),
    #[error("the name has no address")]
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Public,
    /// Loopback, RFC 1918, unique local, shared and benchmarking space.
    Private,
    /// Link-local (where cloud metadata services live), multicast, unspecified, documentation, reserved.
    Never,
}

impl Guard {
    fn check(self, address: IpAddr) -> Result<(), Refused> {
        match reach(address) {
            Reach::Public => Ok(()),
            Reach::Private if self.allow_private => Ok(()),
            Reach::Private => Err(Refused::Private(address)),
            Reach::Never => Err(Refused::Never(address)),
        }
    }

    /// Checks a URL whose host is an address. `Url` has already turned forms such as `127.1` into addresses.
    pub(crate) fn check_literal(self, url: &Url) -> Result<(), Refused> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        host.parse().map_or(Ok(()), |address| self.check(address))
    }

    /// Keeps the allowed ones of a name's addresses. None left is a refusal.
    fn keep(self, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let mut refused = Refused::Nothing;
        let mut allowed = Vec::new();
        for address in found {
            match self.check(address.ip()) {
                Ok(()) => allowed.push(address),
                Err(reason) => refused = reason,
            }
        }
        if allowed.is_empty() { Err(refused) } else { Ok(allowed) }
    }
}

/// The system's resolver behind the guard.
pub(crate) struct GuardedResolver {
    pub(crate) guard: Guard,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = guard.keep(found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(v4) => reach_v4(v4),
        IpAddr::V6(v6) => reach_v6(v6),
    }
}

/// IANA's IPv4 special-purpose registry (RFC 6890 and its updates).
fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [127 | 10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] | [198, 18 | 19, ..] => {
            Reach::Private
        }
        [0 | 224..=255, ..] | [169, 254, ..] | [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Reach::Never
        }
        _ => Reach::Public,
    }
}

/// IANA's IPv6 special-purpose registry. Addresses that carry an IPv4 address reach what that one reaches.
fn reach_v6(address: Ipv6Addr) -> Reach {
    if address == Ipv6Addr::LOCALHOST {
        return Reach::Private;
    }
    if let Some(v4) = carried_v4(address) {
        return reach_v4(v4);
    }
    match address.segments() {
        // The metadata service of one large cloud, among the unique local addresses; Teredo and other protocol
        // assignments (RFC 2928); documentation.
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254]
        | [0x2001, 0..=0x01ff | 0x0db8, ..]
        | [0x3fff, 0..=0x0fff, ..] => Reach::Never,
        // Local-use NAT64 (RFC 8215) and unique local addresses (RFC 4193).
        [0x0064, 0xff9b, 1, ..] | [0xfc00..=0xfdff, ..] => Reach::Private,
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Never,
    }
}

/// The IPv4 address inside a mapped (`::ffff:0:0/96`), NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`) address.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let ([0, 0, 0, 0, 0, 0xffff, high, low]
    | [0x0064, 0xff9b, 0, 0, 0, 0, high, low]
    | [0x2002, high, low, ..]) = address.segments()
    else {
        return None;
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use reqwest::Url;

    use super::{Guard, Reach, reach};

    #[test]
    fn addresses_reach_what_the_registries_say() {
        let public =
            ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"];
        let private = [
            "127.0.0.1",
            "127.8.9.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "::1",
            "fc00::1",
            "fdab::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:c0a8:101::1",
        ];
        let never = [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "2001::1",
            "2001:db8::1",
            "::7f00:1",
        ];
        for (list, expected) in
            [(&public[..], Reach::Public), (&private[..], Reach::Private), (&never[..], Reach::Never)]
        {
            for address in list {
                assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
            }
        }
    }

    #[test]
    fn disguised_loopback_is_seen_in_the_url() {
        let guard = Guard { allow_private: false };
        for host in
            ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1."]
        {
            let url = Url::parse(&format!("http://{host}/hook")).unwrap();
            assert!(guard.check_literal(&url).is_err(), "{host} became {url}");
        }
    }

    #[test]
    fn metadata_services_stay_out_of_reach_even_when_private_addresses_are_allowed() {
        let guard = Guard { allow_private: true };
        for host in ["169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "0.0.0.0"] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(guard.check_literal(&url).is_err(), "{host}");
        }
        assert!(guard.check_literal(&Url::parse("http://127.0.0.1/").unwrap()).is_ok());
    }

    #[test]
    fn a_name_keeps_only_its_allowed_addresses() {
        let guard = Guard { allow_private: false };
        let mixed = ["10.0.0.1:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()];
        assert_eq!(guard.keep(mixed.into_iter()).unwrap(), mixed[1..]);
        assert!(guard.keep(mixed[..1].iter().copied()).is_err());
        assert!(guard.keep(std::iter::empty()).is_err());
    }
}
