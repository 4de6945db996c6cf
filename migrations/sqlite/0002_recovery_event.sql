-- the log is the state: a recovery is stored nowhere but here.
create table recovery_event (
  recovery_id integer not null references recovery (id),
  -- 1, 2, 3, ..: two drivers cannot both write event n.
  n integer not null check (n > 0),
  -- order over all recoveries, for readers that follow everything.
  seq integer not null unique,
  at integer not null,
  kind text not null,
  step text,
  -- the whole event as json; the columns above are copies to search by.
  body text not null,
  primary key (recovery_id, n)
) strict;

-- what happened cannot be made not to have happened.
create trigger recovery_event_is_never_changed before update on recovery_event
begin
  select raise(abort, 'recovery_event is append-only');
end;

create trigger recovery_event_is_never_removed before delete on recovery_event
begin
  select raise(abort, 'recovery_event is append-only');
end;

-- a hole in the numbers would be a lost event.
create trigger recovery_event_has_no_gap before insert on recovery_event
when new.n <> 1 + (select coalesce(max(n), 0) from recovery_event where recovery_id = new.recovery_id)
begin
  select raise(abort, 'recovery_event leaves no gap');
end;
