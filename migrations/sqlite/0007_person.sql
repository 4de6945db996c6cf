-- who may sign in, and as what.
create table person (
  name text primary key,
  role text not null check (role in ('viewer', 'responder', 'admin')),
  created_at integer not null
) strict;
