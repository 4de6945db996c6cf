-- messages to devices and webhooks, one row per recipient: written behind the log, so that a restart writes none twice.
create table letter (
  -- unguessable: who shows it has received the letter.
  id text primary key,
  about text not null,
  stage text not null,
  round integer not null,
  recipient text not null,
  device integer references device (id) on delete cascade,
  channel text not null check (channel in ('important', 'default', 'info')),
  title text not null,
  body text not null,
  path text not null,
  until integer not null,
  written_at integer not null,
  -- when it may go out; nothing once it is settled.
  due_at integer,
  tries integer not null default 0,
  -- 'trying' in a stored row means that a process died while it handed the letter over.
  state text not null check (state in ('waiting', 'trying', 'sent', 'failed', 'unknown', 'over')),
  why text,
  sent_at integer,
  received_at integer,
  clicked_at integer
) strict;

-- one letter per thing, state and recipient, whatever restarts and repeats.
create unique index letter_once on letter (about, stage, round, recipient);

create index letter_due on letter (due_at) where due_at is not null;

create index letter_by_recipient on letter (recipient, written_at);

create index letter_written on letter (written_at);
