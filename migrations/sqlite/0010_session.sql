-- signed-in browsers; the key is the hash of the cookie's id, so a stolen file signs nobody in.
create table session (
  hash blob primary key,
  -- copied from the data, to list and end the sessions of a person.
  person text,
  data text not null,
  expires_at integer not null
) strict;

create index session_by_person on session (person);

-- expired sessions are removed by age.
create index session_expires on session (expires_at);
