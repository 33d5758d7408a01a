//! What the server does beside its requests: loops that look for work after each commit, and now and then anyway.

use std::{future::Future, time::Duration};

use actix_web::{rt, web};
use tokio::{sync::watch, task::JoinHandle, time::sleep};

use super::{error::AppError, leases, outbox, web::AppState};

/// How often a loop looks for work that other instances left, and for work whose time has come.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After a commit of our own, so that what is committed together is done together.
const GATHER: Duration = Duration::from_millis(30);
/// After a failure, such as a database that is away.
const RECOVER: Duration = Duration::from_secs(2);

/// The loops of a server.
pub struct Background {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
    state: web::Data<AppState>,
}

impl Background {
    /// Starts them on the present runtime.
    pub fn start(state: &web::Data<AppState>) -> Self {
        let stop = watch::Sender::new(false);
        let mut loops = Vec::new();
        for handler in state.outbox_handlers {
            let work = move |state: web::Data<AppState>| async move {
                outbox::deliver_due(&state, *handler).await.map(|_| ())
            };
            loops.push(rt::spawn(again_and_again(handler.topic(), state.clone(), stop.subscribe(), work)));
        }
        Self { stop, loops, state: state.clone() }
    }

    /// Lets each loop finish what it has in hand, then gives the leases back.
    pub async fn stop(self) {
        self.state.drain();
        self.stop.send_replace(true);
        for task in self.loops {
            if let Err(error) = task.await {
                tracing::warn!(%error, "a background task ended abnormally");
            }
        }
        let (holder, now) = (self.state.instance.clone(), self.state.clock.now());
        if let Err(error) = self.state.db.tend(move |connection| leases::release(connection, &holder, now)).await {
            tracing::warn!(%error, "the leases could not be given back; they end by themselves");
        }
    }
}

/// Work is never cut off in the middle: only the waiting is.
async fn again_and_again<F: Future<Output = Result<(), AppError>>>(
    name: &'static str,
    state: web::Data<AppState>,
    mut stop: watch::Receiver<bool>,
    work: impl Fn(web::Data<AppState>) -> F,
) {
    let mut commits = state.db.commits();
    loop {
        commits.borrow_and_update();
        let wait = match work(state.clone()).await {
            Ok(()) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(task = name, %error, "background work failed, trying again");
                RECOVER
            }
        };
        let failed = wait == RECOVER;
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            _ = commits.changed(), if !failed => sleep(GATHER).await,
            () = sleep(wait) => {}
        }
    }
}
