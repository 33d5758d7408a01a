//! Random histories: random people give random commands over two funds with three rounds, from the panel to the last
//! accounted taka. A small model, written from the rules and not from the code, says beforehand what has to be refused and
//! what everything stands at afterwards; after each command the ledger holds L1 to L6, its replay agrees, every status and
//! every sum is the model's, and what was refused has changed nothing.

mod acts;
mod books;
mod commands;
mod model;
mod world;

use std::collections::BTreeMap;

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::support::funding_funds::again;
use books::{Books, books};
use commands::Command;
use model::FUND_OF;
use world::{World, poisha, world};

const COMMANDS: usize = 220;

impl World<'_> {
    /// Everything stands at what the model says.
    async fn check(&self, now: &Books, after: &str) {
        let model = &self.model;
        for (request, id) in model.requests.iter().zip(&self.requests) {
            let sums = [("reserve", "unreserve"), ("commit", "decommit"), ("disburse", "refund")];
            let [reserved, committed, paid] = sums.map(|(plus, minus)| now.sum(id, plus, minus));
            assert_eq!(
                (now.status(id), now.awarded[id], reserved, committed, paid),
                (request.status, request.awarded, request.reserved, request.committed, request.net_paid()),
                "{after}: {request:#?}"
            );
            let number = now.tranches.values().filter(|tranche| tranche.0 == *id).count();
            assert_eq!(number, request.tranches.len(), "{after}: {request:#?}");
            for (place, tranche) in request.tranches.iter().enumerate() {
                let id = now.tranche(id, place).unwrap();
                let (paid, refunded) = (now.sum(id, "disburse", ""), now.sum(id, "refund", ""));
                let shown = (now.status(id), now.tranches[id].2, paid, refunded);
                assert_eq!(shown, (tranche.status, tranche.amount, tranche.paid, tranche.refunded), "{after}");
                let report = now.reports.get(id).map(|(report, accepted)| (now.status(report), accepted.unwrap_or(0)));
                let report = report.filter(|(status, _)| *status != "draft").unwrap_or_default();
                assert_eq!(report, (tranche.report, tranche.accepted), "{after}: {tranche:#?}");
            }
        }
        for (status, id) in model.pilots.iter().zip(&self.pilots) {
            assert_eq!(now.status(id), *status, "{after}");
        }
        for (capital, id) in model.capital.iter().zip(&self.funds) {
            assert_eq!(now.sum(id, "capital_in", ""), *capital, "{after}");
            let replay = again(&self.fund_officer, &format!("/v1/funds/{id}/reconciliation")).await;
            assert_eq!(replay["agrees"], true, "{after}: {replay}");
        }
        for (round, id) in self.rounds.iter().enumerate() {
            let position = again(&self.fund_officer, &format!("/v1/funding-rounds/{id}/position")).await;
            let held = |of: fn(&model::Request) -> i64| -> i64 { model.of_round(round).iter().map(of).sum() };
            let expected = [
                ("allocated", model.allocated[round]),
                ("reserved", held(|it| it.reserved)),
                ("committed", held(|it| it.committed)),
                ("available", model.available(round)),
            ];
            for (name, amount) in expected {
                assert_eq!(position[name], poisha(amount), "{after}: {name} of round {round}");
            }
        }
    }
}

/// What is done most often at first, so that there is something to give.
fn beginning() -> Vec<Command> {
    let allocate = |round| Command::Allocate { round, amount: [16_000_000, 11_000_000, 19_000_000][round] };
    let capital = [Command::Capital { fund: 0, amount: 40_000_000 }, Command::Capital { fund: 1, amount: 20_000_000 }];
    capital.into_iter().chain((0..FUND_OF.len()).map(allocate)).collect()
}

/// One history; the seed is fixed, so that a failure comes again.
async fn play(app: &crate::support::App, seed: u8) {
    let mut world = world(app).await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let drawn = proptest::collection::vec(commands::command(), COMMANDS).new_tree(&mut runner).unwrap().current();
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for (count, command) in beginning().into_iter().chain(drawn).enumerate() {
        // Who waits longest is told by the clock.
        app.advance(chrono::Duration::milliseconds(10));
        let command = world.model.resolve(command);
        let what = format!("seed {seed}, command {count}: {command:?}");
        world.prepare(&command, &books(app).await).await;
        let before = books(app).await;
        let mut next = world.model.clone();
        let may = next.apply(&command).is_some();
        let answer = world.give(&command, &before).await;
        let after = books(app).await;
        if let Some(answer) = answer {
            let (status, body) = (answer.status.as_u16(), String::from_utf8_lossy(&answer.body).into_owned());
            assert_eq!(answer.status.is_success(), may, "{what}: {status} {body} {:#?}", world.model);
            assert!(may || [403, 404, 409, 422].contains(&status), "{what}: {status} {body}");
        }
        if may {
            world.model = next;
            assert!(after.goes_on_from(&before), "{what} changed a line of the ledger");
        } else {
            assert_eq!(after, before, "{what} was refused, or came again, and changed something");
        }
        after.check(&what);
        world.check(&after, &what).await;
        *met.entry(if may { "done" } else { "refused" }.to_owned()).or_default() += 1;
        for status in after.records.values().map(|(status, _)| status) {
            met.entry(status.clone()).or_insert(1);
        }
    }
    let went_far = ["active", "reported", "settled", "closed"].iter().all(|status| met.contains_key(*status));
    assert!(went_far && met["done"] > COMMANDS / 3, "a history in which little happens: {met:?}");
    assert!(met["refused"] > COMMANDS / 6, "a history in which little is refused: {met:?}");
}

on_both_engines! {
    async fn a_history_is_what_the_model_says(app: App) {
        play(&app, 7).await;
    }

    async fn another_one(app: App) {
        play(&app, 42).await;
    }

    async fn and_a_third(app: App) {
        play(&app, 99).await;
    }
}
