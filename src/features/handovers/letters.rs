//! Letters about a handover: to the receiver that a pilot is offered to them, to whoever offered it what became of it.

use chrono::Duration;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use futures_util::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use super::{
    rows::{HandoverId, HandoverRow},
    status::{HandoverCommand, HandoverStatus},
    texts::{self, Named},
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection,
        schema::{pilot_handovers, pilots, users},
    },
    error::AppError,
    ids::UserId,
    mail::Letter,
    outbox::{Handler, Message, SendError, enqueue},
    web::{AppState, Tx},
};

/// The topic of the outbox.
const TOPIC: &str = "handover_letters";

/// So many offers to one person within an hour are told by mail; the others wait in their list without a letter, so that
/// nobody's mailbox can be flooded by offering and taking back.
const MOST_AN_HOUR: i64 = 10;

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// To the receiver: a pilot is offered to you.
    Offered,
    /// To whoever offered it: it has a new owner.
    Accepted,
    /// To whoever offered it: the receiver does not want it.
    Declined,
    /// To the receiver: the offer was taken back.
    Withdrawn,
}

impl News {
    /// What a command brings about.
    pub const fn of(command: HandoverCommand) -> Self {
        match command {
            HandoverCommand::Accept => Self::Accepted,
            HandoverCommand::Decline => Self::Declined,
            HandoverCommand::Withdraw => Self::Withdrawn,
        }
    }
}

/// What waits in the outbox. Who they are is looked up when it is sent.
#[derive(Serialize, Deserialize)]
struct Order {
    handover: HandoverId,
    news: News,
}

/// Queues the letter in the transaction of what it tells of. Those of one handover leave in order.
///
/// # Errors
/// Those of the database.
pub fn tell(tx: &mut Tx<'_>, handover: &HandoverRow, news: News) -> Result<(), AppError> {
    let key = format!("handover:{}", handover.id);
    enqueue(tx.conn, tx.now, TOPIC, &key, &Order { handover: handover.id, news })?;
    Ok(())
}

/// Sends the letters.
pub struct HandoverLetters;

impl Handler for HandoverLetters {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn send<'a>(&'a self, state: &'a AppState, message: &'a Message) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let order: Order = message.payload()?;
            let (now, at, id) = (state.clock.now(), message.created_at, message.id.to_string());
            let public_url = state.accounts.public_url();
            let written = state.db.read(move |connection| {
                Ok(write(connection, &order, now, &public_url)?.map(|(to, subject, text)| Letter {
                    id,
                    to,
                    subject,
                    text,
                    at,
                }))
            });
            let Some(letter) = written.await? else { return Ok(()) };
            // What the server said may hold the address; it goes to the log and not into the outbox.
            state.mailer.send(&letter).await.map_err(|error| {
                tracing::warn!(letter = letter.id, %error, "a letter could not be sent");
                SendError::Later("the letter could not be handed over".into())
            })
        }
        .boxed()
    }
}

/// Address, subject and text; `None` when there is nobody to tell, or nothing any more.
fn write(
    connection: &mut DbConnection,
    order: &Order,
    now: Timestamp,
    public_url: &str,
) -> Result<Option<(String, String, String)>, AppError> {
    let found: Option<HandoverRow> =
        pilot_handovers::table.find(order.handover).select(HandoverRow::as_select()).first(connection).optional()?;
    let Some(row) = found else { return Ok(None) };
    let (to, from) = match order.news {
        News::Offered if row.status_at(now) != HandoverStatus::Offered => return Ok(None),
        News::Offered if offers_within_an_hour(connection, &row)? > MOST_AN_HOUR => {
            tracing::info!("no letter written: the receiver got enough offers within this hour");
            return Ok(None);
        }
        News::Offered | News::Withdrawn => (row.to_user_id, row.from_user_id),
        News::Accepted | News::Declined => (row.offered_by, row.to_user_id),
    };
    let (Some((email, reader)), Some((_, other))) = (person(connection, to, true)?, person(connection, from, false)?)
    else {
        return Ok(None);
    };
    let (reference, bn, en): (Option<String>, Option<String>, Option<String>) = pilots::table
        .find(row.pilot_id)
        .select((pilots::reference, pilots::title_bn, pilots::title_en))
        .first(connection)?;
    let pilot = texts::Pilot { reference, title: Named { bn, en } };
    let (subject, text) = texts::letter(order.news, &reader, &other, &pilot, &row, public_url);
    Ok(Some((email, subject, text)))
}

/// The address and the name of someone; of who has no active account, if it has to be one, nothing.
fn person(
    connection: &mut DbConnection,
    id: UserId,
    has_to_be_active: bool,
) -> Result<Option<(String, Named)>, AppError> {
    let found: Option<(String, Option<String>, Option<String>, String)> = users::table
        .find(id)
        .select((users::email, users::name_bn, users::name_en, users::status))
        .first(connection)
        .optional()?;
    Ok(found
        .filter(|(.., status)| !has_to_be_active || status == "active")
        .map(|(email, bn, en, _)| (email, Named { bn, en })))
}

fn offers_within_an_hour(connection: &mut DbConnection, row: &HandoverRow) -> Result<i64, AppError> {
    let since = row.created_at.plus(-Duration::hours(1));
    Ok(pilot_handovers::table
        .filter(pilot_handovers::to_user_id.eq(row.to_user_id))
        .filter(pilot_handovers::created_at.gt(since))
        .filter(pilot_handovers::id.le(row.id))
        .count()
        .get_result(connection)?)
}
