-- Undoes b002_receipts: the receipts are lost.

DROP FUNCTION integrity.revive(text, text, text);
DROP FUNCTION integrity.verify_receipts(text);
DROP FUNCTION integrity.write_receipts(text, text, text[], jsonb[]);
DROP FUNCTION integrity.hash_of(integrity.receipt_batch);
DROP FUNCTION integrity.digest_of(text, bigint);

DROP TABLE integrity.receipt;
DROP TABLE integrity.receipt_batch;
