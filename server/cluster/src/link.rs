//! The clients in use, and how they are renewed when their credentials are no longer accepted.

use crate::connect::{Clients, ConnectError, Settings};
use kube::Client;
use std::sync::{Mutex, PoisonError, RwLock};

/// The way to one cluster.
pub struct Link {
    settings: Settings,
    clients: RwLock<Clients>,
    /// Content of the kubeconfig file the clients were made from.
    made_from: Mutex<Option<Vec<u8>>>,
}

/// What came of a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// The kubeconfig had changed: there are new clients.
    Renewed,
    /// It is the same, or cannot be used.
    Same,
}

impl Link {
    /// Builds the clients once.
    pub async fn open(settings: Settings) -> Result<Self, ConnectError> {
        let text = content(&settings);
        let clients = settings.clients().await?;
        Ok(Self {
            settings,
            clients: RwLock::new(clients),
            made_from: Mutex::new(text),
        })
    }

    /// For fresh reads and patches.
    pub fn acting(&self) -> Client {
        self.clients
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .acting
            .clone()
    }

    /// For lists and watches.
    pub fn watching(&self) -> Client {
        self.clients
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .watching
            .clone()
    }

    /// After a 401: takes over a kubeconfig file that was rewritten. Tokens from token files and exec plugins renew themselves.
    pub async fn renew(&self) -> Renewal {
        let text = content(&self.settings);
        if text.is_none()
            || text
                == *self
                    .made_from
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
        {
            return Renewal::Same;
        }
        match self.settings.clients().await {
            Ok(clients) => {
                *self.clients.write().unwrap_or_else(PoisonError::into_inner) = clients;
                *self
                    .made_from
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = text;
                Renewal::Renewed
            }
            Err(error) => {
                tracing::warn!(cluster = %self.settings.name, %error, "The rewritten kubeconfig cannot be used; keeping the old one");
                Renewal::Same
            }
        }
    }
}

fn content(settings: &Settings) -> Option<Vec<u8>> {
    settings.kubeconfig_text.is_none().then_some(())?;
    std::fs::read(settings.kubeconfig.as_ref()?).ok()
}
