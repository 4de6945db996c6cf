//! What an AWS account must be told.

use super::UserStop;
use crate::pace::Budget;
use crate::secret::SecretSource;
use std::path::PathBuf;

/// One account in one region.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// Region, such as `eu-central-1`.
    pub region: String,
    /// Where EC2 is called; AWS's own address of the region when `None`.
    pub endpoint: Option<String>,
    /// Where STS is called; AWS's own address of the region when `None`.
    pub sts_endpoint: Option<String>,
    /// Where the keys come from.
    pub keys: KeySource,
    /// Only machines of this VPC are found by address.
    pub vpc: Option<String>,
    /// A tag that names the physical host, for machines that are on no dedicated host.
    pub host_tag: Option<String>,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// What a stop by a user, or by the machine's own operating system, means.
    pub user_stop: UserStop,
    /// How often the account may be called.
    pub budget: Budget,
}

/// Where the keys come from. All are read when they are needed, so that they can be exchanged without a restart.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// As AWS's own tools look for them: environment, web identity of the environment, profile, instance.
    Auto,
    /// A pair, and a session token where they are temporary.
    Pair {
        /// Access key id.
        id: SecretSource,
        /// Secret access key.
        secret: SecretSource,
        /// Session token.
        session: Option<SecretSource>,
    },
    /// A file with profiles.
    Profile {
        /// The file; `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials` when `None`.
        file: Option<PathBuf>,
        /// Profile; `AWS_PROFILE` or `default` when `None`.
        name: Option<String>,
    },
    /// The role of the instance we run on, by IMDSv2.
    Instance {
        /// Address of the metadata service; AWS's own when `None`.
        endpoint: Option<String>,
    },
    /// A role taken on with a token that Kubernetes wrote into a file.
    WebIdentity {
        /// ARN of the role.
        role: String,
        /// The file.
        token: PathBuf,
    },
}
