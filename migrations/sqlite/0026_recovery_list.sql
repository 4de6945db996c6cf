-- what lists show and search of a recovery, so that a page of 500 needs no log: part of the projection, and written anew
-- from the events when the file is opened by a version that knows more columns.
alter table recovery add column listing text;
-- the rule that began it; null when a person did.
alter table recovery add column rule integer;
-- everybody who did something in it, as a json array of folded names.
alter table recovery add column people text;
-- what a search looks into, folded.
alter table recovery add column words text;

-- how long steps usually take is asked per cluster, newest first.
create index recovery_by_cluster on recovery (cluster, id);
