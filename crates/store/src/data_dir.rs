//! The directory in which a node on SQLite keeps its data, used by one process at a time.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// A data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

/// Held by the process that serves from the directory; the operating system frees it when the process
/// ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataDir {
    /// The directory at `path`, made when it is absent.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(|reason| Error::File { path: path.clone(), reason })?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database file inside it.
    pub fn database(&self) -> PathBuf {
        self.path.join("decurion.db")
    }

    /// Takes the directory for this process, or says that another one has it.
    pub fn lock(&self) -> Result<DataLock> {
        let path = self.path.join("decurion.lock");
        let failed = |reason| Error::File { path: path.clone(), reason };
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(DataLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: self.path.clone() }),
            Err(TryLockError::Error(reason)) => Err(failed(reason)),
        }
    }
}
