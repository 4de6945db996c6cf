-- what a person chose for themselves; the app knows the keys and the words they may have.
create table preference (
  person text not null,
  key text not null,
  value text not null,
  set_at integer not null,
  primary key (person, key)
) strict;
