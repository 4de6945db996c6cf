-- which events make the story of a recovery, and when a person's note happened: what people make of the log, never part of it.
create table story_mark (
  recovery_id integer not null,
  n integer not null,
  -- 1 in the story, 0 not, null as events of its kind are.
  starred integer check (starred in (0, 1)),
  -- only notes may be moved; the time a machine wrote stands.
  happened_at integer,
  set_by text not null,
  set_at integer not null,
  primary key (recovery_id, n),
  foreign key (recovery_id, n) references recovery_event (recovery_id, n)
) strict;
