//! Who is at the other end: the connection's address, or what a proxy that is trusted says of it.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::Server;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address at the other end of the connection; in the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The address that a request comes from, for limits. Without a connection, as in tests, this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What limits count together: an IPv4 address, and of IPv6 the 64 bits that a connection at home or of a phone is given as a whole.
    pub fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
            v4 => v4,
        }
    }

    /// What is counted together over days, in which somebody can move on from one of their addresses to the next: 256 addresses of IPv4, and
    /// of IPv6 the 48 bits that a provider gives a customer at most.
    pub fn neighbourhood(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80).into(),
            IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() >> 8 << 8).into(),
        }
    }

    pub fn is_this_machine(self) -> bool {
        self.0.to_canonical().is_loopback()
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(ClientAddress(Ipv4Addr::LOCALHOST.into())))
    }
}

/// Finds the client's address once, for everything within.
pub async fn find(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get().map_or(Ipv4Addr::LOCALHOST.into(), |Peer(peer)| *peer);
    let address = server.proxies.client(peer, request.headers());
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// Addresses whose word about a client's address is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<Network>);

impl TrustedProxies {
    pub fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }

    /// The rightmost address that none of our proxies has: what stands to the left of it was written by whoever asks.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines: Vec<&str> =
            headers.get_all(X_FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default()).collect();
        for said in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.has(client) {
                break;
            }
            match address(said.trim()) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse::<IpAddr>().ok().or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}

/// An address, or all that begin with the same bits: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct BadNetwork;

impl fmt::Display for BadNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no address, such as 10.0.0.1, and no network, such as 10.0.0.0/8")
    }
}

impl std::error::Error for BadNetwork {}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Network, BadNetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| BadNetwork))?;
        if bits <= most { Ok(Network { address, bits }) } else { Err(BadNetwork) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> IpAddr {
        let proxies = TrustedProxies(trusted.iter().map(|text| text.parse().expect("a network")).collect());
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(X_FORWARDED_FOR, line.parse().expect("a value"));
        }
        proxies.client(ip(peer), &headers)
    }

    #[test]
    fn what_a_stranger_says_of_their_address_is_not_believed() {
        assert_eq!(client(&[], "127.0.0.1", &["198.51.100.7"]), ip("127.0.0.1"));
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.7"]), ip("203.0.113.9"));
    }

    #[test]
    fn a_trusted_proxy_is_believed_up_to_the_first_address_that_is_not_ours() {
        let own = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
        assert_eq!(client(&own, "127.0.0.1", &["198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(
            client(&own, "127.0.0.1", &["192.0.2.1, 198.51.100.7"]),
            ip("198.51.100.7"),
            "the left one is made up"
        );
        assert_eq!(client(&own, "127.0.0.1", &["192.0.2.1", "198.51.100.7, 10.1.2.3"]), ip("198.51.100.7"));
        assert_eq!(client(&own, "fd00::1", &["[2001:db8::5]:4711"]), ip("2001:db8::5"));
        assert_eq!(client(&own, "::ffff:10.0.0.4", &["198.51.100.7:80"]), ip("198.51.100.7"));
        assert_eq!(client(&own, "127.0.0.1", &["unknown"]), ip("127.0.0.1"));
        assert_eq!(client(&own, "127.0.0.1", &[]), ip("127.0.0.1"));
    }

    #[test]
    fn limits_count_a_whole_home_together() {
        let network = |text| ClientAddress(ip(text)).network();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), ip("2001:db8:1:2::"));
        assert_eq!(network("::ffff:198.51.100.7"), ip("198.51.100.7"));
        assert_ne!(network("198.51.100.7"), network("198.51.100.8"));
    }

    #[test]
    fn a_network_is_an_address_with_or_without_a_length() {
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "example.fi", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
        let all: Network = "0.0.0.0/0".parse().expect("a network");
        assert!(all.has(ip("203.0.113.9")) && !all.has(ip("::1")));
    }
}
