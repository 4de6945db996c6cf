-- nodes that became unhealthy, or that a rule took an alarm for: what the storm breaker counts. it must not forget by a restart.
create table trouble (
  cluster text not null,
  node text not null,
  at integer not null,
  primary key (cluster, node, at)
) strict, without rowid;

create index trouble_by_time on trouble (at);
