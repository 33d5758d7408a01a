DROP TABLE recovery_codes;
DROP TABLE second_factors;
DROP TABLE account_letters;
DROP TABLE registrations;
ALTER TABLE users DROP COLUMN second_factor_at;
