//! Letters to people. They leave after the commit of what they tell of, from the background: see `outbox`. Here is how
//! one letter leaves: to an SMTP server, or into a folder.

use std::{io::ErrorKind, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials},
};
use tokio::io::AsyncWriteExt;

use super::{
    clock::Timestamp,
    config::{MailConfig, MailTransport},
    error::AppError,
};

/// How long a server may take to accept a letter.
const PATIENCE: Duration = Duration::from_secs(15);

/// So much of a name or a title is written in a letter.
const LONGEST_PLAIN: usize = 120;

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Names the letter: sent again, it has the same name, by which mail programs know a double.
    pub id: String,
    /// The address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Sends letters. Clones share the connections.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// As configured; connects to nothing yet. Inside a runtime, since the pool of connections keeps house in one.
    ///
    /// # Errors
    /// A sentence naming the key that is wrong.
    pub fn new(config: &MailConfig) -> Result<Self, String> {
        let from = sender(config)?;
        let way = match config.transport {
            MailTransport::Folder => Way::Folder(config.folder.clone()),
            MailTransport::Smtp => Way::Smtp(smtp(config)?.build()),
        };
        Ok(Self { from, way })
    }

    /// Whether [`Mailer::new`] would do.
    ///
    /// # Errors
    /// A sentence naming the key that is wrong.
    pub fn check(config: &MailConfig) -> Result<(), String> {
        sender(config)?;
        match config.transport {
            MailTransport::Folder => Ok(()),
            MailTransport::Smtp => smtp(config).map(|_| ()),
        }
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// When it cannot be addressed, written or handed over; it may be sent again.
    pub async fn send(&self, letter: &Letter) -> Result<(), AppError> {
        let message = self.message(letter)?;
        match &self.way {
            Way::Smtp(transport) => transport.send(message).await.map(|_| ()).map_err(AppError::internal),
            Way::Folder(folder) => {
                let name = format!("{:015}-{}.eml", letter.at.millis(), letter.id);
                write(folder.clone(), name, &message.formatted()).await.map_err(AppError::internal)
            }
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, AppError> {
        let domain = self.from.email.domain();
        let millis = u64::try_from(letter.at.millis()).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, letter.to.parse().map_err(AppError::internal)?))
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .date(std::time::UNIX_EPOCH + Duration::from_millis(millis))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(AppError::internal)
    }
}

fn sender(config: &MailConfig) -> Result<Mailbox, String> {
    config.from.parse().map_err(|error| format!("mail.from: {error}"))
}

fn smtp(config: &MailConfig) -> Result<AsyncSmtpTransportBuilder, String> {
    // The URL may hold a password, so that what is wrong with it is not repeated.
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url)
        .map_err(|_| "mail.smtp_url: not like smtps://host:465 or smtp://host:587?tls=required")?
        .timeout(Some(PATIENCE));
    if config.smtp_user.is_empty() {
        return Ok(transport);
    }
    let (user, password) = (config.smtp_user.clone(), config.smtp_password.clone());
    Ok(transport.credentials(Credentials::new(user, password)))
}

/// A name or a title that cannot be read as an address of something: whoever has a letter sent to a stranger's mailbox
/// chooses it.
pub fn plain_text(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars().take(LONGEST_PLAIN).peekable();
    while let Some(letter) = letters.next() {
        let is_mark = matches!(u32::from(letter), 0x0980..=0x09ff | 0x200c | 0x200d);
        let ends_a_word = matches!(letter, '.' | ',' | ';') && letters.peek().is_none_or(|next| next.is_whitespace());
        if letter.is_alphanumeric() || is_mark || matches!(letter, ' ' | '-' | '\'' | '(' | ')') || ends_a_word {
            plain.push(letter);
        }
    }
    plain
}

/// Beside its place first, so that nobody reads half a letter; for the owner's eyes, since it may hold a token.
async fn write(folder: PathBuf, name: String, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(&folder).await?;
    // Its name ends otherwise: who looks for letters by their ending does not find it.
    let draft = folder.join(format!(".{name}.part"));
    match tokio::fs::remove_file(&draft).await {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = tokio::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(draft, folder.join(name)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &std::path::Path) -> MailConfig {
        MailConfig {
            transport: MailTransport::Folder,
            folder: folder.to_owned(),
            from: "Innovation Pilots <pilots@example.gov.bd>".into(),
            smtp_url: String::new(),
            smtp_user: String::new(),
            smtp_password: String::new(),
        }
    }

    #[test]
    fn a_name_in_a_letter_is_a_name() {
        assert_eq!(plain_text("মোঃ রহিম উদ্দিন"), "মোঃ রহিম উদ্দিন");
        assert_eq!(plain_text("Md. Rahim O'Hara-Khan"), "Md. Rahim O'Hara-Khan");
        assert_eq!(plain_text("win at https://evil.example/x\nnow"), "win at httpsevilexamplexnow");
        assert_eq!(plain_text("24 camps, 3 unions (pilot)"), "24 camps, 3 unions (pilot)");
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        let folder = PathBuf::from("x");
        assert!(Mailer::new(&MailConfig { from: "nobody".into(), ..config(&folder) }).is_err());
        let smtp = MailConfig {
            transport: MailTransport::Smtp,
            smtp_url: "ftp://rahima:geheim@mail.example".into(),
            ..config(&folder)
        };
        assert!(Mailer::new(&smtp).is_err_and(|error| error.contains("mail.smtp_url") && !error.contains("geheim")));
    }

    #[tokio::test]
    async fn a_letter_is_one_file_however_often_it_is_sent_and_has_no_room_for_other_headers() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Mailer::new(&config(folder.path())).unwrap();
        let letter = Letter {
            id: "0192f0c1".into(),
            to: "rahima@example.gov.bd".into(),
            subject: "Code\r\nBcc: thief@example.com".into(),
            text: "আপনার কোড\r\n.\r\nQUIT".into(),
            at: Timestamp::from_millis(1_782_874_800_000),
        };
        mailer.send(&letter).await.unwrap();
        mailer.send(&letter).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("Message-ID: <0192f0c1@example.gov.bd>"), "{text}");
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{text}");
        assert!(mailer.send(&Letter { to: "a@b.c\r\nBcc: x@y.z".into(), ..letter }).await.is_err());
    }
}
