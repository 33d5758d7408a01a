//! The second wall: whoever writes to the database directly can break neither L1 to L4 nor a line that stands.

use crate::support::{App, Engine, people::Person};

const AT: &str = "'2026-07-01 00:00:00'";

/// Totals after a line, in the order of the columns.
type After = [i64; 10];

/// A line: its number, kind, amount, what it is about (`f`und, `r`ound, re`q`uest, `t`ranche), and what there is after it.
fn line(seq: i64, kind: &str, amount: i64, about: char, after: After) -> String {
    line_of("F", seq, (kind, kind), amount, about, "NULL", after)
}

fn line_of(
    fund: &str,
    seq: i64,
    (kind, effect): (&str, &str),
    amount: i64,
    about: char,
    reverses: &str,
    after: After,
) -> String {
    let (round, request, tranche) = match about {
        'f' => ("NULL", "NULL", "NULL"),
        'r' => ("'R'", "NULL", "NULL"),
        'q' => ("'R'", "'Q'", "NULL"),
        _ => ("'R'", "'Q'", "'T'"),
    };
    let after: Vec<String> = after.iter().map(i64::to_string).collect();
    format!(
        "INSERT INTO ledger_entries (fund_id, seq, id, kind, effect, amount, round_id, request_id, tranche_id, reverses_id, \
         step_key, step_part, payment_reference, at, fund_capital, fund_allocated, round_allocated, round_reserved, \
         round_committed, round_disbursed, request_reserved, request_committed, request_disbursed, tranche_disbursed) \
         VALUES ('{fund}', {seq}, '{fund}{seq}', '{kind}', '{effect}', {amount}, {round}, {request}, {tranche}, {reverses}, \
         '{fund}{seq}', 1, 'cheque', {AT}, {});",
        after.join(", ")
    )
}

