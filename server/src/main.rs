//! The `uncordon` binary.

fn main() {}
