DROP INDEX pilot_words_index;
DROP FUNCTION pilot_terms (TEXT, TEXT);
CREATE INDEX pilot_words_index ON pilot_words USING gin (array_to_tsvector(string_to_array(body, ' ')));
