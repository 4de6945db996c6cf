-- what people felt of a failure, measured beside its recovery: may be late or missing, never part of the log.
create table impact_sample (
  recovery_id integer not null references recovery (id),
  -- number of the event at which it was measured; 0 is the first signal, before there were events.
  n integer not null,
  at integer not null,
  of text not null,
  what text not null,
  -- null when it could not be measured; then it is said why.
  value real,
  why text,
  primary key (recovery_id, n),
  check ((value is null) = (why is not null))
) strict;
