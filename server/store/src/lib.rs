//! Remembers: the engine store on SQLite, one file per table.
