//! Keys of a cloud that is spoken to by a template.

use super::source;
use ::cloud::secret::SecretSource;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[[cloud]]` of kind `http`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// A template that comes with Uncordon.
    #[serde(default)]
    pub template: String,
    /// A template of our own.
    pub template_file: Option<PathBuf>,
    /// Another address than the template's.
    pub base: Option<String>,
    /// File with the token.
    pub token_file: Option<PathBuf>,
    /// Environment variable with the token.
    pub token_env: Option<String>,
    /// Further secrets, by name.
    #[serde(default)]
    pub secrets: BTreeMap<String, Named>,
}

/// Where one secret is kept.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// In a file.
    pub file: Option<PathBuf>,
    /// In an environment variable.
    pub env: Option<String>,
}

impl Http {
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let named = self
            .secrets
            .values_mut()
            .filter_map(|one| one.file.as_mut());
        let own = [&mut self.template_file, &mut self.token_file];
        own.into_iter().filter_map(Option::as_mut).chain(named)
    }

    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        if self.template.is_empty() == self.template_file.is_none() {
            let expected = "expected exactly one of template and template_file";
            return Err(("template", expected.to_owned()));
        }
        if !self.template.is_empty() && ::cloud::http::shipped(&self.template).is_none() {
            let expected = format!(
                "no template is called {:?}; expected hetzner or digitalocean, or template_file",
                self.template
            );
            return Err(("template", expected));
        }
        if self.token_file.is_some() && self.token_env.is_some() {
            let expected = "expected at most one of token_file and token_env";
            return Err(("token_file", expected.to_owned()));
        }
        let odd = self
            .secrets
            .iter()
            .find(|(_, one)| one.file.is_some() == one.env.is_some());
        match odd {
            Some((name, _)) => Err((
                "secrets",
                format!("expected exactly one of file and env in {name}"),
            )),
            None => Ok(()),
        }
    }

    /// The secrets, by name.
    pub fn sources(&self) -> BTreeMap<String, SecretSource> {
        let token = source(self.token_file.as_ref(), self.token_env.as_ref());
        let named = self.secrets.iter();
        let named = named.filter_map(|(name, one)| {
            Some((name.clone(), source(one.file.as_ref(), one.env.as_ref())?))
        });
        named
            .chain(token.map(|token| ("token".to_owned(), token)))
            .collect()
    }
}
