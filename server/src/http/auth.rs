//! Who asks: API keys with a role, for an organisation.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::service::Service;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Orders for its organisation.
    Buyer,
    /// Makes and revises models for orders that ask for it.
    Designer,
    /// Runs the platform: all organisations, plans, catalogue.
    Operator,
    /// A print centre: what is dispatched to it.
    Centre,
}

impl Role {
    /// All roles.
    pub(crate) const ALL: [Self; 4] = [Self::Buyer, Self::Designer, Self::Operator, Self::Centre];

    /// Its name in records and on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Designer => "designer",
            Self::Operator => "operator",
            Self::Centre => "centre",
        }
    }

    /// The role of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    /// Id of the key.
    pub(crate) key: String,
    pub(crate) role: Role,
    /// Id of its organisation.
    pub(crate) organisation: String,
    /// The centre that a key of role `centre` speaks for.
    pub(crate) centre: Option<String>,
}

impl Principal {
    /// Refuses all but some roles; operators may do everything.
    ///
    /// # Errors
    /// It has another role.
    pub(crate) fn only(&self, roles: &[Role]) -> Result<(), Refusal> {
        if self.role == Role::Operator || roles.contains(&self.role) {
            return Ok(());
        }
        let mut needs: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        needs.push(Role::Operator.name());
        Err(Refusal::Forbidden { role: self.role.name(), needs: needs.join(" or ") })
    }

    /// The organisation whose things it sees; `None` if it sees those of all.
    pub(crate) fn tenant(&self) -> Option<&str> {
        (self.role != Role::Operator).then_some(&self.organisation)
    }

    /// The centre whose things it sees; `None` if it sees those of all.
    ///
    /// # Errors
    /// It speaks for no centre.
    pub(crate) fn own_centre(&self) -> Result<Option<&str>, Refusal> {
        self.only(&[Role::Centre])?;
        Ok(if self.role == Role::Operator {
            None
        } else {
            Some(self.centre.as_deref().unwrap_or(""))
        })
    }
}

/// What is kept of a key: not the key.
pub(crate) fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// The known keys, by hash. Read at each request, so they are kept in memory.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<RwLock<HashMap<[u8; 32], Arc<Principal>>>>);

impl Keys {
    /// Adds a key.
    pub(crate) fn add(&self, hash: [u8; 32], principal: Principal) {
        let mut keys = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.insert(hash, Arc::new(principal));
    }

    fn find(&self, key: &str) -> Option<Arc<Principal>> {
        let keys = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.get(&hash(key)).cloned()
    }
}

/// Who asks, as an argument of a handler.
pub(crate) struct Who(pub(crate) Arc<Principal>);

impl FromRequestParts<Service> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let key = value.and_then(|text| {
            let (scheme, key) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
        });
        key.and_then(|key| service.keys.find(key)).map(Self).ok_or(Refusal::Unauthenticated)
    }
}
