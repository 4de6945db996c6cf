//! The doors, tried from outside: the real router over a make-believe desk and a real store.

mod web {
    mod acts;
    mod api;
    mod chats;
    mod fake;
    mod hangs_up;
    mod headers;
    mod hooks;
    mod house;
    mod intake;
    mod interleaved;
    mod kept;
    mod live;
    mod once;
    mod pages;
    mod policy;
    mod refusals;
    mod sign_in;
    mod tap;
    mod telling;
    mod theme;
    mod things;
    mod typing;
}
