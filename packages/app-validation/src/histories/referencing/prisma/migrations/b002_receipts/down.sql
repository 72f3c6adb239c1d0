-- Undoes b002_receipts: the receipts are lost.

DROP FUNCTION integrity.revive(text, text, text);
DROP FUNCTION integrity.verify_receipts(text);
DROP FUNCTION integrity.advance(text, text, xid8, text, xid8, text[], text[], text[], xid8[], timestamptz[], jsonb[]);
DROP FUNCTION integrity.hash_of(integrity.receipt_batch);
DROP FUNCTION integrity.digest_of(text, bigint);

DROP TABLE integrity.receipt;
DROP TABLE integrity.receipt_batch;
