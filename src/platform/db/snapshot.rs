//! Copies of a SQLite database: taken while it is written to, checked, and put back.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types};

use super::{DatabaseUrl, DbConnection, migrations};
use crate::platform::error::AppError;

/// A checked copy.
#[derive(Debug)]
pub struct Snapshot {
    /// Its size.
    pub bytes: u64,
    /// The latest migration in it.
    pub version: String,
}

/// What a restore did.
#[derive(Debug)]
pub struct Restored<T> {
    /// What `prepare` had to say.
    pub prepared: T,
    /// What is in place now.
    pub snapshot: Snapshot,
    /// Where the former database lies, if there was one.
    pub former: Option<PathBuf>,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = sql_types::Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = sql_types::BigInt)]
    count: i64,
}

/// Says that the file is in use for as long as the value lives, so that no restore pulls it away.
///
/// # Errors
/// When a restore is putting another file in its place.
pub(super) fn announce_use(url: &DatabaseUrl) -> Result<Option<File>, AppError> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let file = lock_file(&path.with_extension("in-use")).map_err(AppError::internal)?;
    file.try_lock_shared().map_err(|error| AppError::internal(format!("{}: {error}", path.display())))?;
    Ok(Some(file))
}

/// Writes a consistent copy of the database to a new file, which only its owner may read. Writers go on meanwhile.
///
/// # Errors
/// A sentence: on PostgreSQL, when `target` exists, or when the copy is not sound.
pub fn backup(url: &DatabaseUrl, target: &Path) -> Result<Snapshot, String> {
    let source = sqlite_path(url, "back up PostgreSQL with pg_dump; README.md, \"Operating it\", has the commands")?;
    if !source.is_file() {
        return Err(format!("{} is not there", source.display()));
    }
    if target.exists() {
        return Err(format!("{} exists; a backup never overwrites", target.display()));
    }
    let draft = Draft::create(beside(target, ".partial"))?;
    {
        let mut connection = DbConnection::open(url, false).map_err(|error| error.to_string())?;
        // One reading transaction: the copy is the database of the moment at which this begins.
        diesel::sql_query("VACUUM INTO $1")
            .bind::<sql_types::Text, _>(draft.path.to_string_lossy().into_owned())
            .execute(&mut connection)
            .map_err(|error| format!("{}: {error}", source.display()))?;
    }
    let snapshot = check(&draft.path, target)?;
    draft.keep_as(target)?;
    Ok(snapshot)
}

/// Puts a backup in the place of the database, which is kept aside. Before that `update` may bring the copy, of which it
/// gets the URL, up to date, and `prepare` may change it; it also gets the former database, to read, if there is one.
///
/// # Errors
/// A sentence: on PostgreSQL, while anyone uses the database, when the backup is not sound or comes from a newer
/// program. Then everything is as it was.
pub fn restore<T>(
    url: &DatabaseUrl,
    backup: &Path,
    stamp: &str,
    update: impl FnOnce(&DatabaseUrl) -> Result<(), String>,
    prepare: impl FnOnce(&mut DbConnection, Option<&mut DbConnection>) -> Result<T, String>,
) -> Result<Restored<T>, String> {
    let place = sqlite_path(url, "restore PostgreSQL with pg_restore; README.md, \"Operating it\", has the commands")?;
    if !backup.is_file() {
        return Err(format!("{} is not there", backup.display()));
    }
    if let Some(folder) = place.parent().filter(|folder| *folder != Path::new("")) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
    }
    let busy = |_: TryLockError| format!("{} is in use; stop the server first", place.display());
    let migrating = lock_file(&place.with_extension("lock")).map_err(at(place))?;
    migrating.try_lock().map_err(busy)?;
    let in_use = lock_file(&place.with_extension("in-use")).map_err(at(place))?;
    in_use.try_lock().map_err(busy)?;
    if place.exists() && is_held(place) {
        return Err(format!("{} is in use by another program", place.display()));
    }
    // With an extension, so that what is locked beside the draft is not what is locked beside the database.
    let draft = Draft::create(beside(place, ".restoring.sqlite3"))?;
    copy(backup, &draft.path)?;
    check(&draft.path, backup)?;
    let prepared = {
        let copy = DatabaseUrl::Sqlite(draft.path.clone());
        update(&copy).map_err(|error| format!("{}: {error}", backup.display()))?;
        let mut connection = DbConnection::open(&copy, false).map_err(|error| error.to_string())?;
        let mut former = if place.exists() { DbConnection::open(url, true).ok() } else { None };
        prepare(&mut connection, former.as_mut())?
    };
    let snapshot = check(&draft.path, backup)?;
    let former = set_aside(place, stamp)?;
    draft.keep_as(place)?;
    Ok(Restored { prepared, snapshot, former })
}

