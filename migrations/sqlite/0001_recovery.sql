-- the list of recoveries: a projection of recovery_event, written in the same transaction and rebuildable from it.
-- times in this and every other table are whole microseconds since 1970 in utc, so that numbers sort as times do.
create table recovery (
  id integer primary key,
  cluster text not null,
  node text not null,
  -- a node that was re-created under the same name is another node.
  node_uid text not null,
  -- whether it holds the node's slot.
  active integer not null check (active in (0, 1)),
  state text not null,
  outcome text,
  started_at integer not null,
  ended_at integer,
  events integer not null check (events > 0)
) strict;

-- two recoveries of one node at the same time would start its machine twice.
create unique index one_active on recovery (cluster, node) where active = 1;

-- the cool-down asks when a node's last recovery ended.
create index recovery_by_node on recovery (cluster, node, ended_at);
