-- The twin of a matter of PostgreSQL's: here a foreign key is no query.
SELECT 1;