/// Sound in itself, whole in its references, and of a version that we know. What is wrong is said of `named`, the file that
/// people know.
fn check(path: &Path, named: &Path) -> Result<Snapshot, String> {
    let wrong = |what: &str| format!("{} {what}", named.display());
    let mut connection =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| wrong(&error.to_string()))?;
    let findings: Vec<Finding> = diesel::sql_query("PRAGMA integrity_check")
        .load(&mut connection)
        .map_err(|error| wrong(&format!("is no sound database: {error}")))?;
    if let Some(finding) = findings.iter().find(|finding| finding.integrity_check != "ok") {
        return Err(wrong(&format!("is no sound database: {}", finding.integrity_check)));
    }
    let dangling: Count = diesel::sql_query("SELECT count(*) AS count FROM pragma_foreign_key_check")
        .get_result(&mut connection)
        .map_err(|error| wrong(&error.to_string()))?;
    if dangling.count > 0 {
        return Err(wrong(&format!("has {} rows that refer to nothing", dangling.count)));
    }
    let (applied, unknown) = migrations::known(&mut DbConnection::Sqlite(connection))
        .map_err(|_| wrong("is no database of this program"))?;
    if let Some(version) = unknown.first() {
        return Err(wrong(&format!("comes from a newer program (migration {version})")));
    }
    let version = applied.last().cloned().ok_or_else(|| wrong("is no database of this program"))?;
    let bytes = fs::metadata(path).map_err(at(path))?.len();
    Ok(Snapshot { bytes, version })
}

/// A file in the making, removed unless it is kept.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn create(path: PathBuf) -> Result<Self, String> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(at(&path))?;
        Ok(Self { path })
    }

    /// On disk for good and under its name, unless that is taken meanwhile.
    fn keep_as(self, target: &Path) -> Result<(), String> {
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(at(&self.path))?;
        match fs::hard_link(&self.path, target) {
            Ok(()) => {}
            // Not every file system has links.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !target.exists() => {
                fs::rename(&self.path, target).map_err(at(target))?;
            }
            Err(error) => return Err(at(target)(error)),
        }
        let folder = target.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            // Most of them are not there, which is what is wanted.
            let _ = fs::remove_file(beside(&self.path, suffix));
        }
        // What migrations and those who use a database lock beside it.
        for extension in ["lock", "in-use"] {
            let _ = fs::remove_file(self.path.with_extension(extension));
        }
    }
}

/// Moves the database and its log out of the way.
fn set_aside(place: &Path, stamp: &str) -> Result<Option<PathBuf>, String> {
    if !place.exists() {
        return Ok(None);
    }
    let aside = beside(place, &format!(".before-restore-{stamp}"));
    if aside.exists() {
        return Err(format!("{} exists already", aside.display()));
    }
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (beside(place, suffix), beside(&aside, suffix));
        if from.exists() {
            fs::rename(&from, &to).map_err(at(&from))?;
        }
    }
    Ok(Some(aside))
}

/// Whether some other program has the database open; one that cannot even be read is held by nobody.
fn is_held(place: &Path) -> bool {
    let Ok(mut connection) = SqliteConnection::establish(&place.to_string_lossy()) else { return false };
    connection
        .batch_execute(
            "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT; \
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .is_err_and(|error| error.to_string().contains("locked"))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let mut source = File::open(from).map_err(at(from))?;
    let mut target = OpenOptions::new().write(true).open(to).map_err(at(to))?;
    io::copy(&mut source, &mut target).map_err(at(to))?;
    Ok(())
}

fn sqlite_path<'a>(url: &'a DatabaseUrl, otherwise: &str) -> Result<&'a Path, String> {
    match url {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(format!("this command is for SQLite; {otherwise}")),
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn at(path: &Path) -> impl Fn(io::Error) -> String + use<'_> {
    move |error| format!("{}: {error}", path.display())
}