/// A fund of 1,000 poisha, a round with 600 of them, a request that was awarded 500 in two tranches, 200 of them paid, 150
/// accepted as spent. A second fund with a round of its own.
async fn stage(app: &App) -> (Person, String) {
    let (owner, officer) = (app.owner().await, app.officer().await);
    let pilot = app.design(&owner, &officer).await["id"].as_str().unwrap().to_owned();
    let (me, you) = (owner.id, officer.id);
    let round = |id: &str, fund: &str| {
        format!(
            "INSERT INTO funding_rounds (id, fund_id, number, theme_en, status, opens_at, closes_at, is_sealed, smallest_award, \
             largest_award, two_approvers_above, minimum_reviewers, panel_quorum, spread_threshold, rubric, eligibility_rules, \
             minimum_utilisation, most_tranches, agreement_within_days, release_on, created_by, version, created_at, updated_at) \
             VALUES ('{id}', '{fund}', 1, 'x', 'deciding', {AT}, '2026-08-01 00:00:00', FALSE, 1, 1000, 1000, 1, 1, 0, '[]', '[]', \
             75, 4, 30, '2026-09-01', '{me}', 1, {AT}, {AT});"
        )
    };
    let fund = |id: &str| {
        format!(
            "INSERT INTO funds (id, name_en, status, created_by, version, created_at, updated_at) \
             VALUES ('{id}', 'x', 'active', '{me}', 1, {AT}, {AT});"
        )
    };
    let tranche = |id: &str, number: i32, amount: i64| {
        format!(
            "INSERT INTO tranches (id, request_id, pilot_id, number, amount, planned_on, milestones, is_post_completion, status, \
             version, created_at, updated_at) VALUES ('{id}', 'Q', '{pilot}', {number}, {amount}, '2026-10-01', '[]', FALSE, \
             'planned', 1, {AT}, {AT});"
        )
    };
    let request = format!(
        "INSERT INTO funding_requests (id, fund_id, round_id, pilot_id, status, requested, budget_lines, co_funding, created_by, \
         change_parts, eligibility_check, recommended, awarded, version, created_at, updated_at) VALUES ('Q', 'F', 'R', '{pilot}', \
         'awarded', 500, '[]', '[]', '{me}', '[]', 0, 500, 500, 1, {AT}, {AT});"
    );
    let report = format!(
        "INSERT INTO expenditure_reports (id, tranche_id, request_id, pilot_id, status, lines, total, created_by, version, \
         created_at, updated_at) VALUES ('E', 'T', 'Q', '{pilot}', 'checked', '[]', 150, '{me}', 1, {AT}, {AT});"
    );
    let built = [
        fund("F"),
        fund("G"),
        round("R", "F"),
        round("S", "G"),
        request,
        tranche("T", 1, 300),
        tranche("U", 2, 200),
        line(1, "capital_in", 1000, 'f', [1000, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        line(2, "allocate", 600, 'r', [1000, 600, 600, 0, 0, 0, 0, 0, 0, 0]),
        line(3, "reserve", 500, 'q', [1000, 600, 600, 500, 0, 0, 500, 0, 0, 0]),
        line(4, "unreserve", 500, 'q', [1000, 600, 600, 0, 0, 0, 0, 0, 0, 0]),
        line(5, "commit", 500, 'q', [1000, 600, 600, 0, 500, 0, 0, 500, 0, 0]),
        "UPDATE funding_requests SET status = 'agreement_signed' WHERE id = 'Q';".to_owned(),
        line(6, "disburse", 200, 't', [1000, 600, 600, 0, 500, 200, 0, 500, 200, 200]),
        report,
        format!(
            "UPDATE expenditure_reports SET status = 'accepted', accepted = 150, accepted_by = '{you}' WHERE id = 'E';"
        ),
    ];
    for statement in built {
        app.try_sql(statement.clone()).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    (owner, pilot)
}

on_both_engines! {
    async fn direct_sql_breaks_no_invariant(app: App) {
        let (_, pilot) = stage(&app).await;
        let now = [1000, 600, 600, 0, 500, 200, 0, 500, 200, 200];
        let with = |changes: &[(usize, i64)]| {
            let mut after = now;
            for (column, value) in changes {
                after[*column] = *value;
            }
            after
        };
        let of_round = |mut after: After| { after[6..].fill(0); after };
        let attacks: Vec<(&str, String)> = vec![
            ("L1: more allocated than there is capital", line(7, "allocate", 500, 'r', of_round(with(&[(1, 1100), (2, 1100)])))),
            ("L1: capital taken out under the rounds", line_of("F", 7, ("reverse", "capital_in"), -1000, 'f', "'F1'", [0, 600, 0, 0, 0, 0, 0, 0, 0, 0])),
            ("L2: more reserved than is available", line(7, "reserve", 101, 'q', { let mut it = with(&[(3, 101), (6, 101)]); it[9] = 0; it })),
            ("L2: the round emptied under its promises", line(7, "deallocate", 101, 'r', of_round(with(&[(1, 499), (2, 499)])))),
            ("L3: more committed than awarded", line(7, "commit", 1, 'q', { let mut it = with(&[(4, 501), (7, 501)]); it[9] = 0; it })),
            ("L3: more paid than committed", line(7, "disburse", 301, 't', with(&[(5, 501), (8, 501), (9, 501)]))),
            ("L3: more paid than the tranche", line(7, "disburse", 101, 't', with(&[(5, 301), (8, 301), (9, 301)]))),
            ("L3: the promise ended for what is paid", line(7, "decommit", 301, 'q', { let mut it = with(&[(4, 199), (7, 199)]); it[9] = 0; it })),
            ("L4: refunded what was accepted as spent", line(7, "refund", 51, 't', with(&[(5, 149), (8, 149), (9, 149)]))),
            ("L4: more accepted than was paid", "UPDATE expenditure_reports SET accepted = 201, total = 300 WHERE id = 'E'".into()),
            ("an accepted report is sent back", "UPDATE expenditure_reports SET status = 'returned', accepted = NULL WHERE id = 'E'".into()),
            ("L5: totals that do not follow", line(7, "refund", 10, 't', with(&[(5, 190), (8, 190), (9, 191)]))),
            ("L5: a line that changes what it is not about", line(7, "refund", 10, 't', with(&[(0, 2000), (5, 190), (8, 190), (9, 190)]))),
            ("a gap", line(8, "refund", 10, 't', with(&[(5, 190), (8, 190), (9, 190)]))),
            ("a number twice", line(6, "refund", 10, 't', with(&[(5, 190), (8, 190), (9, 190)]))),
            ("a negative amount", line(7, "refund", -10, 't', with(&[(5, 210), (8, 210), (9, 210)]))),
            ("nothing", line(7, "refund", 0, 't', now)),
            ("a reversal of nothing", line_of("F", 7, ("reverse", "disburse"), -200, 't', "'none'", with(&[(5, 0), (8, 0), (9, 0)]))),
            ("a reversal of half a line", line_of("F", 7, ("reverse", "disburse"), -10, 't', "'F6'", with(&[(5, 190), (8, 190), (9, 190)]))),
            ("another fund's round", line_of("G", 1, ("reserve", "reserve"), 1, 'q', "NULL", [0, 0, 0, 1, 0, 0, 1, 0, 0, 0])),
            ("L6: one step twice", line(7, "refund", 10, 't', with(&[(5, 190), (8, 190), (9, 190)])).replace("'F7', 1", "'F6', 1")),
            ("a line changed", "UPDATE ledger_entries SET amount = 1 WHERE seq = 6".into()),
            ("a line's reason changed", "UPDATE ledger_entries SET reason = 'x' WHERE seq = 6".into()),
            ("a line removed", "DELETE FROM ledger_entries WHERE seq = 6".into()),
            ("an award raised", "UPDATE funding_requests SET awarded = 501, recommended = 501, requested = 501 WHERE id = 'Q'".into()),
            ("an award taken away", "UPDATE funding_requests SET awarded = NULL, status = 'panel' WHERE id = 'Q'".into()),
            ("a request moved to another round", "UPDATE funding_requests SET round_id = 'S', fund_id = 'G' WHERE id = 'Q'".into()),
            ("a round moved to another fund", "UPDATE funding_rounds SET fund_id = 'G', number = 2 WHERE id = 'R'".into()),
            ("a tranche raised", "UPDATE tranches SET amount = 301 WHERE id = 'T'".into()),
            ("a tranche added", format!("INSERT INTO tranches (id, request_id, pilot_id, number, amount, planned_on, milestones, \
                is_post_completion, status, version, created_at, updated_at) VALUES ('V', 'Q', '{pilot}', 3, 1, '2026-10-01', '[]', \
                FALSE, 'planned', 1, {AT}, {AT})")),
            ("a tranche removed", "DELETE FROM tranches WHERE id = 'U'".into()),
        ];
        for (what, attack) in attacks {
            let refused = app.try_sql(attack).await;
            assert!(refused.is_err(), "{what} was let through");
        }
        if app.engine == Engine::Sqlite {
            for attack in [
                line(7, "refund", 10, 't', with(&[(5, 190), (8, 190), (9, 190)])).replace("INSERT", "INSERT OR REPLACE").replace("'F7',", "'F6',"),
                line(6, "refund", 10, 't', now).replace("INSERT", "INSERT OR REPLACE"),
                format!("INSERT OR REPLACE INTO funding_requests (id, fund_id, round_id, pilot_id, status, requested, budget_lines, co_funding, \
                    created_by, change_parts, eligibility_check, recommended, awarded, version, created_at, updated_at) SELECT id, fund_id, \
                    round_id, '{pilot}', status, 900, budget_lines, co_funding, created_by, change_parts, eligibility_check, 900, 900, version, \
                    created_at, updated_at FROM funding_requests"),
            ] {
                assert!(app.try_sql(attack.clone()).await.is_err(), "{attack}");
            }
        } else {
            assert!(app.try_sql("TRUNCATE ledger_entries").await.is_err());
        }
        // What is right goes through: a refund, and the payment taken back once.
        app.sql(line(7, "refund", 50, 't', with(&[(5, 150), (8, 150), (9, 150)]))).await;
    }

    async fn an_agreement_is_signed_on_a_plan_that_adds_up(app: App) {
        let (_, pilot) = stage(&app).await;
        app.try_sql(format!("INSERT INTO funding_requests (id, fund_id, round_id, pilot_id, status, requested, budget_lines, co_funding, \
            created_by, change_parts, eligibility_check, recommended, awarded, version, created_at, updated_at) SELECT 'P', fund_id, round_id, \
            '{pilot}', 'awarded', 90, '[]', '[]', created_by, '[]', 0, 90, 90, 1, {AT}, {AT} FROM funding_requests WHERE id = 'Q' \
            AND NOT EXISTS (SELECT 1 FROM funding_requests WHERE id = 'P')")).await.unwrap_err();
        // One live request a pilot and round; so the first one ends.
        app.sql("UPDATE funding_requests SET status = 'terminated' WHERE id = 'Q'").await;
        app.try_sql(format!("INSERT INTO funding_requests (id, fund_id, round_id, pilot_id, status, requested, budget_lines, co_funding, \
            created_by, change_parts, eligibility_check, recommended, awarded, version, created_at, updated_at) SELECT 'P', fund_id, round_id, \
            '{pilot}', 'awarded', 90, '[]', '[]', created_by, '[]', 0, 90, 90, 1, {AT}, {AT} FROM funding_requests WHERE id = 'Q'"))
            .await.unwrap();
        let tranche = |id: &str, number: i32, amount: i64| format!("INSERT INTO tranches (id, request_id, pilot_id, number, amount, \
            planned_on, milestones, is_post_completion, status, version, created_at, updated_at) VALUES ('{id}', 'P', '{pilot}', {number}, \
            {amount}, '2026-10-01', '[]', FALSE, 'planned', 1, {AT}, {AT});");
        let sign = || app.try_sql("UPDATE funding_requests SET status = 'agreement_signed' WHERE id = 'P'");
        sign().await.unwrap_err();
        app.sql(tranche("X", 1, 60)).await;
        sign().await.unwrap_err();
        app.sql(tranche("Y", 2, 31)).await;
        sign().await.unwrap_err();
        app.sql("DELETE FROM tranches WHERE id = 'Y'").await;
        app.sql(tranche("Y", 2, 30)).await;
        sign().await.unwrap();
    }
}
