//! Makes cargo notice new migrations, which are embedded at compile time.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations/sqlite");
}
