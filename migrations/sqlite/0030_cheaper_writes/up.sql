-- The twin of a matter of PostgreSQL's: SQLite compiles a CHECK with its statement, which is kept, and looks a foreign key up
-- without a query.
SELECT 1;
