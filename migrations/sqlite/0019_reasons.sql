-- why a rule was armed or set back, and how many calls a thrown switch did not catch.
alter table rule_version add column reason text;

alter table switch add column in_flight integer;

-- the limits on starts and on flapping count events and recoveries of the last hour and day.
create index recovery_event_by_step on recovery_event (step, kind, at);

create index recovery_by_start on recovery (cluster, node, started_at);
