//! Reading AWS's XML: no document types, no entities, and only the elements we name.

use crate::trouble::Trouble;
use crate::wire::{Reply, Said};
use roxmltree::{Document, Node};

/// What both wrappers of an error say: `<Response>` of EC2 and `<ErrorResponse>` of everybody else.
pub fn said(body: &[u8]) -> Option<Said> {
    let document = Document::parse(std::str::from_utf8(body).ok()?).ok()?;
    let error = document
        .descendants()
        .find(|node| node.has_tag_name_of("Error"))?;
    let message = text(error, "Message").unwrap_or_default();
    // It is an encrypted blob that only fills the screen.
    let message = message
        .split("Encoded authorization failure message")
        .next()
        .unwrap_or_default();
    // A signature that does not match is answered with all that was signed.
    let message = message.lines().next().unwrap_or_default();
    Some(Said {
        name: text(error, "Code").map(str::to_owned),
        message: message.trim().to_owned(),
    })
}

/// Reads a good answer with `read`.
pub fn read<T>(reply: &Reply, read: impl Fn(Node<'_, '_>) -> Option<T>) -> Result<T, Trouble> {
    let text = std::str::from_utf8(&reply.body).map_err(|why| reply.garbled(why.to_string()))?;
    let document = Document::parse(text).map_err(|why| reply.garbled(why.to_string()))?;
    read(document.root_element()).ok_or_else(|| {
        let name = document.root_element().tag_name().name();
        reply.garbled(format!("{name} lacks what it must have"))
    })
}

/// Names without their name spaces, which change with the API's version.
pub trait Named {
    /// Whether the element is called so.
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// The child of a name.
pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name_of(name))
}

/// The text of the child of a name, unless it is empty.
pub fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name)?
        .text()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The `item` elements of a set.
pub fn items<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    set: &str,
) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i> {
    child(node, set)
        .into_iter()
        .flat_map(|set| set.children())
        .filter(|child| child.has_tag_name_of("item"))
}
