-- A search takes the latest matches first, and a GIN index gives matches in no order. So each word stands in the index four
-- times: as it is, and behind the first 6, 5 and 4 digits of the pilot's id, which are its time in steps of 5 hours, 3 and
-- 50 days. The marks before them are from the private use area, which no word of ours begins with.
-- In plpgsql, so that it is not written out into the statement and keeps its price: the planner has to see that asking the
-- index is cheaper than asking each row.
CREATE FUNCTION pilot_terms (body TEXT, pilot_id TEXT) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 400 AS $$
DECLARE
    step TEXT;
    terms TEXT := body;
BEGIN
    FOREACH step IN ARRAY ARRAY[
        chr(57350) || left(pilot_id, 6), chr(57349) || left(pilot_id, 5), chr(57348) || left(pilot_id, 4)
    ] LOOP
        terms := terms || ' ' || step || replace(body, ' ', ' ' || step);
    END LOOP;
    RETURN array_to_tsvector(string_to_array(ltrim(terms), ' '));
END
$$;

DROP INDEX pilot_words_index;
-- What is written waits in a list that each search reads whole, so it is kept short.
CREATE INDEX pilot_words_index ON pilot_words USING gin (pilot_terms(body, pilot_id)) WITH (gin_pending_list_limit = 256);
-- How often a term occurs is nothing that the searches are planned by.
ALTER INDEX pilot_words_index ALTER COLUMN 1 SET STATISTICS 0;
