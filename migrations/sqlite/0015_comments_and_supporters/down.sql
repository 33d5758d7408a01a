DROP TRIGGER pilot_members_support_no_more;
DROP TRIGGER pilot_members_do_not_support;
DROP TABLE pilot_supporters;
DROP TABLE pilot_tallies;
DROP TABLE pilot_comments;
