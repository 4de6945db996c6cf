-- what was last seen of each cluster: after a restart a cluster that cannot be read is blind since then, and the cordons
-- kept here stay open items. one row per cluster, written while it is seen live.
create table cluster_seen (
  cluster text primary key,
  seen_at integer not null,
  -- json: the cordons that carried our annotation.
  cordons text not null
) strict, without rowid;
