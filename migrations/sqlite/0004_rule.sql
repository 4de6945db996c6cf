-- the rules; their texts are in rule_version.
create table rule (
  id integer primary key autoincrement,
  name text not null,
  position integer not null,
  version integer not null check (version > 0),
  -- a removed rule stays, because recoveries name it.
  in_force integer not null default 1 check (in_force in (0, 1))
) strict;

-- people tell rules apart by name; a removed rule's name is free again.
create unique index rule_name on rule (name) where in_force = 1;
