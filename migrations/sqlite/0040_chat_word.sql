-- what we said of a recovery in chats, told in its timeline; may be missing, never part of the log.
create table chat_word (
  chat text not null,
  -- the room, or the person it was said to alone.
  room text not null,
  -- the chat's id of it.
  message text not null,
  recovery_id integer not null,
  at integer not null,
  -- the message of a person that it answers.
  answers text,
  text text not null,
  primary key (chat, room, message)
) strict;

create index chat_word_recovery on chat_word (recovery_id, at);
