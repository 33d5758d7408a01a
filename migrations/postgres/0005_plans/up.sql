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
CREATE FUNCTION refuse_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted plan is frozen';
END $$;
CREATE FUNCTION refuse_milestone_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched_plan TEXT;
BEGIN
    IF TG_OP = 'INSERT' THEN touched_plan := NEW.plan_id; ELSE touched_plan := OLD.plan_id; END IF;
    IF (SELECT status FROM plans WHERE id = touched_plan) <> 'draft' THEN
        RAISE EXCEPTION 'a submitted plan is frozen';
    END IF;
    -- Nor does a draft's milestone move into it.
    IF TG_OP = 'UPDATE' AND (SELECT status FROM plans WHERE id = NEW.plan_id) <> 'draft' THEN
        RAISE EXCEPTION 'a submitted plan is frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plans_frozen BEFORE UPDATE ON plans FOR EACH ROW WHEN (OLD.status <> 'draft' AND (
    ROW (NEW.solution_design_bn, NEW.solution_design_en, NEW.implementation_plan_bn, NEW.implementation_plan_en,
         NEW.budget_lines, NEW.budget_total, NEW.risks, NEW.target_time, NEW.target_cost, NEW.target_visits,
         NEW.content_sha256, NEW.pilot_id, NEW.number)
    IS DISTINCT FROM
    ROW (OLD.solution_design_bn, OLD.solution_design_en, OLD.implementation_plan_bn, OLD.implementation_plan_en,
         OLD.budget_lines, OLD.budget_total, OLD.risks, OLD.target_time, OLD.target_cost, OLD.target_visits,
         OLD.content_sha256, OLD.pilot_id, OLD.number)
    OR NEW.status = 'draft'))
EXECUTE FUNCTION refuse_plan_change();
CREATE TRIGGER plans_not_removed BEFORE DELETE ON plans FOR EACH ROW WHEN (OLD.status <> 'draft')
EXECUTE FUNCTION refuse_plan_change();
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones FOR EACH ROW WHEN (
    ROW (NEW.title_bn, NEW.title_en, NEW.due_on, NEW.responsible_id, NEW.is_mandatory, NEW.position, NEW.previous_id, NEW.plan_id,
         NEW.pilot_id)
    IS DISTINCT FROM
    ROW (OLD.title_bn, OLD.title_en, OLD.due_on, OLD.responsible_id, OLD.is_mandatory, OLD.position, OLD.previous_id, OLD.plan_id,
         OLD.pilot_id))
EXECUTE FUNCTION refuse_milestone_change();
CREATE TRIGGER milestones_not_added BEFORE INSERT ON milestones FOR EACH ROW EXECUTE FUNCTION refuse_milestone_change();
CREATE TRIGGER milestones_not_removed BEFORE DELETE ON milestones FOR EACH ROW EXECUTE FUNCTION refuse_milestone_change();

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
