-- a tap that a person took back before it arrived: the row is its refusal, whatever body a late copy carries.
alter table idempotency add column voided_at integer;
