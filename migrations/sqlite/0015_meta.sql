-- single facts about this installation: its own id, the start of the sandbox's clock.
create table meta (
  key text primary key,
  value text not null
) strict;
