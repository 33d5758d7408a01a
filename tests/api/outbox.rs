//! The outbox: after the commit, in order, at least once, by one instance at a time, and wiped afterwards.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::web;
use diesel::{
    Connection, QueryDsl, RunQueryDsl,
    connection::{InstrumentationEvent, SimpleConnection},
};
use futures_util::{FutureExt, future::BoxFuture};
use innovation_pilots::platform::{
    background::Background,
    db::schema::outbox_messages,
    error::AppError,
    ids::OutboxMessageId,
    outbox::{self, Handler, Message, SendError, deliver_due},
    web::AppState,
};
use serde_json::json;

use crate::{
    pilots::query_plans::{PREFER_INDEXES, plan},
    support::{App, Engine},
};

/// A receiver that keeps what it gets, and refuses what it is told to refuse.
#[derive(Default)]
struct Receiver {
    got: Mutex<Vec<String>>,
    refuse: Mutex<Vec<&'static str>>,
    never: bool,
    takes: Duration,
}

impl Receiver {
    fn refusing(text: &'static str) -> Self {
        Self { refuse: Mutex::new(vec![text]), ..Self::default() }
    }

    fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
}

impl Handler for Receiver {
    fn topic(&self) -> &'static str {
        "note"
    }

    fn send<'a>(&'a self, _: &'a AppState, message: &'a Message) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let text: String = message.payload()?;
            tokio::time::sleep(self.takes).await;
            self.got.lock().unwrap().push(text.clone());
            match self.refuse.lock().unwrap().contains(&text.as_str()) {
                true if self.never => Err(SendError::Never("no such address".into())),
                true => Err(SendError::Later("not now".into())),
                false => Ok(()),
            }
        }
        .boxed()
    }
}

pub async fn queue(app: &App, topic: &'static str, key: &'static str, text: &'static str) -> OutboxMessageId {
    let now = app.state.clock.now();
    app.state.db.write(move |connection| outbox::enqueue(connection, now, topic, key, &text)).await.unwrap()
}

async fn payloads(state: &AppState) -> Vec<Option<String>> {
    state
        .db
        .read(|connection| {
            let all = outbox_messages::table.order(outbox_messages::position).select(outbox_messages::payload);
            Ok(all.load(connection)?)
        })
        .await
        .unwrap()
}

async fn attempts(state: &AppState) -> i32 {
    state
        .db
        .read(|connection| Ok(outbox_messages::table.select(outbox_messages::attempts).first(connection)?))
        .await
        .unwrap()
}

