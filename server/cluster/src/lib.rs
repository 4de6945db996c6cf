//! Kubernetes behind the Cluster port: watch caches, fresh reads, cordon and uncordon.
