DROP TABLE pilot_shingles;
DROP INDEX pilots_by_survivor;
DROP TABLE pilot_duplicates;
