-- what persons did with cordons; the intent is here before anything is done, the outcome after.
create table cordon_act (
  id integer primary key,
  cluster text not null,
  node text not null,
  verb text not null check (verb in ('take_over', 'hand_back', 'lift')),
  author text not null,
  at integer not null,
  reason text,
  outcome text
) strict;
