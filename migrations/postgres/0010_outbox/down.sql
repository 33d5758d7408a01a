DROP TABLE outbox_messages;
DROP TABLE leases;
