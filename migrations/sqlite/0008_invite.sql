-- sign-in links; only the hash of the secret is here, so a stolen file opens no door.
create table invite (
  hash blob primary key,
  name text not null,
  role text not null check (role in ('viewer', 'responder', 'admin')),
  uses text not null check (uses in ('once', 'until_expired')),
  expires_at integer not null,
  used_at integer
) strict;
