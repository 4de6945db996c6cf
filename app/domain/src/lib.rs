//! What Uncordon knows and decides: pure, without IO, clock, async or randomness.
