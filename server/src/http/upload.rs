//! Files in the body of a request.

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::error::Refusal;
use crate::service::Service;

/// Most bytes of a file in one request.
pub(crate) const FILE_BYTES: u64 = 64 << 20;

/// A file that was received and is kept as an object.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) sha256: String,
    pub(crate) bytes: i64,
}

/// Receives the file of a request, and keeps it.
///
/// # Errors
/// It is empty or too large, or its `Content-Digest` (RFC 9530) is another one.
pub(crate) async fn receive(service: &Service, request: Request) -> Result<Content, Refusal> {
    let limit = FILE_BYTES.min(service.settings.config.limits.file_bytes);
    let digest = digest(request.headers())?;
    let mut stream = Body::into_data_stream(request.into_body());
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|error| Refusal::Malformed {
            place: "body".to_owned(),
            reason: error.to_string(),
        })?;
        if (bytes.len() + part.len()) as u64 > limit {
            let remedy = "simplify the mesh, or send it as 3MF, which is compressed".to_owned();
            return Err(Refusal::TooLarge { limit, remedy });
        }
        bytes.extend_from_slice(&part);
    }
    if bytes.is_empty() {
        return Err(Refusal::fault("E9331", "body", "must be a file, is empty"));
    }
    if digest.is_some_and(|digest| digest != <[u8; 32]>::from(Sha256::digest(&bytes))) {
        return Err(Refusal::Digest);
    }
    let count = bytes.len() as i64;
    let sha256 = service.objects.put(bytes).await.map_err(Refusal::objects)?;
    Ok(Content { sha256, bytes: count })
}

/// The SHA-256 that a request promises, if it does: `Content-Digest: sha-256=:…:`.
fn digest(headers: &axum::http::HeaderMap) -> Result<Option<[u8; 32]>, Refusal> {
    let Some(value) = headers.get("content-digest") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let coded = text.split(',').find_map(|part| part.trim().strip_prefix("sha-256=:"));
    let decoded = coded.and_then(|coded| STANDARD.decode(coded.strip_suffix(':')?).ok());
    let digest = decoded.and_then(|bytes| bytes.try_into().ok());
    digest.map(Some).ok_or_else(|| Refusal::Malformed {
        place: "Content-Digest".to_owned(),
        reason: "must be sha-256=:…: with the digest in base64".to_owned(),
    })
}
