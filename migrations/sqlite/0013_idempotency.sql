-- answers to acting requests, so that a repeated request gets the first answer and acts once.
create table idempotency (
  person text not null,
  key text not null,
  body_hash blob not null,
  begun_at integer not null,
  -- absent while the first request is under way.
  status integer,
  body text,
  primary key (person, key)
) strict;

-- answers are forgotten by age.
create index idempotency_begun on idempotency (begun_at);
