//! Where files lie: a folder, or a bucket of something that speaks S3.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};

/// Files that people hand in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    /// The folder they lie in, unless `s3` is set. Instances that share a database must share it.
    pub folder: PathBuf,
    /// Where an upload lies while it is checked; needs room for as many as come at once.
    pub spool: PathBuf,
    /// The largest file, in bytes.
    pub limit: u64,
    /// Seconds that an upload may take.
    pub upload_seconds: u64,
    /// A bucket instead of the folder.
    #[serde(default)]
    pub s3: Option<S3Config>,
}

/// A bucket.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// Its name.
    pub bucket: String,
    /// Where it is reached; Amazon's own address unless given.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Its region.
    #[serde(default = "first_region")]
    pub region: String,
    /// Who we are; without it the machine's own role is used.
    #[serde(default)]
    pub access_key_id: Option<String>,
    /// The secret that goes with it.
    #[serde(default)]
    pub secret_access_key: Option<String>,
    /// Whether an endpoint without TLS is accepted, for one on the same machine.
    #[serde(default)]
    pub allow_http: bool,
}

/// Without the secret; `Serialize` has it, for `cli::effective`, which hides it.
impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Config")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

fn first_region() -> String {
    "us-east-1".to_owned()
}
