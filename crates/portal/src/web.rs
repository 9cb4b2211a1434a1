//! stub
pub fn router(_: crate::Portal) -> axum::Router {
    axum::Router::new()
}
