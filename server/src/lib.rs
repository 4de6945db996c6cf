//! The uncordon binary: configuration, wiring, doors, pages, REST and command line.
