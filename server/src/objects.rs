//! Files by the SHA-256 of what is in them: models, pictures, packages. Written once, never
//! changed, so that a name that is known is a file that is whole.

use std::io;
use std::path::{Path, PathBuf};

use platewright_store::run::sha256_hex;

/// The folder of objects.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    dir: PathBuf,
}

impl Objects {
    /// The objects of a folder, made if it is not there.
    pub(crate) async fn open(dir: &Path) -> io::Result<Self> {
        tokio::fs::create_dir_all(dir).await?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Keeps some bytes, on the disk before this returns, and gives their name.
    pub(crate) async fn put(&self, bytes: impl AsRef<[u8]> + Send + 'static) -> io::Result<String> {
        let objects = self.clone();
        let put = tokio::task::spawn_blocking(move || {
            let name = sha256_hex(bytes.as_ref());
            let path = objects.path(&name);
            if !path.is_file() {
                std::fs::create_dir_all(path.parent().unwrap_or(&objects.dir))?;
                platewright_store::write_atomic(&path, bytes.as_ref()).map_err(io::Error::other)?;
            }
            Ok(name)
        });
        put.await.map_err(io::Error::other)?
    }

    /// The bytes of a name.
    pub(crate) async fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        tokio::fs::read(self.path(name)).await
    }

    /// Where the file of a name is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        // Names are made here, of hexadecimal digits alone; two of them name a folder.
        let (folder, rest) = name.split_at_checked(2).unwrap_or(("", name));
        self.dir.join(folder).join(rest)
    }
}
