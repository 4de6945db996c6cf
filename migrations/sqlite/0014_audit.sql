-- who did what by which door, refusals included; recoveries have their own log.
create table audit (
  id integer primary key autoincrement,
  at integer not null,
  actor text not null,
  door text not null,
  action text not null,
  target text not null,
  detail text not null
) strict;

create trigger audit_is_never_changed before update on audit
begin
  select raise(abort, 'audit is append-only');
end;

create trigger audit_is_never_removed before delete on audit
begin
  select raise(abort, 'audit is append-only');
end;
