//! Pictures and other files in a bucket of S3, or of what speaks its language (MinIO, R2, Ceph): all processes
//! of the catalogue see the same ones, and they outlive the machine.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, Request, Response, StatusCode, header};
use kernel::{Error, Result, Secret};
use runtime::{
    FileStore, HttpOut, HyperOut,
    files::{check_name, part_of},
};
use rusty_s3::{
    Bucket, Credentials, S3Action, UrlStyle,
    actions::{DeleteObject, GetObject, HeadBucket, PutObject},
};
use url::Url;

/// How long a signed address counts: as long as a request may be under way, with slow clocks in mind.
const SIGNED_FOR: Duration = Duration::from_secs(15 * 60);
/// How long an attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Attempts; every action can be repeated, for a name's content never changes.
const ATTEMPTS: u32 = 3;
/// Pause before the second attempt; doubled before each one after it.
const PAUSE: Duration = Duration::from_millis(200);
/// Largest file: a picture as it was uploaded is smaller.
const FILE_MAX: usize = 64 * 1024 * 1024;

/// Where the bucket is, and who may use it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://s3.eu-west-1.amazonaws.com`, `http://minio:9000`.
    pub url: String,
    /// Name of the bucket, which must be there.
    pub bucket: String,
    /// `eu-west-1`; whatever the server expects where there are no regions.
    pub region: String,
    /// Whether the bucket's name stands in the path and not in the host's name.
    pub path_style: bool,
    /// Begins all names.
    pub prefix: String,
    /// Who asks.
    pub access_key: String,
    /// What proves it.
    pub secret_key: Secret,
}

/// Files in a bucket.
pub struct S3Files {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    network: HyperOut,
}

impl S3Files {
    /// Uses this bucket. Whether it is there, shows later.
    ///
    /// # Errors
    /// Invalid, with the setting's name, if something cannot be right.
    pub fn new(settings: &Settings) -> Result<Self> {
        let wrong = |key: &str, why: String| Error::invalid(format!("files.{key}"), why);
        if settings.access_key.is_empty() || settings.secret_key.expose().is_empty() {
            return Err(wrong("access_key", "S3 needs `access_key` and `secret_key`.".to_owned()));
        }
        if settings.bucket.is_empty() {
            return Err(wrong("bucket", "Name the bucket.".to_owned()));
        }
        let url: Url = settings.url.parse().map_err(|e| wrong("url", format!("This is no address: {e}.")))?;
        let style = if settings.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let bucket = Bucket::new(url, style, settings.bucket.clone(), settings.region.clone())
            .map_err(|e| wrong("url", format!("The bucket has no address: {e}.")))?;
        Ok(Self {
            bucket,
            credentials: Credentials::new(&settings.access_key, settings.secret_key.expose()),
            prefix: settings.prefix.clone(),
            network: HyperOut::new()?.reading_up_to(FILE_MAX),
        })
    }

    /// Looks whether the bucket is there and may be used.
    ///
    /// # Errors
    /// Unavailable, with the server's answer, if not.
    pub async fn check(&self) -> Result<()> {
        let action = HeadBucket::new(&self.bucket, Some(&self.credentials));
        let answer = self.ask(Method::HEAD, || action.sign(SIGNED_FOR), &Bytes::new()).await?;
        if answer.status().is_success() { Ok(()) } else { Err(refused("the bucket", &answer)) }
    }

    fn key(&self, name: &str) -> Result<String> {
        check_name(name)?;
        Ok(format!("{}{name}", self.prefix))
    }

    /// The answer, at the latest that of the last attempt; signed anew for each.
    async fn ask(&self, method: Method, sign: impl Fn() -> Url, body: &Bytes) -> Result<Response<Bytes>> {
        self.ask_for(method, sign, body, None).await
    }

