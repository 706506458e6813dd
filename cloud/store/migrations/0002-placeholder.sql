-- Keeps the numbers free of gaps.
SELECT 1;
