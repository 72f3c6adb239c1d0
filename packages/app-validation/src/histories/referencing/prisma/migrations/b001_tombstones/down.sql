-- Undoes b001_tombstones: which ids were deleted is forgotten. Refuses while a trigger still uses it (no CASCADE).

DROP FUNCTION integrity.refuse_reserved(name, name, name, name, text, text, text);
DROP FUNCTION integrity.refuse_write(name, name, name, name, text, text, text);

DROP SEQUENCE integrity.refused_reserved;
DROP SEQUENCE integrity.refused_writes;

DROP TABLE integrity.control;
DROP TABLE integrity.cursor;
DROP TABLE integrity.reservation;
DROP TABLE integrity.swept;
DROP TABLE integrity.tombstone;
