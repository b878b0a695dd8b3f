//! The service's state: what every handler and every job works with.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use platewright_model::config::Config;
use sqlx::SqliteConnection;

use crate::catalogue::Frame;
use crate::error::{Refusal, ServerError};
use crate::http::auth::Keys;
use crate::http::once::{Answer, Once};
use crate::jobs::Bell;
use crate::layers::LastPlan;
use crate::objects::Objects;
use crate::price::PriceModel;
use crate::records::{Records, answers, keys};

/// Settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of records, objects and runs.
    pub data: PathBuf,
    /// Configuration of the planners, and limits on what is read.
    pub config: Config,
    /// Rules of prices.
    pub prices: PriceModel,
    /// Threads of a planning job.
    pub threads: usize,
}

/// The state; cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) settings: Arc<Settings>,
    pub(crate) records: Records,
    pub(crate) objects: Objects,
    pub(crate) keys: Keys,
    /// The plan that layers were asked of last.
    pub(crate) last_plan: LastPlan,
    /// Tells workers that there is work.
    pub(crate) bell: Bell,
    frame: Arc<RwLock<Arc<Frame>>>,
}

impl Service {
    /// Opens the data folder, made if it is not there.
    pub(crate) async fn open(settings: Settings) -> Result<Self, ServerError> {
        let dir = settings.data.clone();
        let fail = |source| ServerError::NoFolder { dir: dir.clone(), source };
        tokio::fs::create_dir_all(dir.join("runs")).await.map_err(fail)?;
        let objects = Objects::open(&dir.join("objects")).await.map_err(fail)?;
        let records = Records::open(&dir.join("records.sqlite")).await?;
        let load = |source| ServerError::Load { what: "the records".to_owned(), source };
        let known = Keys::default();
        for (hash, principal) in keys::all(&records.pool).await.map_err(load)? {
            known.add(hash, principal);
        }
        let frame = Frame::read(&records.pool, &settings.config).await.map_err(load)?;
        Ok(Self {
            settings: Arc::new(settings),
            records,
            objects,
            keys: known,
            last_plan: LastPlan::default(),
            bell: Bell::default(),
            frame: Arc::new(RwLock::new(Arc::new(frame))),
        })
    }

    /// The catalogue and the centres as they are now.
    pub(crate) fn frame(&self) -> Arc<Frame> {
        Arc::clone(&self.frame.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads the catalogue again, after a change.
    pub(crate) async fn refresh_frame(&self) -> Result<(), Refusal> {
        let frame = Frame::read(&self.records.pool, &self.settings.config).await?;
        let mut held = self.frame.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Of two changes at once, the later one may have been read first.
        if frame.revision >= held.revision {
            *held = Arc::new(frame);
        }
        Ok(())
    }

    /// The folder of a plan's run.
    pub(crate) fn run_dir(&self, plan: &str) -> PathBuf {
        self.data().join("runs").join(plan)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.settings.data
    }

    /// What a request gets that would be refused now: its answer, if it was done before.
    ///
    /// # Errors
    /// The refusal, if it was not; its key was used for another request.
    pub(crate) async fn again(
        &self,
        once: &Once,
        body: &[u8],
        refusal: Refusal,
    ) -> Result<Answer, Refusal> {
        let mut db = self.records.pool.acquire().await?;
        answers::find(&mut db, once, &once.digest(body)).await?.ok_or(refusal)
    }

    /// Writes for a request that is done once: sent again, it gets the answer of the first time.
    ///
    /// # Errors
    /// What `write` refuses; its key was used for another request.
    pub(crate) async fn once<F>(&self, once: Once, body: &[u8], write: F) -> Result<Answer, Refusal>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Answer, Refusal>>
            + Send
            + 'static,
    {
        let digest = once.digest(body);
        self.once_of(once, digest, write).await
    }

    /// As [`Self::once`], for a body of which only the digest is at hand.
    ///
    /// # Errors
    /// What `write` refuses; its key was used for another request.
    pub(crate) async fn once_of<F>(
        &self,
        once: Once,
        digest: [u8; 32],
        write: F,
    ) -> Result<Answer, Refusal>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Answer, Refusal>>
            + Send
            + 'static,
    {
        let writer = &self.records.writer;
        writer
            .write(move |db| {
                async move {
                    if let Some(answer) = answers::find(db, &once, &digest).await? {
                        return Ok(answer);
                    }
                    let answer = write(db).await?;
                    answers::keep(db, &once, &digest, &answer).await?;
                    Ok(answer)
                }
                .boxed()
            })
            .await
    }
}
