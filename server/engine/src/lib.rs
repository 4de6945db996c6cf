//! Carries out what the domain decided; knows other systems only as ports.

pub mod ports;
