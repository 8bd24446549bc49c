//! Two macros that keep the contracts readable as tables.

/// Declares a typed client: one line per operation, read as *verb name(path arguments)
/// query Q body B -> answer = path*. Every method first takes on whose behalf it is made.
macro_rules! client {
    ($(#[$meta:meta])* $client:ident for $service:literal {
        $( $(#[$doc:meta])* $verb:ident $name:ident($($arg:ident: $ty:ty),*) $(query $query:ident)? $(body $body:ty)? => $out:ty, $path:literal; )*
    }) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $client(pub $crate::client::Caller);

        impl $client {
            /// The same client with a header on every call, e.g. a cart token or an idempotency key.
            #[must_use]
            pub fn with_header(&self, name: &'static str, value: impl Into<String>) -> Self {
                Self(self.0.with_header(name, value))
            }

            $(
                $(#[$doc])*
                pub async fn $name(&self, who: &kernel::Identity $(, $arg: $ty)* $(, query: &$query)? $(, body: &$body)?) -> kernel::Result<$out> {
                    $(let $arg = $crate::client::segment(&$arg);)*
                    let call = $crate::client::Call::new($crate::client::Method::$verb, format!($path), who.clone());
                    $(let call = call.with_query::<$query>(query)?;)?
                    $(let call = call.with_body::<$body>(body)?;)?
                    self.0.send(call).await
                }
            )*
        }

        impl $crate::client::ServiceClient for $client {
            const SERVICE: &'static str = $service;
        }

        impl From<$crate::client::Caller> for $client {
            fn from(caller: $crate::client::Caller) -> Self {
                Self(caller)
            }
        }
    };
}

/// Declares the events of one kind of aggregate: `event! { "order", order_id: OrderPlaced = "order.placed"; … }`.
macro_rules! events {
    ($aggregate:literal by $id:ident { $( $event:ident = $name:literal; )* }) => {
        $(
            impl $crate::event::Event for $event {
                const TYPE: &'static str = $name;
                const AGGREGATE: &'static str = $aggregate;
                fn aggregate_id(&self) -> String {
                    self.$id.to_string()
                }
            }
        )*
    };
}
