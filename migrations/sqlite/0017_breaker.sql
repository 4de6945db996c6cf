-- storm breakers, open and closed: each row is one storm and one page.
create table breaker (
  id integer primary key,
  cluster text not null,
  tripped_at integer not null,
  why text not null,
  -- json list of the nodes that were unhealthy then.
  nodes text not null,
  -- since when it is calm; nothing while the storm blows.
  calm_since integer,
  closed_at integer,
  closed_by text,
  closed_why text,
  check ((closed_at is null) = (closed_by is null))
) strict;

-- a cluster has one storm at a time: a second trip of the same storm would page again.
create unique index one_open_breaker on breaker (cluster) where closed_at is null;
