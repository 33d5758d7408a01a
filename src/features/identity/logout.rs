//! The end of a session, by the person's own wish: this one, or all of them.

use super::{
    rows::UserRow,
    session_store::{self, Changed},
};
use crate::platform::web::{Answer, Body, Call, Reply};

/// Log out.
///
/// Ends this session: its tokens are refused from now on.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "Identity",
    responses((status = 204, description = "Logged out.")))]
pub async fn logout(call: Call, body: Body) -> Answer {
    body.expect_nothing(&call).await?;
    let session = call.user()?.session_id()?;
    let reply = call
        .write_reply(move |tx| {
            session_store::revoke(tx.conn, session, tx.now)?;
            tx.audit::<UserRow>("session", session.as_str(), None, None)?;
            Ok(Reply::no_content())
        })
        .await?;
    call.state.sessions.forget(&[session]);
    Ok(reply.into_response(None))
}

/// Log out everywhere.
///
/// Ends all sessions of the caller, this one too.
#[utoipa::path(post, path = "/v1/auth/logout-everywhere", tag = "Identity",
    responses((status = 204, description = "Logged out.")))]
pub async fn logout_everywhere(call: Call, body: Body) -> Answer {
    body.expect_nothing(&call).await?;
    let user = call.user()?.user_id;
    let changed = Changed::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let ended = session_store::revoke_all(tx.conn, user, None, tx.now)?;
            for session in &ended {
                tx.audit::<UserRow>("session", session.as_str(), None, None)?;
            }
            noted.note(ended);
            Ok(Reply::no_content())
        })
        .await?;
    changed.forget(&call.state.sessions);
    Ok(reply.into_response(None))
}
