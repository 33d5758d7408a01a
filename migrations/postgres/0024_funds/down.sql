DROP TABLE money_turns;
DROP TABLE funding_references;
DROP TABLE panel_meetings;
DROP TABLE round_extensions;
DROP TABLE funding_rounds;
DROP TABLE funds;
DROP FUNCTION refuse_change_of_funding_history();
DROP FUNCTION guard_funding_rounds();
