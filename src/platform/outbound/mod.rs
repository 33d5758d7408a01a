//! Requests to addresses that users name. None of them ever reaches a network of ours: the name is resolved, every
//! address is checked, and the connection goes to a checked address and nowhere else. No redirects, no proxies, little
//! time, and only the beginning of an answer is read.

mod addresses;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use ipnet::IpNet;
use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use tokio::{sync::OnceCell, task::spawn_blocking};

pub use addresses::is_public;

use super::error::AppError;

/// For a name or a connection, for the whole answer's head, and for the beginning of its body.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);
const BODY: Duration = Duration::from_secs(2);

/// How much of a body is read, in bytes.
const MOST_READ: usize = 1024;

/// Whether an `https://` URL leads away from this machine and its networks, as far as that can be said without asking for
/// the name: a literal address has to be a public one, in whatever notation it is written.
pub fn is_public_https(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let is_here = host.is_empty() || host == "localhost" || host.ends_with(".localhost");
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    url.scheme() == "https" && !is_here && bare.parse::<IpAddr>().map_or(true, is_public)
}

/// Finds the addresses of a name.
pub trait Lookup: Send + Sync {
    /// All of them.
    fn lookup(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>>;
}

/// The resolver of the machine.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) }.boxed()
    }
}

/// Why a target is refused, as a sentence without the address that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a URL.
    #[error("this is not an absolute URL with a host name")]
    NotAUrl,
    /// Not https.
    #[error("only https is allowed")]
    NotHttps,
    /// Name and password, or a fragment.
    #[error("a URL must not hold a login or a fragment")]
    Login,
    /// Not in the world.
    #[error("the host is not on the public internet")]
    NotPublic,
    /// Nobody knows it.
    #[error("the host name cannot be resolved")]
    Unknown,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status; `None` when there was no answer.
    pub status: Option<u16>,
    /// How long it took.
    pub milliseconds: i32,
    /// Why there was no answer.
    pub error: Option<String>,
    /// The beginning of the body.
    pub body: String,
}

/// The client.
#[derive(Clone)]
pub struct Outbound {
    /// Made by the first request: it reads every authority that the machine trusts, and most servers never send one.
    client: Arc<OnceCell<Client>>,
    guard: Arc<Guard>,
}

/// Lets only checked addresses through.
struct Guard {
    lookup: Box<dyn Lookup>,
    test_networks: Vec<IpNet>,
}

impl Guard {
    fn is_test(&self, address: IpAddr) -> bool {
        self.test_networks.iter().any(|network| network.contains(&address))
    }

    /// All addresses of a host, if every single one is allowed: a name that also leads inside is not to be trusted.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Refused> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = match bare.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => match tokio::time::timeout(CONNECT, self.lookup.lookup(host.to_owned())).await {
                Ok(Ok(found)) => found,
                _ => return Err(Refused::Unknown),
            },
        };
        if found.is_empty() {
            return Err(Refused::Unknown);
        }
        match found.iter().all(|address| is_public(*address) || self.is_test(*address)) {
            true => Ok(found),
            false => Err(Refused::NotPublic),
        }
    }

    /// A URL that may be asked now.
    async fn check(&self, text: &str) -> Result<Url, Refused> {
        let url = Url::parse(text).map_err(|_| Refused::NotAUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refused::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Refused::Login);
        }
        if !matches!(url.scheme(), "https" | "http") || url.scheme() == "http" && self.test_networks.is_empty() {
            return Err(Refused::NotHttps);
        }
        let addresses = self.addresses(host).await?;
        if url.scheme() == "http" && !addresses.iter().all(|address| self.is_test(*address)) {
            return Err(Refused::NotHttps);
        }
        Ok(url)
    }
}

/// What the client itself asks when it connects: the answer that was checked is the one it connects to.
struct GuardedResolver(Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = guard.addresses(name.as_str()).await?;
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

impl Outbound {
    /// `test_networks` are for development: addresses there are let through, and without TLS.
    pub fn new(test_networks: Vec<IpNet>, lookup: Box<dyn Lookup>) -> Self {
        Self { client: Arc::default(), guard: Arc::new(Guard { lookup, test_networks }) }
    }

    async fn client(&self) -> Result<&Client, AppError> {
        let guard = Arc::clone(&self.guard);
        let made = async || spawn_blocking(|| client(guard)).await.map_err(AppError::internal)?;
        self.client.get_or_try_init(made).await
    }

    /// Whether a URL could be asked now; what is true later is asked again with each request.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self, url: &str) -> Result<(), Refused> {
        self.guard.check(url).await.map(|_| ())
    }

    /// Posts a JSON text. What goes wrong is in the answer.
    pub async fn post(&self, url: &str, headers: &[(&'static str, String)], body: String) -> Answered {
        let begun = Instant::now();
        let answered = |status, error, body| Answered {
            status,
            milliseconds: i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX),
            error,
            body,
        };
        // Literal addresses never get to a resolver, so they are checked here; names are checked here and there.
        let url = match self.guard.check(url).await {
            Ok(url) => url,
            Err(refused) => return answered(None, Some(refused.to_string()), String::new()),
        };
        let client = match self.client().await {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "nothing can be sent");
                return answered(None, Some("no client could be made".to_owned()), String::new());
            }
        };
        let mut request = client.post(url).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match tokio::time::timeout(ANSWER, request.send()).await {
            Err(_) => answered(None, Some(format!("no answer within {} seconds", ANSWER.as_secs())), String::new()),
            Ok(Err(error)) => answered(None, Some(explain(&error).to_owned()), String::new()),
            Ok(Ok(mut response)) => {
                let status = response.status().as_u16();
                let mut read = Vec::new();
                let reading = async {
                    while read.len() < MOST_READ
                        && let Ok(Some(chunk)) = response.chunk().await
                    {
                        read.extend_from_slice(chunk.get(..chunk.len().min(MOST_READ)).unwrap_or_default());
                    }
                };
                // The head says it all; a body that does not come is no failure.
                let _ = tokio::time::timeout(BODY, reading).await;
                read.truncate(MOST_READ);
                answered(Some(status), None, String::from_utf8_lossy(&read).into_owned())
            }
        }
    }
}

/// # Errors
/// When there is no TLS to be had.
fn client(guard: Arc<Guard>) -> Result<Client, AppError> {
    Client::builder()
        .dns_resolver(GuardedResolver(guard))
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(0)
        .user_agent(concat!("innovation-pilots/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(AppError::internal)
}

/// Without the address that was connected to, and without what a library says of it.
fn explain(error: &reqwest::Error) -> &'static str {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.downcast_ref::<Refused>().is_some() {
            return "the host is not on the public internet";
        }
        source = inner.source();
    }
    match () {
        () if error.is_timeout() => "the host did not accept a connection in time",
        () if error.is_connect() => "no connection, or its certificate is not trusted",
        () => "the connection broke off",
    }
}
