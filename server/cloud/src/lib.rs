//! Clouds behind the Cloud port, one module per provider.
