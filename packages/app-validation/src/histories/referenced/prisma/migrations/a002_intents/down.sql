-- Undoes a002_intents. Refuses while a trigger still uses it (no CASCADE).

DROP FUNCTION integrity.refuse_delete(name, name, name, text);
DROP FUNCTION integrity.close_intent(uuid);
DROP FUNCTION integrity.cancel_intent(uuid);
DROP FUNCTION integrity.carry_intent(uuid);
DROP FUNCTION integrity.clear_intent(uuid);
DROP FUNCTION integrity.open_intent(text, text[]);

DROP SEQUENCE integrity.refused_deletes;

DROP TABLE integrity.intent;
