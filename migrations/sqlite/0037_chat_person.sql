-- who a user of a chat is: linked by that person while signed in, never by a name that the chat shows.
create table chat_person (
  chat text not null,
  user text not null,
  person text not null references person (name),
  linked_at integer not null,
  primary key (chat, user)
) strict;

-- eight digits that a signed-in person is shown, to be said in a chat; one per person, short-lived.
create table chat_code (
  person text primary key references person (name),
  hash blob not null unique,
  expires_at integer not null
) strict;
