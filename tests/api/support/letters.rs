//! The letters that the application wrote, as files, and read like a mail program reads them.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use innovation_pilots::platform::outbox;

use super::App;

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub text: String,
}

impl Letter {
    /// The token in its link.
    #[track_caller]
    pub fn token(&self) -> String {
        let begin = self.text.find("#token=").unwrap_or_else(|| panic!("no token in {}", self.text)) + 7;
        self.text[begin..].split_whitespace().next().unwrap().to_owned()
    }
}

impl App {
    /// Sends what waits and gives all letters so far, the oldest first.
    pub async fn letters(&self) -> Vec<Letter> {
        outbox::run_once(&self.state).await.unwrap();
        let Ok(entries) = fs::read_dir(&self.config.mail.folder) else { return Vec::new() };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| read(&fs::read_to_string(file).unwrap())).collect()
    }

    /// The only letter of those that were written since there were `before`.
    #[track_caller]
    pub fn only(letters: Vec<Letter>, before: usize) -> Letter {
        assert_eq!(letters.len(), before + 1, "{letters:#?}");
        letters.into_iter().last().unwrap()
    }
}

fn read(file: &str) -> Letter {
    let (head, body) = file.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let text = match header("content-transfer-encoding").as_str() {
        "base64" => {
            let packed: String = body.split_whitespace().collect();
            String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap()
        }
        "quoted-printable" => {
            let mut bytes = Vec::new();
            let joined = body.replace("=\r\n", "");
            let mut rest = joined.as_bytes();
            while let [first, tail @ ..] = rest {
                if *first == b'=' {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
                    rest = &tail[2..];
                } else {
                    bytes.push(*first);
                    rest = tail;
                }
            }
            String::from_utf8(bytes).unwrap()
        }
        _ => body.to_owned(),
    };
    Letter { to: header("to"), text }
}
