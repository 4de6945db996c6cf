-- one alert of one source. `said` is what the source told when the row was made, `status` the latest word on it.
create table alarm (
  -- numbers of alarms that were forgotten after 90 days are never given again.
  id integer primary key autoincrement,
  source text not null,
  fingerprint text not null,
  said text not null check (said in ('firing', 'resolved')),
  starts_at integer not null,
  -- counts up when the same start fires again after we closed it.
  repeat integer not null default 0,
  status text not null check (status in ('firing', 'resolved', 'closed')),
  text text not null,
  truncated integer not null check (truncated in (0, 1)),
  labels text not null,
  close_with text,
  received_at integer not null,
  -- a text episode that is silent for too long has ended.
  last_seen integer not null,
  -- on the product's clock: when we closed it at the source.
  closed_at integer,
  disposition text not null default 'accepted',
  rule integer,
  recovery integer,
  note text,
  needs_look integer not null default 0 check (needs_look in (0, 1)),
  tries integer not null default 0,
  acknowledged_at integer,
  acknowledged_by text
) strict;

-- an alarm delivered again is not a new alarm.
create unique index alarm_key on alarm (source, fingerprint, said, starts_at, repeat);

-- a resolve ends what is still open.
create index alarm_open on alarm (source, fingerprint) where status = 'firing';

-- "fires again after our close" looks for the close.
create index alarm_closed on alarm (source, fingerprint, closed_at) where status = 'closed';

-- the engine asks for its work after every wake.
create index alarm_undisposed on alarm (id) where disposition = 'accepted';

-- the list asks for what a person must see.
create index alarm_needs_look on alarm (id) where needs_look = 1 and acknowledged_at is null;

-- alarms are forgotten by age.
create index alarm_received on alarm (received_at);
