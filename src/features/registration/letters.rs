//! Writing and sending the letters: the background side, where it is looked up who is behind an address.

use chrono::Duration;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, insert_into};
use futures_util::{FutureExt, future::BoxFuture};

use super::{
    notices::{self, Happened},
    store::{self, LIFE, LetterId, LetterRow, Order, Purpose, RegistrationRow},
    texts,
};
use crate::{
    features::identity::{
        find_account, find_by_email,
        rows::{UserRow, UserStatus},
    },
    platform::{
        clock::Timestamp,
        crypto::sha256_hex,
        db::{DbConnection, schema::account_letters},
        error::AppError,
        mail::Letter,
        outbox::{Handler, Message, SendError, enqueue},
        text::Language,
        web::{AppState, Tx},
    },
};

/// The topic of the outbox.
const TOPIC: &str = "account_letters";

/// So many letters go to one address within an hour; what is over is dropped without a word, so that nobody's mailbox
/// can be flooded in our name.
const MOST_AN_HOUR: i64 = 5;

/// The pauses between attempts. Whoever waits for a letter asks again after half a day.
const PAUSES: &[Duration] = &[
    Duration::seconds(5),
    Duration::seconds(30),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
];

/// Sends the letters.
pub struct AccountLetters;

impl Handler for AccountLetters {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn send<'a>(&'a self, state: &'a AppState, message: &'a Message) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let order: Order = match message.payload()? {
                Order::Happened(happened) => return tell(state, happened).await,
                order => order,
            };
            let now = state.clock.now();
            let vault = state.vault.clone();
            let written = state.db.write(move |connection| {
                let token = vault.letter_token(order.letter().as_str())?;
                write(connection, &order, &token, now)
            });
            let Some((letter, language, name)) = written.await? else { return Ok(()) };
            let token = state.vault.letter_token(letter.id.as_str())?;
            hand_over(state, &texts::letter(&letter, language, &name, &token, &state.accounts.public_url())).await
        }
        .boxed()
    }

    fn pauses(&self) -> &'static [Duration] {
        PAUSES
    }
}

/// Sends what tells the holder of an account what was done to it.
async fn tell(state: &AppState, happened: Happened) -> Result<(), SendError> {
    let id = happened.user;
    let user = state.db.read(move |connection| Ok(find_account(connection, id)?.user)).await?;
    hand_over(state, &notices::letter(&happened, &user, &state.accounts.public_url())).await
}

async fn hand_over(state: &AppState, letter: &Letter) -> Result<(), SendError> {
    // What the server said may hold the address; it goes to the log and not into the outbox.
    state.mailer.send(letter).await.map_err(|error| {
        tracing::warn!(letter = letter.id, %error, "a letter could not be sent");
        SendError::Later("the letter could not be handed over".into())
    })
}

impl Order {
    fn letter(&self) -> LetterId {
        match self {
            Self::Registration { letter, .. }
            | Self::Resend { letter, .. }
            | Self::PasswordReset { letter, .. }
            | Self::Happened(Happened { letter, .. }) => *letter,
        }
    }
}

/// Queues a letter in the transaction of what it tells of. Letters to one address leave in order.
///
/// # Errors
/// Those of the database.
pub fn order(tx: &mut Tx<'_>, email: &str, order: &Order) -> Result<(), AppError> {
    enqueue_order(tx.conn, tx.now, email, order)
}

/// The same outside a request.
///
/// # Errors
/// Those of the database.
pub fn enqueue_order(
    connection: &mut DbConnection,
    now: Timestamp,
    email: &str,
    order: &Order,
) -> Result<(), AppError> {
    let key = sha256_hex(email.as_bytes());
    let key = format!("address:{}", key.get(..16).unwrap_or(&key));
    enqueue(connection, now, TOPIC, &key, order)?;
    Ok(())
}

type Written = Option<(LetterRow, Language, String)>;

/// Decides which letter an order becomes, and stores it; for an order that is carried out again, the same letter.
fn write(connection: &mut DbConnection, order: &Order, token: &str, now: Timestamp) -> Result<Written, AppError> {
    let id = order.letter();
    let (email, registration) = match order {
        Order::Registration { registration, .. } => match store::find(connection, *registration)? {
            Some(row) => (row.email.clone(), Some(row)),
            None => return Ok(None),
        },
        Order::Resend { email, .. } => (email.clone(), store::latest(connection, email)?),
        Order::PasswordReset { email, .. } => (email.clone(), None),
        // Has no token, so it is not stored.
        Order::Happened(_) => return Ok(None),
    };
    let user = find_by_email(connection, &email)?;
    let present: Option<LetterRow> =
        account_letters::table.find(id).select(LetterRow::as_select()).first(connection).optional()?;
    let letter = match present {
        // Sent before, and the process died before it could note that.
        Some(letter) => Some(letter),
        None => compose(connection, order, (id, &email, token), registration.as_ref(), user.as_ref(), now)?,
    };
    Ok(letter.map(|letter| {
        let (language, name) = addressee(registration.as_ref(), user.as_ref());
        (letter, language, name)
    }))
}

fn compose(
    connection: &mut DbConnection,
    order: &Order,
    (id, email, token): (LetterId, &str, &str),
    registration: Option<&RegistrationRow>,
    user: Option<&UserRow>,
    now: Timestamp,
) -> Result<Option<LetterRow>, AppError> {
    let recent: i64 = account_letters::table
        .filter(account_letters::email.eq(email))
        .filter(account_letters::created_at.gt(now.plus(-Duration::hours(1))))
        .count()
        .get_result(connection)?;
    if recent >= MOST_AN_HOUR {
        tracing::info!("no letter written: the address got enough of them within this hour");
        return Ok(None);
    }
    let active = user.filter(|user| user.status == UserStatus::Active);
    let purpose = match (order, registration, user) {
        (Order::PasswordReset { .. }, ..) if active.is_some() => Purpose::PasswordReset,
        (Order::PasswordReset { .. }, ..) => return Ok(None),
        (_, Some(_), None) => Purpose::Registration,
        (_, _, Some(_)) if active.is_some() => Purpose::Notice,
        _ => return Ok(None),
    };
    store::void_letters(connection, email, purpose)?;
    if purpose == Purpose::Notice {
        store::forget(connection, email)?;
    }
    let letter = LetterRow {
        id,
        purpose,
        email: email.to_owned(),
        registration_id: registration.filter(|_| purpose == Purpose::Registration).map(|row| row.id),
        user_id: active.map(|user| user.id),
        token_sha256: (purpose != Purpose::Notice).then(|| sha256_hex(token.as_bytes())),
        password_changed_at: active.map(|user| user.password_changed_at),
        created_at: now,
        expires_at: now.plus(LIFE),
        used_at: None,
    };
    insert_into(account_letters::table).values(&letter).execute(connection)?;
    Ok(Some(letter))
}

/// In which language, and by which name, to address whoever it is.
fn addressee(registration: Option<&RegistrationRow>, user: Option<&UserRow>) -> (Language, String) {
    let (language, bn, en) = match (user, registration) {
        (Some(user), _) => (user.language, &user.name_bn, &user.name_en),
        // Whoever registers an address chooses the name, and it need not be theirs: no word of it goes there.
        (None, Some(row)) => return (row.language, String::new()),
        (None, None) => return (Language::Bn, String::new()),
    };
    let name = match language {
        Language::Bn => bn.as_ref().or(en.as_ref()),
        Language::En => en.as_ref().or(bn.as_ref()),
    };
    (language, name.cloned().unwrap_or_default())
}
