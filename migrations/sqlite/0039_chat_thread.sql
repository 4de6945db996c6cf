-- the message in a room that is about a thing: kept up to date in its place, and what follows stands below it.
create table chat_thread (
  recipient text not null,
  about text not null,
  message text not null,
  said_at integer not null,
  primary key (recipient, about)
) strict;

create index chat_thread_about on chat_thread (about);
