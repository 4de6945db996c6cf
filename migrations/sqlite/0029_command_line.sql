-- the last lines each person ran on the command page, so that they are on every device and without script.
create table command_line (
  id integer primary key,
  person text not null,
  at integer not null,
  line text not null,
  reply text not null,
  refused integer not null check (refused in (0, 1)),
  recovery integer
) strict;

create index command_line_person on command_line (person, id);
