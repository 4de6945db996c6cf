//! A make-believe cluster and cloud that speak the real wire protocols on loopback.
