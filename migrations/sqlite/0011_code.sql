-- six-digit codes that a signed-in person shows to sign in another device; one per person, short-lived.
create table code (
  person text primary key,
  hash blob not null,
  expires_at integer not null,
  -- wrong guesses while it lived; too many kill it.
  attempts integer not null default 0
) strict;