    /// The same, for these bytes of it.
    async fn ask_for(
        &self,
        method: Method,
        sign: impl Fn() -> Url,
        body: &Bytes,
        range: Option<&str>,
    ) -> Result<Response<Bytes>> {
        let (mut attempts, mut pause) = (1, PAUSE);
        loop {
            let mut request = Request::builder().method(&method).uri(sign().as_str());
            if let Some(range) = range {
                // Not part of the signature, which names the host alone.
                request = request.header(header::RANGE, range);
            }
            let request = request.body(body.clone());
            let answer = self.network.send(request.map_err(Error::internal)?, PATIENCE).await;
            let is_final = match &answer {
                Ok(answer) => !answer.status().is_server_error() && answer.status() != StatusCode::TOO_MANY_REQUESTS,
                Err(_) => false,
            };
            if is_final || attempts == ATTEMPTS {
                return answer;
            }
            tokio::time::sleep(pause).await;
            attempts += 1;
            pause *= 2;
        }
    }
}

/// The server's own words, which are XML, go into the log and not to whoever asked.
fn refused(what: &str, answer: &Response<Bytes>) -> Error {
    let words = String::from_utf8_lossy(answer.body()).chars().take(500).collect::<String>();
    Error::unavailable(format!("The store of files refused {what}.")).caused_by(format!("{} {words}", answer.status()))
}

impl FileStore for S3Files {
    fn put<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let key = self.key(name)?;
            let action = PutObject::new(&self.bucket, Some(&self.credentials), &key);
            let answer = self.ask(Method::PUT, || action.sign(SIGNED_FOR), &content).await?;
            if answer.status().is_success() { Ok(()) } else { Err(refused("a file", &answer)) }
        })
    }

    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            let key = self.key(name)?;
            let action = GetObject::new(&self.bucket, Some(&self.credentials), &key);
            let answer = self.ask(Method::GET, || action.sign(SIGNED_FOR), &Bytes::new()).await?;
            match answer.status() {
                StatusCode::OK => Ok(Some(answer.into_body())),
                // A bucket that is not there is no file that is not there.
                StatusCode::NOT_FOUND if !mentions(&answer, b"NoSuchBucket") => Ok(None),
                _ => Err(refused("to give a file", &answer)),
            }
        })
    }

    fn get_part<'a>(&'a self, name: &'a str, skip: u64, length: u64) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            let key = self.key(name)?;
            let action = GetObject::new(&self.bucket, Some(&self.credentials), &key);
            // There is no way to ask for no bytes: then one is, and not handed on. Some servers count with a sign.
            let last = skip.saturating_add(length.max(1)).min(u64::MAX >> 1) - 1;
            let range = format!("bytes={skip}-{last}");
            let answer = self.ask_for(Method::GET, || action.sign(SIGNED_FOR), &Bytes::new(), Some(&range)).await?;
            match answer.status() {
                StatusCode::PARTIAL_CONTENT => Ok(Some(part_of(answer.body(), 0, length))),
                // Some stores know no parts.
                StatusCode::OK => Ok(Some(part_of(answer.body(), skip, length))),
                StatusCode::RANGE_NOT_SATISFIABLE => Ok(Some(Bytes::new())),
                StatusCode::NOT_FOUND if !mentions(&answer, b"NoSuchBucket") => Ok(None),
                _ => Err(refused("to give a part of a file", &answer)),
            }
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let key = self.key(name)?;
            let action = DeleteObject::new(&self.bucket, Some(&self.credentials), &key);
            let answer = self.ask(Method::DELETE, || action.sign(SIGNED_FOR), &Bytes::new()).await?;
            let gone = answer.status() == StatusCode::NOT_FOUND && !mentions(&answer, b"NoSuchBucket");
            if answer.status().is_success() || gone { Ok(()) } else { Err(refused("to remove a file", &answer)) }
        })
    }
}

fn mentions(answer: &Response<Bytes>, code: &[u8]) -> bool {
    answer.body().windows(code.len()).any(|part| part == code)
}
