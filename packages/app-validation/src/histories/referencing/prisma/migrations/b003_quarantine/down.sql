-- Undoes b003_quarantine: what repairs took out is lost.

DROP TABLE integrity.quarantine;
