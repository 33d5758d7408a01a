//! Writes that meet: each keeps its own fate, whatever becomes of those it is committed with.

use std::time::Duration;

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_types::BigInt};
use futures_util::future::join_all;
use innovation_pilots::platform::{
    db::DbConnection,
    error::{AppError, ErrorCode},
};

use crate::support::{App, Engine};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn insert(connection: &mut DbConnection, number: u64) -> Result<(), AppError> {
    Ok(connection.batch_execute(&format!("INSERT INTO scratch (number) VALUES ({number})"))?)
}

async fn kept(app: &App) -> Vec<i64> {
    let rows: Vec<Number> = app
        .state
        .db
        .read(|connection| Ok(diesel::sql_query("SELECT number FROM scratch ORDER BY number").load(connection)?))
        .await
        .unwrap();
    rows.into_iter().map(|row| row.number).collect()
}

async fn make_scratch(app: &App) {
    let made = |connection: &mut DbConnection| {
        Ok(connection.batch_execute("CREATE TABLE scratch (number BIGINT PRIMARY KEY)")?)
    };
    app.state.db.write(made).await.unwrap();
}

/// One holds the connection, so that those that come meanwhile are taken together.
async fn while_busy(app: &App) -> impl Future<Output = ()> + use<> {
    let db = app.state.db.clone();
    let holder = actix_web::rt::spawn(async move {
        db.write(|_| {
            std::thread::sleep(Duration::from_millis(200));
            Ok(())
        })
        .await
        .unwrap();
    });
    actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    async move { holder.await.unwrap() }
}

on_both_engines! {
    async fn a_refusal_or_a_panic_undoes_its_own_write_only(app: App) {
        make_scratch(&app).await;
        let busy = while_busy(&app).await;
        let outcomes = join_all((0..40_u64).map(|number| {
            app.state.db.write(move |connection| {
                insert(connection, number)?;
                match number % 10 {
                    3 => Err(AppError::new(ErrorCode::Conflict)),
                    // A row that is there already.
                    5 => insert(connection, number),
                    7 => panic!("as a fault of ours would"),
                    _ => Ok(()),
                }
            })
        }))
        .await;
        busy.await;
        let mut expected = Vec::new();
        for (number, outcome) in (0..40_i64).zip(outcomes) {
            match number % 10 {
                3 => assert_eq!(outcome.unwrap_err().code, ErrorCode::Conflict),
                5 | 7 => assert_eq!(outcome.unwrap_err().code, ErrorCode::InternalError),
                _ => {
                    outcome.unwrap();
                    expected.push(number);
                }
            }
        }
        assert_eq!(kept(&app).await, expected);
    }

    async fn one_that_ends_the_transaction_takes_nobody_with_it(app: App) {
        make_scratch(&app).await;
        let busy = while_busy(&app).await;
        let outcomes = join_all((0..20_u64).map(|number| {
            app.state.db.write(move |connection| {
                insert(connection, number)?;
                if number == 11 {
                    // What an engine does by itself when the disk is full.
                    connection.batch_execute("ROLLBACK")?;
                }
                Ok(())
            })
        }))
        .await;
        busy.await;
        let acknowledged: Vec<i64> =
            (0..20).zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(number, _)| number).collect();
        let kept = kept(&app).await;
        assert!(kept.iter().all(|number| *number != 11));
        let others: Vec<i64> = acknowledged.into_iter().filter(|number| *number != 11).collect();
        assert_eq!(others.len(), 19);
        assert_eq!(kept, others);
    }

    async fn what_nobody_waits_for_any_more_is_not_begun(app: App) {
        make_scratch(&app).await;
        let busy = while_busy(&app).await;
        let db = app.state.db.clone();
        let given_up = actix_web::rt::time::timeout(
            Duration::from_millis(20),
            db.write(|connection| insert(connection, 1)),
        );
        let others = join_all((2..5).map(|number| app.state.db.write(move |connection| insert(connection, number))));
        let (given_up, others) = futures_util::future::join(given_up, others).await;
        busy.await;
        others.into_iter().for_each(|outcome| outcome.unwrap());
        let kept = kept(&app).await;
        match app.engine {
            Engine::Sqlite => assert!(given_up.is_err() && !kept.contains(&1), "{kept:?}"),
            // There is room for it beside the holder. Once begun it is done, now or later, whether or not one waits for it.
            Engine::Postgres => assert!(given_up.is_err() || kept.contains(&1), "{kept:?}"),
        }
        assert!(kept.ends_with(&[2, 3, 4]));
    }
}
