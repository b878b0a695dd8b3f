//! Who sees what, and who may do what.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::world::{Api, World};

#[tokio::test(flavor = "multi_thread")]
async fn roles_see_what_is_theirs() {
    let world = World::new().await;
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, 1)).await.ok().text("id");
    let path = format!("/v1/orders/{order}");
    assert_eq!(world.buyer().get(&path).await.status, StatusCode::OK);
    assert_eq!(world.operator().get(&path).await.status, StatusCode::OK);
    // A stranger learns nothing, not even that it is there.
    let designer = world.by("designer");
    for path in [path.clone(), format!("/v1/models/{model}")] {
        let reply = designer.get(&path).await;
        assert_eq!((reply.status, reply.text("code")), (StatusCode::NOT_FOUND, "E9313".into()));
    }
    let units = world.buyer().get(&format!("{path}/parts")).await.ok();
    let unit = units.body[0]["id"].as_str().unwrap().to_owned();
    let centre = world.night.centres.centres[0].id.clone();
    for api in [designer, world.centre(&centre)] {
        let reply = api.get(&format!("/v1/parts/{unit}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_do_what_is_theirs() {
    let world = World::new().await;
    let centre = world.night.centres.centres[0].id.clone();
    let plan = json!({ "iterations": 1 });
    for api in [world.buyer(), world.by("designer"), world.centre(&centre)] {
        let reply = api.post("/v1/plans", &plan).await;
        assert_eq!((reply.status, reply.text("code")), (StatusCode::FORBIDDEN, "E9312".into()));
        let drafts = json!({ "catalogue": world.night.catalogue, "centres": world.night.centres });
        assert_eq!(api.put("/v1/catalogue", &drafts).await.status, StatusCode::FORBIDDEN);
    }
    let inbox = world.buyer().get("/v1/centre/dispatches").await;
    assert_eq!(inbox.status, StatusCode::FORBIDDEN);
    let order = world.order("00000000-0000-7000-8000-000000000000", 1);
    let ordered = world.centre(&centre).post("/v1/orders", &order).await;
    assert_eq!(ordered.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_known_key_nothing_is_told() {
    let world = World::new().await;
    for key in ["nobody", ""] {
        let api = world.by(key);
        let paths = ["/v1/orders", "/v1/models", "/v1/plans", "/v1/catalogue/machines"];
        for path in paths {
            let reply = api.get(path).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(reply.text("code"), "E9311");
        }
        for path in ["/healthz", "/readyz", "/openapi.json", "/docs"] {
            assert_eq!(api.get(path).await.status, StatusCode::OK, "{path}");
        }
    }
    let basic = world.by("nobody").request(Method::GET, "/v1/orders").basic_auth("a", Some("b"));
    assert_eq!(Api::send(basic).await.status, StatusCode::UNAUTHORIZED);
}
