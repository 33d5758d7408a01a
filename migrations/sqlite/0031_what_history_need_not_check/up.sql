-- The twin of a matter of PostgreSQL's: here the supporters are deleted within the statement, and a foreign key is no query.
SELECT 1;
