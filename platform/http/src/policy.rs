//! Who may use a route. Every route declares one; the guard runs before the handler.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Error, Identity, VendorId, VendorRole};

use crate::answer::Failure;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody. The handler may still look at who is asking.
    Public,
    /// Whoever has logged in; the handler sees only what is theirs.
    Account,
    /// Members of the vendor in the path (`{vendor_id}`), with at least this role.
    Vendor(VendorRole),
    /// Operators of the platform.
    Admin,
    /// Our own services; never reachable through the gateway.
    Service,
}

impl Policy {
    /// Text for the documentation.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Public => "Everybody.",
            Self::Account => "Whoever has logged in.",
            Self::Vendor(VendorRole::Staff) => "Members of the vendor. For others the vendor does not exist.",
            Self::Vendor(VendorRole::Owner) => "Owners of the vendor. For others the vendor does not exist.",
            Self::Admin => "Admins.",
            Self::Service => "Services of this installation.",
        }
    }

    /// One word for programs that read the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Account => "account",
            Self::Vendor(_) => "vendor",
            Self::Admin => "admin",
            Self::Service => "service",
        }
    }

    async fn admit(self, request: Request) -> Result<Request, Error> {
        let identity = request.extensions().get::<Identity>().cloned().unwrap_or(Identity::Anonymous);
        let must_log_in = || Error::unauthenticated("Log in first.");
        match (self, identity) {
            (Self::Public, _) | (Self::Account, Identity::User(_)) | (Self::Service, Identity::Service(_)) => {
                Ok(request)
            }
            (Self::Admin, Identity::User(user)) if user.is_admin() => Ok(request),
            (Self::Admin, Identity::User(_)) => Err(Error::forbidden("Only admins may do this.")),
            (Self::Vendor(role), Identity::User(user)) => {
                let (mut parts, body) = request.into_parts();
                let missing = || Error::not_found("vendor");
                // What is not even text names nothing.
                let params = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| missing())?;
                let vendor_id = params.iter().find(|(name, _)| *name == "vendor_id").map(|(_, value)| value);
                let vendor_id: VendorId = vendor_id.ok_or_else(missing)?.parse().map_err(|_| missing())?;
                let scope = user.vendor_scope(vendor_id, role).ok_or_else(missing)?;
                parts.extensions.insert(scope);
                Ok(Request::from_parts(parts, body))
            }
            (Self::Service, _) => Err(Error::not_found("page")),
            (Self::Account | Self::Admin | Self::Vendor(_), Identity::Anonymous | Identity::Service(_)) => {
                Err(must_log_in())
            }
        }
    }
}

/// Middleware that lets through whom the policy admits.
pub(crate) async fn guard(State(policy): State<Arc<Policy>>, request: Request, next: Next) -> Response {
    match policy.admit(request).await {
        Ok(request) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}
