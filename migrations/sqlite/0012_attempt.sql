-- sign-in attempts of the last minutes, so that guessing is slow; survives a restart.
create table attempt (
  key text not null,
  at integer not null
) strict;

create index attempt_by_key on attempt (key, at);
