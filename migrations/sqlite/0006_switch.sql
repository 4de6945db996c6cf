-- positions of the kill switch; survives restarts and is never set by configuration.
create table switch (
  -- a cluster's name, or nothing for the global one.
  scope text primary key,
  mode text not null check (mode in ('run', 'pause', 'freeze')),
  set_by text not null,
  set_at integer not null,
  reason text
) strict;
