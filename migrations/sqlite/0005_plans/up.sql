-- Versions of a pilot's plan, their milestones, and the final report.

CREATE TABLE plans (
    id                     TEXT PRIMARY KEY NOT NULL,
    pilot_id               TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    number                 INTEGER NOT NULL,
    status                 TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'locked', 'superseded')),
    solution_design_bn     TEXT,
    solution_design_en     TEXT,
    implementation_plan_bn TEXT,
    implementation_plan_en TEXT,
    budget_lines           TEXT NOT NULL,
    budget_total           BIGINT NOT NULL CHECK (budget_total >= 0),
    risks                  TEXT NOT NULL,
    target_time            BIGINT,
    target_cost            BIGINT,
    target_visits          BIGINT,
    content_sha256         TEXT,
    created_by             TEXT NOT NULL REFERENCES users (id),
    submitted_at           TIMESTAMP,
    locked_at              TIMESTAMP,
    locked_by              TEXT REFERENCES users (id),
    version                BIGINT NOT NULL,
    created_at             TIMESTAMP NOT NULL,
    updated_at             TIMESTAMP NOT NULL,
    CHECK ((content_sha256 IS NULL) = (status = 'draft'))
);
CREATE UNIQUE INDEX plans_by_pilot ON plans (pilot_id, number);
CREATE UNIQUE INDEX plans_one_draft ON plans (pilot_id) WHERE status = 'draft';
CREATE UNIQUE INDEX plans_one_submitted ON plans (pilot_id) WHERE status = 'submitted';
CREATE UNIQUE INDEX plans_one_locked ON plans (pilot_id) WHERE status = 'locked';

CREATE TABLE milestones (
    id             TEXT PRIMARY KEY NOT NULL,
    plan_id        TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    pilot_id       TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    position       INTEGER NOT NULL,
    -- The milestone of an earlier version that this one goes on from; its progress travels along.
    previous_id    TEXT REFERENCES milestones (id),
    title_bn       TEXT,
    title_en       TEXT,
    due_on         DATE,
    responsible_id TEXT REFERENCES users (id),
    is_mandatory   BOOLEAN NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('planned', 'done', 'waived')),
    done_on        DATE,
    evidence       TEXT,
    waived_by      TEXT REFERENCES users (id),
    waiver_reason  TEXT,
    version        BIGINT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    CHECK (title_bn IS NOT NULL OR title_en IS NOT NULL),
    CHECK (status <> 'done' OR (done_on IS NOT NULL AND evidence IS NOT NULL)),
    CHECK (status <> 'waived' OR (waived_by IS NOT NULL AND waiver_reason IS NOT NULL))
);
CREATE UNIQUE INDEX milestones_by_plan ON milestones (plan_id, position);
CREATE INDEX milestones_by_pilot ON milestones (pilot_id, id);

-- What was submitted is what was agreed: its content can never be rewritten, only its status moves on.
CREATE TRIGGER plans_frozen BEFORE UPDATE ON plans WHEN OLD.status <> 'draft' AND (
    NEW.solution_design_bn IS NOT OLD.solution_design_bn OR NEW.solution_design_en IS NOT OLD.solution_design_en
    OR NEW.implementation_plan_bn IS NOT OLD.implementation_plan_bn
    OR NEW.implementation_plan_en IS NOT OLD.implementation_plan_en
    OR NEW.budget_lines IS NOT OLD.budget_lines OR NEW.budget_total IS NOT OLD.budget_total
    OR NEW.risks IS NOT OLD.risks OR NEW.target_time IS NOT OLD.target_time
    OR NEW.target_cost IS NOT OLD.target_cost OR NEW.target_visits IS NOT OLD.target_visits
    OR NEW.content_sha256 IS NOT OLD.content_sha256 OR NEW.pilot_id IS NOT OLD.pilot_id
    OR NEW.number IS NOT OLD.number OR NEW.status = 'draft')
BEGIN SELECT RAISE(ABORT, 'a submitted plan is frozen'); END;
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones
WHEN EXISTS (SELECT 1 FROM plans WHERE id IN (OLD.plan_id, NEW.plan_id) AND status <> 'draft') AND (
    NEW.title_bn IS NOT OLD.title_bn OR NEW.title_en IS NOT OLD.title_en OR NEW.due_on IS NOT OLD.due_on
    OR NEW.responsible_id IS NOT OLD.responsible_id OR NEW.is_mandatory IS NOT OLD.is_mandatory
    OR NEW.position IS NOT OLD.position OR NEW.previous_id IS NOT OLD.previous_id OR NEW.plan_id IS NOT OLD.plan_id OR NEW.pilot_id IS NOT OLD.pilot_id)
BEGIN SELECT RAISE(ABORT, 'a submitted plan is frozen'); END;
CREATE TRIGGER milestones_not_added BEFORE INSERT ON milestones
WHEN (SELECT status FROM plans WHERE id = NEW.plan_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a submitted plan is frozen'); END;
CREATE TRIGGER milestones_not_removed BEFORE DELETE ON milestones
WHEN (SELECT status FROM plans WHERE id = OLD.plan_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a submitted plan is frozen'); END;
CREATE TRIGGER plans_not_removed BEFORE DELETE ON plans WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a submitted plan is frozen'); END;

CREATE TABLE final_reports (
    pilot_id             TEXT PRIMARY KEY NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    what_worked_bn       TEXT,
    what_worked_en       TEXT,
    what_did_not_bn      TEXT,
    what_did_not_en      TEXT,
    cost_per_transaction BIGINT CHECK (cost_per_transaction >= 0),
    replication_needs_bn TEXT,
    replication_needs_en TEXT,
    public_summary_bn    TEXT,
    public_summary_en    TEXT,
    version              BIGINT NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    updated_at           TIMESTAMP NOT NULL
);
