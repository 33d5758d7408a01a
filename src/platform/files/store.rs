//! The object store: a folder, or anything that speaks S3. An outage of it is 503 and concerns nothing but files.

use std::{
    fmt::Display,
    fs::{DirBuilder, File, OpenOptions, Permissions, remove_file},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path as FilePath, PathBuf},
    sync::Arc,
    time::Duration,
};

use actix_web::web::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path,
};

use super::kinds::read_at;
use crate::platform::{
    clock::Timestamp,
    config::{FilesConfig, S3Config},
    error::{AppError, Cause, ErrorCode},
};

/// S3 takes no smaller parts but for the last one.
const PART: usize = 5 << 20;
/// How long one step with the store may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// When a caller may try again while the store is away.
const AWAY: i64 = 30;

/// Where files are.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where they are when they are on our own disk.
    folder: Option<PathBuf>,
    spool: PathBuf,
    /// The largest file, in bytes.
    pub limit: u64,
    /// How long an upload may take.
    pub patience: Duration,
}

/// An object as the store lists it.
#[derive(Clone, Debug)]
pub struct StoredObject {
    /// Its key.
    pub key: String,
    /// When it was written, by the store's clock.
    pub written_at: Timestamp,
}

impl Files {
    /// Opens the store that the configuration names.
    ///
    /// # Errors
    /// When a folder cannot be made, or the settings of S3 are incomplete. Whether S3 answers is not asked.
    pub fn open(config: &FilesConfig) -> Result<Self, AppError> {
        let store: Arc<dyn ObjectStore> = match &config.s3 {
            Some(s3) => Arc::new(open_s3(s3)?),
            None => {
                make_folder(&config.folder)?;
                let store = LocalFileSystem::new_with_prefix(&config.folder).map_err(AppError::internal)?;
                Arc::new(store.with_fsync(true))
            }
        };
        make_folder(&config.spool)?;
        Ok(Self {
            store,
            folder: config.s3.is_none().then(|| config.folder.clone()),
            spool: config.spool.clone(),
            limit: config.limit,
            patience: Duration::from_secs(config.upload_seconds),
        })
    }

    /// A file on disk without a name, gone when it is closed, whatever happens to this process.
    ///
    /// # Errors
    /// `StorageUnavailable` when the disk takes nothing.
    pub fn spool(&self) -> Result<File, AppError> {
        let path = self.spool.join(uuid::Uuid::now_v7().to_string());
        let file =
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path).map_err(unavailable)?;
        remove_file(&path).map_err(unavailable)?;
        Ok(file)
    }

    /// Stores a spooled file under a key of ours: wholly or not at all.
    ///
    /// # Errors
    /// `StorageUnavailable`.
    pub async fn put(&self, key: &str, file: Arc<File>, size: u64) -> Result<(), AppError> {
        let path = Path::from(key);
        let part = u64::try_from(PART).unwrap_or(u64::MAX);
        let first = read_part(Arc::clone(&file), 0, size).await?;
        if size <= part {
            in_time(self.store.put(&path, first.into())).await?;
            return self.keep_private(&path).await;
        }
        let mut upload = in_time(self.store.put_multipart(&path)).await?;
        let sent = async {
            in_time(upload.put_part(first.into())).await?;
            let mut offset = part;
            while offset < size {
                in_time(upload.put_part(read_part(Arc::clone(&file), offset, size).await?.into())).await?;
                offset += part;
            }
            in_time(upload.complete()).await
        };
        if let Err(error) = sent.await {
            // Best effort: what is left behind of an unfinished upload is nothing that anyone can see.
            let _ = in_time(upload.abort()).await;
            return Err(error);
        }
        self.keep_private(&path).await
    }

    /// The folder is closed to others; should somebody open it, its files are still ours alone.
    async fn keep_private(&self, path: &Path) -> Result<(), AppError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let file = folder.join(path.as_ref());
        tokio::fs::set_permissions(file, Permissions::from_mode(0o600)).await.map_err(unavailable)
    }

    /// The bytes of an object, as they come.
    ///
    /// # Errors
    /// `StorageUnavailable`, also when the object is not there: a row never points to nothing, so the store is wrong.
    pub async fn get(&self, key: &str) -> Result<BoxStream<'static, Result<Bytes, std::io::Error>>, AppError> {
        let found = in_time(self.store.get(&Path::from(key))).await?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// Removes an object; one that is not there is removed already.
    ///
    /// # Errors
    /// `StorageUnavailable`.
    pub async fn delete(&self, key: &str) -> Result<(), AppError> {
        match tokio::time::timeout(PATIENCE, self.store.delete(&Path::from(key))).await {
            Ok(Ok(()) | Err(Error::NotFound { .. })) => Ok(()),
            Ok(Err(error)) => Err(unavailable(error)),
            Err(late) => Err(unavailable(late)),
        }
    }

    /// All objects below a prefix, `count` at a time.
    pub fn list(&self, prefix: &str, count: usize) -> BoxStream<'static, Result<Vec<StoredObject>, AppError>> {
        let objects = self.store.list(Some(&Path::from(prefix)));
        objects
            .map_ok(|object| StoredObject {
                key: object.location.to_string(),
                written_at: Timestamp::from_millis(object.last_modified.timestamp_millis()),
            })
            .map_err(unavailable)
            .try_chunks(count)
            .map_err(|broken| broken.1)
            .boxed()
    }
}

fn open_s3(config: &S3Config) -> Result<object_store::aws::AmazonS3, AppError> {
    let client = ClientOptions::new()
        .with_allow_http(config.allow_http)
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(PATIENCE);
    let retry = RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_allow_http(config.allow_http)
        .with_client_options(client)
        .with_retry(retry);
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let (Some(id), Some(secret)) = (&config.access_key_id, &config.secret_access_key) {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret);
    }
    builder.build().map_err(AppError::internal)
}

fn make_folder(path: &FilePath) -> Result<(), AppError> {
    // What officers and citizens handed in: for our own eyes.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| AppError::internal(format!("{}: {error}", path.display())))
}

async fn read_part(file: Arc<File>, offset: u64, size: u64) -> Result<Vec<u8>, AppError> {
    tokio::task::spawn_blocking(move || read_at(&file, offset, PART, size)).await.map_err(AppError::internal)?
}

async fn in_time<T>(step: impl Future<Output = Result<T, Error>>) -> Result<T, AppError> {
    match tokio::time::timeout(PATIENCE, step).await {
        Ok(done) => done.map_err(unavailable),
        Err(late) => Err(unavailable(late)),
    }
}

fn unavailable(cause: impl Display) -> AppError {
    AppError {
        cause: Cause::Internal(cause.to_string()),
        ..AppError::new(ErrorCode::StorageUnavailable).retry_after(AWAY)
    }
}
