//! People, their ways in, and what they did.
