DROP TRIGGER pilot_members_do_not_support ON pilot_members;
DROP FUNCTION drop_support;
DROP TABLE pilot_supporters;
DROP FUNCTION count_supporters;
DROP TABLE pilot_tallies;
DROP TABLE pilot_comments;
