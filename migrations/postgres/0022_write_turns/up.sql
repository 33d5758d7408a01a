-- Holds no rows: it is locked, by every transaction that writes in a weak mode, by one that lost several races in a
-- strong one. LOCK TABLE is the one statement that waits before a serializable transaction takes its snapshot.
CREATE TABLE write_turns (
    name TEXT NOT NULL
);
