//! `sqlite://…` or `postgres://…`: the scheme decides the engine.

use std::{fmt, path::PathBuf};

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server of its own.
    Postgres,
}

impl Engine {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A libpq connection URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// A sentence, when the scheme is none of ours or the SQLite path is missing.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite://") {
            Some("") => Err("the SQLite URL names no file; write sqlite://./data/pilots.sqlite3".into()),
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path))),
            None => {
                let scheme = text.split("://").next().filter(|_| text.contains("://")).unwrap_or("none");
                Err(format!("the database URL must start with sqlite:// or postgres://, its scheme is {scheme}"))
            }
        }
    }

    /// Which engine serves it.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

/// Without the password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let shown = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{}", shown.split('?').next().unwrap_or(shown))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_an_unknown_one_stops() {
        assert_eq!(DatabaseUrl::parse("sqlite://./data/x"), Ok(DatabaseUrl::Sqlite("./data/x".into())));
        assert_eq!(DatabaseUrl::parse("postgres://u:p@h/d").map(|url| url.engine()), Ok(Engine::Postgres));
        assert!(
            DatabaseUrl::parse("mysql://u:p@h/d").is_err_and(|error| error.contains("mysql") && !error.contains("p@h"))
        );
        assert!(DatabaseUrl::parse("./data").is_err());
    }

    #[test]
    fn the_password_is_never_shown() {
        let url = DatabaseUrl::Postgres("postgres://user:secret@host:5432/db?password=secret".into());
        assert_eq!(url.to_string(), "postgres://host:5432/db");
    }
}
