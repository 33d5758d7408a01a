DROP TABLE write_turns;
