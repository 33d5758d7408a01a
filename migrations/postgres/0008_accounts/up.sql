-- Registration and password reset by mail, and the second factor.

-- When the second factor was switched on; NULL: it is not. Kept with the person, so that a session's look-up sees it.
ALTER TABLE users ADD COLUMN second_factor_at TIMESTAMP;

-- People who asked for an account and have not shown yet that the address is theirs.
CREATE TABLE registrations (
    id              TEXT PRIMARY KEY NOT NULL,
    email           TEXT NOT NULL,
    name_bn         TEXT,
    name_en         TEXT,
    designation_bn  TEXT,
    designation_en  TEXT,
    organisation_id TEXT REFERENCES organisations (id),
    language        TEXT NOT NULL CHECK (language IN ('bn', 'en')),
    created_at      TIMESTAMP NOT NULL,
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);
CREATE INDEX registrations_by_email ON registrations (email, id);
CREATE INDEX registrations_by_age ON registrations (created_at);

-- Letters that were sent. The token in a letter is derived from the letter's id by a key that is not in the database;
-- what lies here is its SHA-256, by which it is known when it comes back.
CREATE TABLE account_letters (
    id                  TEXT PRIMARY KEY NOT NULL,
    purpose             TEXT NOT NULL CHECK (purpose IN ('registration', 'password_reset', 'notice')),
    email               TEXT NOT NULL,
    registration_id     TEXT,
    user_id             TEXT REFERENCES users (id),
    token_sha256        TEXT UNIQUE,
    -- The password that a reset is to replace: once it has been changed, the letter is void.
    password_changed_at TIMESTAMP,
    created_at          TIMESTAMP NOT NULL,
    expires_at          TIMESTAMP NOT NULL,
    used_at             TIMESTAMP
);
CREATE INDEX account_letters_by_email ON account_letters (email, created_at);
CREATE INDEX account_letters_by_registration ON account_letters (registration_id);
CREATE INDEX account_letters_by_user ON account_letters (user_id, purpose);
CREATE INDEX account_letters_by_age ON account_letters (created_at);

-- One a person. The secret is encrypted with a key that is not in the database. A code of `last_step` or an earlier
-- step of time is not accepted (again).
CREATE TABLE second_factors (
    user_id       TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    sealed_secret TEXT NOT NULL,
    last_step     BIGINT NOT NULL,
    confirmed_at  TIMESTAMP,
    created_at    TIMESTAMP NOT NULL
);

-- Each is good once; kept under a keyed digest.
CREATE TABLE recovery_codes (
    user_id     TEXT NOT NULL REFERENCES users (id),
    code_digest TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    used_at     TIMESTAMP,
    PRIMARY KEY (user_id, code_digest)
);
