-- api tokens of programs; only hashes.
create table token (
  id integer primary key autoincrement,
  name text not null,
  role text not null check (role in ('viewer', 'responder', 'admin')),
  hash blob not null unique,
  created_at integer not null,
  last_used_at integer,
  -- a revoked token stays, because timelines name it.
  revoked_at integer
) strict;

-- a timeline must name one token; a revoked one's name is free again.
create unique index token_name on token (name) where revoked_at is null;
