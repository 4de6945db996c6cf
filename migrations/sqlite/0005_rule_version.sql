-- every text a rule ever had, so that an old recovery can be explained and an old text restored.
create table rule_version (
  rule integer not null references rule (id),
  version integer not null check (version > 0),
  draft text not null,
  author text not null,
  at integer not null,
  primary key (rule, version)
) strict;

create trigger rule_version_is_never_changed before update on rule_version
begin
  select raise(abort, 'rule_version is append-only');
end;

create trigger rule_version_is_never_removed before delete on rule_version
begin
  select raise(abort, 'rule_version is append-only');
end;
