-- hosts that took several nodes down at once: each row is one host, one page and one note for whoever runs it.
create table incident (
  id integer primary key,
  -- the cloud account of the host, or its cluster where there is none.
  place text not null,
  host text not null,
  opened_at integer not null,
  closed_at integer,
  -- json list: cluster, node, machine, address, when it was seen down and up, recoveries.
  members text not null,
  -- json: the start that this host refused, or null.
  refused text not null
) strict;

-- a host has one incident at a time: a second one would page again.
create unique index one_open_incident on incident (place, host) where closed_at is null;
