//! Where the next page of a list begins.

use crate::store::Key;

/// Where the next page begins; on the wire it is opaque.
pub struct Page {
    /// The version of the first page.
    pub version: u64,
    /// The last object of the page before.
    pub key: Key,
}

impl Page {
    /// As it travels.
    pub fn write(&self) -> String {
        format!("{}/{}/{}", self.version, self.key.namespace, self.key.name)
            .bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Reads what `write` wrote.
    pub fn read(token: &str) -> Option<Page> {
        let digits = token
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
        let plain = String::from_utf8(digits.collect::<Option<Vec<u8>>>()?).ok()?;
        let mut parts = plain.splitn(3, '/');
        let version = parts.next()?.parse().ok()?;
        Some(Page {
            version,
            key: Key::new(parts.next()?, parts.next()?),
        })
    }
}

#[cfg(test)]
mod tests;
