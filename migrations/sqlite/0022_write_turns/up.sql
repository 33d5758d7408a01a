-- The twin of a table that PostgreSQL locks; SQLite has one writer at a time anyway.
CREATE TABLE write_turns (
    name TEXT NOT NULL
);
