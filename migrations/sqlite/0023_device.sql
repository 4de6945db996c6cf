-- devices that asked for messages: a push subscription of one person in one browser. one that nobody uses is forgotten.
create table device (
  -- a number is never given again, because letters name it.
  id integer primary key autoincrement,
  person text not null,
  name text not null,
  platform text not null,
  -- a browser that subscribes again, also for somebody else, is the same device.
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  -- what it wants to hear.
  important integer not null check (important in (0, 1)),
  usual integer not null check (usual in (0, 1)),
  info integer not null check (info in (0, 1)),
  -- whether its lock screen shows the title only.
  hide_details integer not null check (hide_details in (0, 1)),
  created_at integer not null,
  last_seen integer not null,
  last_ok integer,
  last_failed integer,
  failure text
) strict;

create index device_by_person on device (person);
