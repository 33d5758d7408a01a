DROP INDEX services_by_code;
ALTER TABLE services DROP COLUMN code;
DROP INDEX organisations_by_code;
ALTER TABLE organisations DROP COLUMN upazila_code;
ALTER TABLE organisations DROP COLUMN code;
ALTER TABLE pilots DROP COLUMN upazilas;
-- The wider CHECKs stay: they allow what nothing writes any more.
DELETE FROM pilot_facets WHERE kind = 'upazila';
DROP TABLE upazila_search;
DROP TABLE upazila_words;
DELETE FROM codes WHERE scheme = 'upazila';
