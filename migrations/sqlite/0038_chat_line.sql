-- what was heard in chats, stored before anything is done with it: whoever says the same message again says nothing new.
create table chat_line (
  chat text not null,
  id text not null,
  user text not null,
  -- when it was said, as the chat tells; and when it was heard.
  said_at integer not null,
  heard_at integer not null,
  acts integer not null check (acts in (0, 1)),
  primary key (chat, id)
) strict;

create index chat_line_heard on chat_line (heard_at);

create index chat_line_of on chat_line (chat, user, said_at) where acts = 1;
