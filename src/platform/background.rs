//! What the server does beside its requests: loops that look for work after each commit, and now and then anyway.

use std::time::Duration;

use actix_web::{rt, web};
use futures_util::future::BoxFuture;
use tokio::{sync::watch, task::JoinHandle, time::sleep};

use super::{audit, error::AppError, leases, outbox, web::AppState};

/// How often a loop looks for work that other instances left, and for work whose time has come.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After a commit of our own, so that what is committed together is done together.
const GATHER: Duration = Duration::from_millis(100);
/// Each loop looks so much later than the one before it: all at once they would need a connection each.
const APART: Duration = Duration::from_millis(5);
/// After a failure, such as a database that is away.
const RECOVER: Duration = Duration::from_secs(2);

/// Work that a slice does in the background.
#[derive(Clone, Copy)]
pub struct Chore {
    /// For the log.
    pub name: &'static str,
    /// Does what there is to do; gives how much that was. Called after each commit and now and then, so it has to find out
    /// cheaply that there is nothing, and it takes a lease for what one instance does at a time.
    pub run: fn(&AppState) -> BoxFuture<'_, Result<usize, AppError>>,
}

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
        let mut after = Duration::ZERO;
        let mut begin = |name, work: Work| {
            loops.push(rt::spawn(again_and_again(name, after, state.clone(), stop.subscribe(), work)));
            after += APART;
        };
        begin("seal", Box::new(|state| Box::pin(async move { audit::seal_due(state).await.map(drop) })));
        for handler in state.outbox_handlers.iter().copied() {
            let work: Work =
                Box::new(move |state| Box::pin(async move { outbox::deliver_due(state, handler).await.map(drop) }));
            begin(handler.topic(), work);
        }
        for Chore { name, run } in state.chores.iter().copied() {
            begin(name, Box::new(move |state| Box::pin(async move { run(state).await.map(drop) })));
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

type Doing<'a> = BoxFuture<'a, Result<(), AppError>>;
type Work = Box<dyn for<'a> Fn(&'a AppState) -> Doing<'a>>;

/// Work is never cut off in the middle: only the waiting is.
async fn again_and_again(
    name: &'static str,
    after: Duration,
    state: web::Data<AppState>,
    mut stop: watch::Receiver<bool>,
    work: Work,
) {
    let mut commits = state.db.commits();
    sleep(after).await;
    loop {
        commits.borrow_and_update();
        let wait = match work(&state).await {
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
            _ = commits.changed(), if !failed => sleep(GATHER + after).await,
            () = sleep(wait) => {}
        }
    }
}