on_both_engines! {
    async fn a_message_leaves_after_the_commit_and_only_then(app: App) {
        let receiver = Receiver::default();
        let now = app.state.clock.now();
        let undone: Result<(), AppError> = app
            .state
            .db
            .write(move |connection| {
                outbox::enqueue(connection, now, "note", "a", &"never said")?;
                Err(AppError::not_found())
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 0);
        let id = queue(&app, "note", "a", "a secret").await;
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 1);
        assert_eq!(receiver.got(), ["a secret"]);
        assert_eq!(payloads(&app.state).await, [None], "what was sent is wiped");
        let admin = app.admin().await;
        let shown = admin.get(format!("/v1/outbox-messages/{id}")).send().await.expect(200);
        assert_eq!((&shown["status"], &shown["attempts"], &shown["due_at"]), (&json!("sent"), &json!(1), &json!(null)));
        assert!(!shown.to_string().contains("secret"));
        // Another topic's messages are not its business.
        queue(&app, "other", "a", "b").await;
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 0);
    }

    async fn messages_of_one_record_keep_their_order_and_others_do_not_wait(app: App) {
        let receiver = Receiver::refusing("one");
        for (key, text) in [("x", "one"), ("x", "two"), ("y", "other"), ("x", "three")] {
            queue(&app, "note", key, text).await;
        }
        deliver_due(&app.state, &receiver).await.unwrap();
        let mut got = receiver.got();
        got.sort();
        assert_eq!(got, ["one", "other"]);
        // Before its pause is over nothing of that record is tried.
        app.advance(chrono::Duration::seconds(4));
        queue(&app, "note", "x", "four").await;
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 0);
        let now = app.state.clock.now();
        let is_due = app.state.db.read(move |connection| outbox::is_due(connection, "note", now)).await.unwrap();
        assert!(!is_due, "what is queued behind waits as long, and nobody looks in vain");
        receiver.refuse.lock().unwrap().clear();
        receiver.got.lock().unwrap().clear();
        app.advance(chrono::Duration::seconds(3));
        deliver_due(&app.state, &receiver).await.unwrap();
        assert_eq!(receiver.got(), ["one", "two", "three", "four"]);
    }

    async fn a_long_line_keeps_its_order_and_holds_up_nobody(app: App) {
        let receiver = Receiver::refusing("0");
        queue(&app, "note", "x", "0").await;
        deliver_due(&app.state, &receiver).await.unwrap();
        // More than are looked at together, all with an earlier time than the one they wait for.
        let behind = |app: &App, texts: std::ops::Range<usize>| {
            let (db, now) = (app.state.db.clone(), app.state.clock.now());
            async move {
                db.write(move |connection| {
                    texts.clone().try_for_each(|text| outbox::enqueue(connection, now, "note", "x", &text.to_string()).map(drop))
                })
                .await
                .unwrap();
            }
        };
        behind(&app, 1..300).await;
        queue(&app, "note", "y", "other").await;
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 1);
        assert_eq!(receiver.got(), ["0", "other"], "who is behind 300 that have to wait is found");
        behind(&app, 300..600).await;
        receiver.refuse.lock().unwrap().clear();
        receiver.got.lock().unwrap().clear();
        app.advance(chrono::Duration::seconds(7));
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 600);
        assert_eq!(receiver.got(), (0..600).map(|text| text.to_string()).collect::<Vec<_>>());
    }

    async fn whose_turn_it_is_is_asked_of_the_line_and_not_of_all_that_waits(app: App) {
        let mut connection = app.database.connect();
        if app.engine == Engine::Postgres {
            connection.batch_execute(PREFER_INDEXES).unwrap();
        }
        let now = app.state.clock.now();
        for text in ["first", "second"] {
            outbox::enqueue(&mut connection, now, "note", "x", &text).unwrap();
        }
        diesel::sql_query("UPDATE outbox_messages SET due_at = '2031-01-01 00:00:00' WHERE position = 1").execute(&mut connection).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                record.lock().unwrap().push(query.to_string().split(" -- binds:").next().unwrap().to_owned());
            }
        });
        assert!(outbox::claim(&mut connection, "note", "tests", now).unwrap().is_empty());
        connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
        let lines = seen.lock().unwrap().iter().filter(|text| text.contains(" AS line")).cloned().collect::<Vec<_>>();
        assert_eq!(lines.len(), 3, "who is first, putting off what is behind, who is first now");
        for statement in lines {
            let plan = plan(&mut connection, &statement);
            assert!(plan.contains("outbox_messages_in_line"), "{statement}\n{plan}");
            assert!(!plan.contains("outbox_messages_by_") && !plan.contains("Seq Scan"), "{statement}\n{plan}");
        }
    }

    async fn what_cannot_be_sent_is_given_up_after_three_days_and_seen(app: App) {
        let receiver = Receiver::refusing("lost");
        queue(&app, "note", "x", "lost").await;
        let start = app.state.clock.now();
        let admin = app.admin().await;
        while payloads(&app.state).await != [None] {
            app.advance(chrono::Duration::hours(1));
            deliver_due(&app.state, &receiver).await.unwrap();
        }
        let hours = (app.state.clock.now().millis() - start.millis()) / 3_600_000;
        // A pause is up to a fifth longer, and each attempt comes with the next full hour.
        let pauses = outbox::PAUSES.iter().sum::<chrono::Duration>();
        let longest = pauses.num_minutes() * 6 / 5 / 60 + i64::try_from(outbox::PAUSES.len()).unwrap();
        assert!((pauses.num_hours()..=longest).contains(&hours), "given up after {hours} hours");
        assert_eq!(receiver.got().len(), outbox::PAUSES.len() + 1);
        let admin = app.renewed(&admin).await;
        let dead = admin.get("/v1/outbox-messages?status=dead&topic=note").send().await.expect(200);
        assert_eq!(dead["items"][0]["last_error"], "not now");
        admin.get("/v1/outbox-messages?topic=note").send().await.refused(400, "invalid_parameters");
        let never = Receiver { never: true, ..Receiver::refusing("hopeless") };
        queue(&app, "note", "x", "hopeless").await;
        assert_eq!(deliver_due(&app.state, &never).await.unwrap(), 1);
        assert_eq!(payloads(&app.state).await, [None, None], "given up at once");
    }

    async fn two_instances_send_each_message_once(app: App) {
        let other = app.another_instance();
        let receiver = Arc::new(Receiver { takes: Duration::from_millis(30), ..Receiver::default() });
        let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
        for key in keys {
            queue(&app, "note", key, key).await;
        }
        let (left, right) = tokio::join!(deliver_due(&app.state, &*receiver), deliver_due(&other, &*receiver));
        assert_eq!(left.unwrap() + right.unwrap(), keys.len());
        let mut got = receiver.got();
        got.sort();
        assert_eq!(got, keys);
        // Who has the lease keeps it while it lives; when it is silent, the other goes on.
        queue(&app, "note", "z", "z").await;
        let (left, right) = (deliver_due(&other, &*receiver).await.unwrap(), deliver_due(&app.state, &*receiver).await.unwrap());
        assert_eq!(left + right, 1);
        queue(&app, "note", "z", "zz").await;
        app.advance(chrono::Duration::seconds(16));
        assert_eq!(deliver_due(&other, &*receiver).await.unwrap(), 1);
        assert_eq!(deliver_due(&app.state, &*receiver).await.unwrap(), 0);
        queue(&app, "note", "z", "zzz").await;
        assert_eq!(deliver_due(&app.state, &*receiver).await.unwrap(), 0, "the other instance has the lease");
        app.advance(chrono::Duration::seconds(16));
        assert_eq!(deliver_due(&app.state, &*receiver).await.unwrap(), 1);
    }

    async fn the_server_sends_soon_after_the_commit_and_finishes_before_it_stops(app: App) {
        let slow: &'static Receiver = Box::leak(Box::new(Receiver { takes: Duration::from_millis(300), ..Receiver::default() }));
        let mut state = Arc::into_inner(app.another_instance().into_inner()).unwrap();
        let handler: &'static dyn Handler = slow;
        state.outbox_handlers = Box::leak(Box::new([handler]));
        let state = web::Data::new(state);
        let background = Background::start(&state);
        let (now, clone) = (state.clock.now(), state.clone());
        clone.db.write(move |connection| outbox::enqueue(connection, now, "note", "x", &"soon")).await.unwrap();
        let mut waited = 0;
        while attempts(&app.state).await == 0 {
            waited += 1;
            assert!(waited < 100, "not soon");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(slow.got().is_empty(), "it is in flight");
        background.stop().await;
        assert_eq!(slow.got(), ["soon"], "it was finished");
        assert_eq!(payloads(&app.state).await, [None]);
        // The lease was given back: another instance need not wait.
        let receiver = Receiver::default();
        queue(&app, "note", "x", "next").await;
        assert_eq!(deliver_due(&app.state, &receiver).await.unwrap(), 1);
    }
}
