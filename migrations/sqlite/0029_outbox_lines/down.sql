DROP INDEX outbox_messages_due;
DROP INDEX outbox_messages_in_line;
CREATE INDEX outbox_messages_due ON outbox_messages (topic, due_at, position) WHERE status = 'pending';
CREATE INDEX outbox_messages_in_line ON outbox_messages (topic, record_key, position) WHERE status = 'pending';
