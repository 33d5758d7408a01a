DROP INDEX audit_entries_by_request;
DROP TABLE audit_unsealed;
DROP TABLE audit_chain;
