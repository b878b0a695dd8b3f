//! A service of its own for each test, with keys of all roles.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use platewright_datasets::{GeneratedNight, NightOptions, night};
use platewright_server::{DEFAULT_PRICES, Server, Settings};
use platewright_tests::config;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running service.
pub(crate) struct World {
    /// What it knows of materials, machines and centres.
    pub(crate) night: GeneratedNight,
    address: SocketAddr,
    keys: Vec<(String, String)>,
    client: Client,
    data: Arc<TempDir>,
    /// Ends the service when it is dropped.
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// Settings of a service in a folder.
pub(crate) fn settings(data: &Path) -> Settings {
    Settings {
        data: data.to_owned(),
        config: config(),
        prices: toml::from_str(DEFAULT_PRICES).expect("the committed prices are well-formed"),
        threads: 2,
    }
}

impl World {
    /// A service with a small catalogue and no orders.
    pub(crate) async fn new() -> Self {
        let data = Arc::new(TempDir::new().expect("a folder can be made"));
        let night = night(&NightOptions::units(40, 1)).expect("a small night can be made");
        let world = Self::open(data.path(), night, Arc::clone(&data)).await;
        let drafts = json!({ "catalogue": world.night.catalogue, "centres": world.night.centres });
        let put = world.operator().put("/v1/catalogue", &drafts).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        // Centres have keys only once they are known.
        world.again().await
    }

    /// The same service, ended and opened once more.
    pub(crate) async fn again(self) -> Self {
        let Self { night, data, stop, running, .. } = self;
        drop(stop);
        running.await.expect("it does not panic");
        Self::open(data.path(), night, Arc::clone(&data)).await
    }

    /// The service of another data folder.
    pub(crate) async fn of(&self, data: &Path) -> Self {
        Self::open(data, self.night.clone(), Arc::clone(&self.data)).await
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    async fn open(path: &Path, night: GeneratedNight, data: Arc<TempDir>) -> Self {
        let server = Server::open(settings(path)).await.expect("the service opens");
        let keys = server.demo_keys("test").await.expect("keys can be made");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            server.serve_on(listener, stopped).await.expect("the service runs");
        });
        Self { night, address, keys, client: Client::new(), data, stop, running }
    }

    /// Whoever has the key of a name.
    pub(crate) fn by(&self, name: &str) -> Api<'_> {
        let key = self.keys.iter().find(|(known, _)| known == name);
        Api { world: self, key: key.map(|(_, key)| key.as_str()).unwrap_or_default() }
    }

    pub(crate) fn operator(&self) -> Api<'_> {
        self.by("operator")
    }

    pub(crate) fn buyer(&self) -> Api<'_> {
        self.by("buyer")
    }

    pub(crate) fn centre(&self, id: &str) -> Api<'_> {
        self.by(&format!("centre {id}"))
    }

    /// A model of the night that can be printed, uploaded and checked; its id.
    pub(crate) async fn model(&self) -> String {
        let (name, bytes) = cube();
        let uploaded = self
            .buyer()
            .request(Method::POST, "/v1/models")
            .query(&[("name", name), ("unit", "mm")])
            .header("prefer", "wait=30")
            .body(bytes)
            .send()
            .await
            .expect("the service answers");
        let uploaded = Reply::of(uploaded).await;
        assert_eq!(uploaded.status, StatusCode::CREATED, "{}", uploaded.body);
        let version = &uploaded.body["versions"][0];
        assert_eq!(version["check"], "pass", "{version}");
        uploaded.text("id")
    }

    /// An order of some copies of a model, due in a month.
    pub(crate) fn order(&self, model: &str, quantity: u32) -> Value {
        let process = self.night.catalogue.processes.iter().find(|p| p.nesting == "volume");
        let process = process.expect("the night has a powder process");
        let region = &self.night.centres.centres[0].freight[0].region;
        let due = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let due = due.expect("after 1970").as_secs() as i64 + 30 * 86_400;
        json!({
            "reference": "PO-7",
            "region": region,
            "due_at": platewright_model::time::Time(due).to_string(),
            "lines": [{
                "model": model,
                "quantity": quantity,
                "material": process.materials[0],
                "process": process.id,
                "requirements": { "tolerances": "ISO 2768-m", "repair_allowed": false }
            }]
        })
    }
}

/// A cube of 20 mm as binary STL.
pub(crate) fn cube() -> (&'static str, Vec<u8>) {
    let corner = |k: usize| [(k & 1) as f32, ((k >> 1) & 1) as f32, ((k >> 2) & 1) as f32];
    let faces = [
        [0, 2, 1],
        [1, 2, 3],
        [4, 5, 6],
        [5, 7, 6],
        [0, 1, 4],
        [1, 5, 4],
        [2, 6, 3],
        [3, 6, 7],
        [0, 4, 2],
        [2, 4, 6],
        [1, 3, 5],
        [3, 7, 5],
    ];
    let mut bytes = vec![0; 80];
    bytes.extend((faces.len() as u32).to_le_bytes());
    for face in faces {
        bytes.extend([0; 12]);
        for k in face {
            bytes.extend(corner(k).into_iter().flat_map(|x| (20.0 * x).to_le_bytes()));
        }
        bytes.extend([0; 2]);
    }
    ("cube.stl", bytes)
}

/// The service, as one of its users sees it.
pub(crate) struct Api<'a> {
    world: &'a World,
    key: &'a str,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) etag: String,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let status = response.status();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok());
        let etag = etag.unwrap_or_default().to_owned();
        let text = response.text().await.expect("the answer can be read");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, etag, body }
    }

    /// A text of the body.
    pub(crate) fn text(&self, name: &str) -> String {
        let text = self.body[name].as_str();
        text.unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }

    /// The same, if it went well.
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        self
    }
}

impl Api<'_> {
    /// A request with its key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.world.address);
        self.world.client.request(method, url).bearer_auth(self.key)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Self::send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        Self::send(self.request(Method::PUT, path).json(body)).await
    }

    /// Asks a job to stop.
    pub(crate) async fn cancel(&self, path: &str) -> Reply {
        Self::send(self.request(Method::DELETE, path)).await.ok()
    }

    /// A job when it has ended.
    pub(crate) async fn wait(&self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).header("prefer", "wait=60");
        Self::send(request).await.ok()
    }

    /// A POST with a new idempotency key.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        Self::send(self.once(path).json(body)).await
    }

    /// A POST without a body, with a new idempotency key.
    pub(crate) async fn act(&self, path: &str) -> Reply {
        Self::send(self.once(path)).await
    }

    /// A POST with a new idempotency key.
    pub(crate) fn once(&self, path: &str) -> RequestBuilder {
        use std::sync::atomic::{AtomicU64, Ordering};
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let key = format!("test-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.request(Method::POST, path).header("idempotency-key", key)
    }

    /// Sends a request.
    pub(crate) async fn send(request: RequestBuilder) -> Reply {
        Reply::of(request.send().await.expect("the service answers")).await
    }
}
