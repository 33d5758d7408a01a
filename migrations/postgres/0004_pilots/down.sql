DROP TABLE pilot_references;
DROP TABLE pilot_transitions;
DROP TABLE pilot_search;
DROP TRIGGER pilot_facets_follow ON pilots;
DROP FUNCTION pilot_facets_follow();
DROP TABLE pilot_facets;
DROP TABLE pilot_members;
DROP TABLE pilots;
