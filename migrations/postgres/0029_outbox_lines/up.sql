-- A message has its payload while it waits. Said by the status, the index of lines competed with that of topic and status,
-- and lost: whose turn it is was looked for among all that waits, for seconds with a receiver that was down.
DROP INDEX outbox_messages_due;
DROP INDEX outbox_messages_in_line;
CREATE INDEX outbox_messages_due ON outbox_messages (topic, due_at, position) WHERE payload IS NOT NULL;
CREATE INDEX outbox_messages_in_line ON outbox_messages (topic, record_key, position) WHERE payload IS NOT NULL;
