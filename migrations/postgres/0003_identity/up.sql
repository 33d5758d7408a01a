-- People, their roles, their sessions, and the memory of failed guesses.

CREATE TABLE users (
    id                   TEXT PRIMARY KEY NOT NULL,
    email                TEXT NOT NULL UNIQUE,
    name_bn              TEXT,
    name_en              TEXT,
    designation_bn       TEXT,
    designation_en       TEXT,
    organisation_id      TEXT REFERENCES organisations (id),
    language             TEXT NOT NULL CHECK (language IN ('bn', 'en')),
    password_hash        TEXT NOT NULL,
    password_changed_at  TIMESTAMP NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    status               TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    status_reason        TEXT,
    version              BIGINT NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    updated_at           TIMESTAMP NOT NULL,
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);
CREATE INDEX users_by_organisation ON users (organisation_id, id);
CREATE INDEX users_by_status ON users (status, id);

CREATE TABLE user_roles (
    user_id    TEXT NOT NULL REFERENCES users (id),
    role       TEXT NOT NULL CHECK (role IN ('innovator', 'mentor', 'programme_officer', 'fund_officer', 'reviewer',
                   'fund_approver', 'finance_officer', 'consultee', 'organiser', 'auditor', 'admin')),
    granted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, role)
);
CREATE INDEX user_roles_by_role ON user_roles (role, user_id);

CREATE TABLE sessions (
    id               TEXT PRIMARY KEY NOT NULL,
    user_id          TEXT NOT NULL REFERENCES users (id),
    authenticated_at TIMESTAMP NOT NULL,
    expires_at       TIMESTAMP NOT NULL,
    revoked_at       TIMESTAMP
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);

-- One row a token ever handed out: a second use of an old one is how theft shows.
CREATE TABLE refresh_tokens (
    token_sha256 TEXT PRIMARY KEY NOT NULL,
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    issued_at    TIMESTAMP NOT NULL,
    used_at      TIMESTAMP
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Keyed by account AND address, or by address alone, never by account alone: nobody can lock an owner out.
CREATE TABLE login_failures (
    scope          TEXT PRIMARY KEY NOT NULL,
    failures       INTEGER NOT NULL,
    last_failed_at TIMESTAMP NOT NULL,
    blocked_until  TIMESTAMP NOT NULL
);
