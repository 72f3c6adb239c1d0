-- Undoes a001_delete_log: which ids were deleted is forgotten. Refuses while a trigger still uses it (no CASCADE).

DROP FUNCTION integrity.refuse_id_change();
DROP FUNCTION integrity.refuse_changed_id(name, name, name);
DROP FUNCTION integrity.refuse_truncate();
DROP FUNCTION integrity.refuse_reuse(name, name, name, text);
DROP FUNCTION integrity.revive(text, text);
DROP FUNCTION integrity.acknowledge(text, text, xid8);
DROP FUNCTION integrity.horizon();
DROP FUNCTION integrity.flush();
DROP FUNCTION integrity.epoch();

DROP SEQUENCE integrity.refused_reuses;

DROP TABLE integrity.consumer;
DROP TABLE integrity.delete_log;
