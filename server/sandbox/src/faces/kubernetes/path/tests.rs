//! Paths point where they should.

use super::{Sub, Target};
use crate::store::Kind;

#[test]
fn paths_point_at_lists_objects_and_subresources() {
    let read = |path| {
        Target::read(path).map(|target| (target.kind, target.namespace, target.name, target.sub))
    };
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        read("/api/v1/nodes/n"),
        Some((Kind::Node, String::new(), name("n"), None))
    );
    assert_eq!(
        read("/api/v1/namespaces/d"),
        Some((Kind::Namespace, String::new(), name("d"), None))
    );
    assert_eq!(
        read("/api/v1/namespaces/d/pods/p/eviction"),
        Some((Kind::Pod, "d".to_owned(), name("p"), Some(Sub::Eviction)))
    );
    assert_eq!(
        read("/apis/apps/v1/deployments"),
        Some((Kind::Deployment, String::new(), None, None))
    );
    assert_eq!(read("/api/v1/pods/p"), None);
    assert_eq!(read("/apis/apps/v2/deployments"), None);
    assert_eq!(read("/metrics"), None);
}
